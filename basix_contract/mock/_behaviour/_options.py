"""The parameters that say how a call is placed: answer_timeout, auto_answer, calling_name, callback_url."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from basix_contract.mock._behaviour._selectors import SelectorRules, is_digits
from basix_contract.mock._exchange import Refusal

# RFC 3986, as far as an http(s) URL needs it: printable ASCII, a host, perhaps a port.
_URL = re.compile(
    r"https?://(?P<userinfo>[^/?#@\[\]]*@)?(?P<host>[0-9a-z._~%!$&'()*+,;=-]+|\[[0-9a-z._~%:-]+\])"
    r"(:(?P<port>[0-9]{0,5}))?(?P<rest>[/?#].*)?",
    re.IGNORECASE,
)
_VISIBLE = re.compile(r"[!-~]+")
_PRINTABLE = re.compile(r"[ -~]*")
# Control characters, line ends, and halves of characters: nothing a display could show.
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BOOL_SPELLINGS: dict[Any, bool] = {"true": True, "false": False, 1: True, 0: False}
_MAX_PORT = 65_535


class OptionRules(SelectorRules):
    """Decisions about the four options (A35–A38, A42)."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Return for how many seconds the user may be rung: a positive whole number."""
        given = parameters.get("answer_timeout")
        if given is None:
            return self.default_answer_timeout()
        if isinstance(given, str) and self.settings.numeric_strings == "accept" and is_digits(given):
            given = int(given)
        seconds = self.read_whole(given)
        if seconds is None or not self.allows_answer_timeout(seconds):
            return Refusal("invalid_parameter", "answer_timeout is a positive whole number of seconds")
        return min(seconds, 180) if self.settings.timeout_above_180 == "clamp" else seconds

    def default_answer_timeout(self) -> int:
        """Return the seconds the document gives for a request that names none."""
        return int(self.words.defaults["answer_timeout"])

    def allows_answer_timeout(self, seconds: int) -> bool:
        """Whether a user may be rung for so long."""
        return seconds > 0

    def read_auto_answer(self, parameters: Mapping[str, Any]) -> bool | Refusal:
        """Return whether the terminals are told to pick up by themselves."""
        given = parameters.get("auto_answer")
        if given is None:
            return self.default_auto_answer()
        if isinstance(given, bool):
            return given
        if self.settings.bool_strings == "accept" and type(given) in (str, int) and given in _BOOL_SPELLINGS:
            return _BOOL_SPELLINGS[given]
        return Refusal("invalid_parameter", "auto_answer is true or false")

    def default_auto_answer(self) -> bool:
        """Return what the document gives for a request that does not say."""
        return bool(self.words.defaults["auto_answer"])

    def read_calling_name(self, parameters: Mapping[str, Any]) -> str | Refusal | None:
        """Return what the ringing terminals show; None where the request does not say."""
        given = parameters.get("calling_name")
        if given is None or given == "":
            return None
        if not isinstance(given, str) or not self.allows_calling_name(given):
            return Refusal("invalid_parameter", "calling_name is an ASCII text")
        if self.settings.non_ascii_calling_name == "dropped":
            return given.encode("ascii", "ignore").decode("ascii") or None
        return given

    def allows_calling_name(self, name: str) -> bool:
        """Whether terminals can be made to show this: no control characters, and ASCII as set (A38)."""
        if self.settings.non_ascii_calling_name == "error":
            return _PRINTABLE.fullmatch(name) is not None
        return _UNSHOWABLE.search(name) is None

    def read_callback_url(self, parameters: Mapping[str, Any]) -> str | Refusal | None:
        """Return where the result is to be sent, byte for byte as given; None where it is sent nowhere."""
        given = parameters.get("callback_url")
        if given is None or given == "":
            return None
        if not self.is_callback_url(given):
            if self.settings.invalid_callback_url == "ignored":
                return None
            return Refusal("invalid_parameter", "callback_url is an http or https URL")
        return given if self.allows_callback_host(given) else self.refuse_callback_host()

    def is_callback_url(self, given: Any) -> bool:
        """Whether this is one http or https URL with a host."""
        match = _URL.fullmatch(given) if isinstance(given, str) and _VISIBLE.fullmatch(given) else None
        if match is None or int(match["port"] or 80) not in range(1, _MAX_PORT + 1):
            return False
        return match["userinfo"] is None or self.settings.callback_userinfo == "accept"

    def allows_callback_host(self, url: str) -> bool:
        """Whether the PBX would send to this host at all: a guard against SSRF may not (A42)."""
        match = _URL.fullmatch(url)
        return self.settings.private_callback_hosts == "deliver" or not (match and is_private(match["host"]))

    def refuse_callback_host(self) -> Refusal | None:
        """Return the refusal of a host behind the PBX's own walls; None where it is dropped silently."""
        if self.settings.private_callback_hosts == "silent":
            return None
        return Refusal("invalid_parameter", "callback_url leads into a private network")


def is_private(host: str) -> bool:
    """Return whether a host is this machine's or a private network's, as far as its name tells."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return host.lower().removesuffix(".") == "localhost"
