"""The outside of a request: where it goes, by which method, under which fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from basix_contract.errors import UsageError
from basix_contract.profile._rules import Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from basix_contract.messages import Request

_PORTS = {"http": 80, "https": 443}
_OPERATION = "/call_user"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_URL = re.compile(r"[!-~]+")
_ANY = re.compile(r"[ -~]*")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; ?charset=\"?(?:utf-?8|us-ascii)\"?)?", re.IGNORECASE)
_WORDS = re.compile(r"[A-Za-z0-9 ,;=.*/+_()-]*")
_CONNECTION = re.compile(r"close|keep-alive", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,9}")
_BETWEEN = re.compile(r"[/\\;?#]")
# Every field that may stand in a request, once, and what it may hold. Whatever else there is could send the request
# elsewhere, change its method, name other users or say that the body is to be read in another way.
_FIELDS: dict[str, re.Pattern[str]] = {
    "accept": _WORDS,
    "accept-charset": _WORDS,
    "accept-encoding": _WORDS,
    "accept-language": _WORDS,
    "authorization": _ANY,
    "cache-control": _WORDS,
    "connection": _CONNECTION,
    "content-length": _NUMBER,
    "content-type": _MEDIA_TYPE,
    "host": _ANY,
    "pragma": _WORDS,
    "user-agent": _WORDS,
    "x-requested-with": _WORDS,
}


class Envelope:
    """Judges everything of a request but its body, for one target."""

    def __init__(self, base_url: str) -> None:
        self.origin = origin_of(base_url)
        scheme, host, port = self.origin
        authority = f"[{host}]" if ":" in host else host
        is_default = port == _PORTS[scheme]
        self._hosts = {f"{authority}:{port}", *((authority,) if is_default else ())}
        self._path = urlsplit(base_url).path.rstrip("/") + _OPERATION
        self._fields: dict[str, Callable[[str, Request], bool]] = {
            "host": lambda value, _: value.lower() in self._hosts,
            "content-length": lambda value, request: int(value) == len(request.body),
        }

    def doubts(self, url: str, request: Request) -> Iterator[Doubt]:
        """Yield what is wrong with method, fields and URL; its query is judged as a body is."""
        if not self._is_target(url.partition("?")[0]) or "#" in url:
            yield Doubt("target")
        if request.method not in _METHODS:
            yield Doubt("method")
        names = [name.lower() for name, _ in request.headers]
        if len(set(names)) < len(names) or not all(self._is_plain(*field, request) for field in request.headers):
            yield Doubt("header")

    def doubts_about_place(self, url: str) -> Iterator[Doubt]:
        """Yield a doubt when a URL leads anywhere but below base_url."""
        base = self._path.removesuffix(_OPERATION) + "/"
        try:
            is_here = origin_of(url) == self.origin and urlsplit(url).path.startswith(base)
        except UsageError:
            is_here = False
        if not is_here:
            yield Doubt("target")

    def _is_target(self, url: str) -> bool:
        """Compare letter for letter: dots, escapes and doubled slashes are read differently by different servers."""
        if not _URL.fullmatch(url):
            return False
        try:
            return origin_of(url) == self.origin and urlsplit(url).path == self._path
        except UsageError:
            return False

    def _is_plain(self, name: str, value: str, request: Request) -> bool:
        pattern = _FIELDS.get(name.lower())
        if pattern is None or not pattern.fullmatch(value):
            return False
        judge = self._fields.get(name.lower())
        return judge is None or judge(value, request)


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a URL.

    Raises UsageError when it is no http or https URL with a host, or carries credentials; its text repeats nothing
    of the URL.
    """
    fix = "give a URL such as https://pbx.example/basix/api"
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")
    except ValueError:
        raise UsageError("the URL is not valid: look at its host and port", fix=fix) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UsageError("the URL must begin with http:// or https:// and name a host", fix=fix)
    if parts.username is not None or parts.password is not None:
        raise UsageError("the URL carries credentials", fix="give domain and token in the profile")
    return parts.scheme, parts.hostname, _PORTS[parts.scheme] if port is None else port


def places_calls(url: str) -> bool:
    """Return whether calls are placed at a URL, however it spells its path, and however careless the server is."""
    read = url
    while (plainer := unquote(read)) != read:
        read = plainer
    return _OPERATION[1:] in _BETWEEN.split(read.lower())
