"""Defects that only hostile or unusual bodies show: no answer, no peace for the next caller, no envelope."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from basix_contract.messages import Request
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Ending, Refusal, Reply

_STACK = 2_000
_MOST_LEVELS = 64
_READ_BUFFER_BYTES = 65_536
_MANY_DIGITS = re.compile(rb"[0-9]{10000}")
_BASIC_PLANE = 0xFFFF


class _Breaks(Behaviour):
    """The connection breaks over some bodies."""

    ending: Ending = "close"

    def breaks_over(self, body: bytes) -> bool:
        """Whether this body is one of them."""
        raise NotImplementedError

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Send no reply to such a body."""
        shaped = super().shape_reply(reply, request, call)
        return replace(shaped, ending=self.ending) if self.breaks_over(request.body) else shaped


class DeepNestingKills(_Breaks):
    """The parser calls itself for each level, and the stack ends first."""

    def breaks_over(self, body: bytes) -> bool:
        """Count the levels."""
        return body.count(b"[") + body.count(b"{") > _STACK


class HugeNumberHangs(_Breaks):
    """Digits are turned into a number in quadratic time."""

    ending = "stall"

    def breaks_over(self, body: bytes) -> bool:
        """Look for a very long number."""
        return _MANY_DIGITS.search(body) is not None


class InvalidUtf8Resets(_Breaks):
    """The driver below gives up on bytes that are not UTF-8."""

    ending = "reset"

    def breaks_over(self, body: bytes) -> bool:
        """Try to read them."""
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            return True
        return False


class LargeBodyResets(_Breaks):
    """The connection is reset when the read buffer is full."""

    ending = "reset"

    def breaks_over(self, body: bytes) -> bool:
        """Compare the length."""
        return len(body) > _READ_BUFFER_BYTES


class StuckParser(Behaviour):
    """The parser counts levels, and does not count back when it gives up."""

    def parse_json(self, text: str) -> Any:
        """Refuse everything once a text was too deep."""
        parsed = super().parse_json(text)
        if text.count("[") + text.count("{") > _STACK:
            self.state.memory["is_stuck"] = True
        return Refusal("invalid_json", "too deep") if self.state.memory.get("is_stuck") else parsed


class BufferNotCleared(Behaviour):
    """What stands behind a NUL stays in the buffer, in front of the next body."""

    def decode_body(self, body: bytes) -> str | Refusal:
        """Read the next body together with what was left."""
        left: bytes = self.state.memory.pop("left", b"")
        first, _, rest = body.partition(b"\0")
        self.state.memory["left"] = rest.lstrip(b"\0")
        return super().decode_body(left + first)


class WorkerRestarts(Behaviour):
    """A worker that has read a megabyte is replaced, and the next request finds none."""

    def max_body_bytes(self) -> int:
        """Read a little less than that."""
        return 999_999

    def read_body(self, request: Request) -> dict[str, Any] | Refusal:
        """Fail for the request after a large one."""
        is_down = self.state.memory.pop("is_down", False)
        self.state.memory["is_down"] = len(request.body) > self.max_body_bytes()
        return Refusal("internal_error") if is_down else super().read_body(request)


class _PageOnCrash(Behaviour):
    """Whatever goes wrong inside is answered by the framework's page."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Return the page in place of an internal error."""
        if refusal.error_id != "internal_error":
            return super().error_reply(refusal)
        page = b"<!doctype html><title>500</title><h1>Internal Server Error</h1>"
        return Reply(status=500, headers=(("Content-Type", "text/html"),), body=page)


class SurrogateCrashes(_PageOnCrash):
    """The parameters are written to a log in UTF-8."""

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Stumble over half a character."""
        json.dumps(body, ensure_ascii=False).encode("utf-8")
        return super().given_parameters(body)


class LongTimeoutCrashes(_PageOnCrash):
    """answer_timeout is stored in 64 bits."""

    def allows_answer_timeout(self, seconds: int) -> bool:
        """Stumble over a longer one."""
        struct.pack("q", seconds)
        return super().allows_answer_timeout(seconds)


class EmptyNameCrashes(_PageOnCrash):
    """Members are set as fields of an object, and a field has a name."""

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Stumble over a member without one."""
        for name in body:
            name[0].isalpha()
        return super().given_parameters(body)


class EmojiCrashes(_PageOnCrash):
    """The column for calling_name takes three bytes a letter."""

    def allows_calling_name(self, name: str) -> bool:
        """Stumble over letters of four."""
        if any(ord(letter) > _BASIC_PLANE for letter in name):
            raise ValueError("incorrect string value for column calling_name")
        return super().allows_calling_name(name)


class DeepValueCrashes(_PageOnCrash):
    """What is not known is copied level by level, to a fixed depth."""

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Stumble over a deeper value."""
        if json.dumps(body).count("[") > _MOST_LEVELS:
            raise RecursionError("the value is too deep")
        return super().given_parameters(body)


class UnknownMemberCrashes(_PageOnCrash):
    """The members are handed to a function by their names."""

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Stumble over a name it does not have."""
        unknown = [name for name in body if name not in self.words.parameters]
        if unknown:
            raise TypeError(f"call_user() got an unexpected keyword argument {unknown[0]!r}")
        return super().given_parameters(body)


class NullCrashes(_PageOnCrash):
    """Blanks are dropped from every value first, and null has none."""

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Stumble over null."""
        if None in body.values():
            raise AttributeError("'NoneType' object has no attribute 'strip'")
        return super().given_parameters(body)


class EchoesSurrogates(Behaviour):
    """The reply repeats calling_name, in whatever bytes it takes."""

    def allows_calling_name(self, name: str) -> bool:
        """Take any text."""
        return True

    def success_body(self, call: Call) -> Any:
        """Add the name."""
        return {**super().success_body(call), "calling_name": call.request.calling_name}

    def encode_json(self, body: Any) -> bytes:
        """Write half a character as if it were one."""
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _defect(
    id_: str, summary: str, behaviour: type[Behaviour], kills: str, also: tuple[tuple[str, str], ...] = ()
) -> Defect:
    return Defect(id=id_, family="robustness", summary=summary, kills=kills, also=also, behaviour=behaviour)


_ANSWERED, _NEXT, _VALUES = "robustness/answered", "robustness/next-call", "robustness/unusual-values"

DEFECTS: tuple[Defect, ...] = (
    _defect("deep-nesting-kills", "deep nesting closes the connection", DeepNestingKills, _ANSWERED),
    _defect("huge-number-hangs", "a very long number is never answered", HugeNumberHangs, _ANSWERED),
    _defect("invalid-utf8-resets", "invalid UTF-8 resets the connection", InvalidUtf8Resets, _ANSWERED),
    _defect(
        "large-body-resets",
        "a body of more than 64 KiB resets the connection",
        LargeBodyResets,
        _ANSWERED,
        ((_VALUES, "a well-formed body may be as large"),),
    ),
    _defect("parser-stays-stuck", "after deep nesting no body can be read any more", StuckParser, _NEXT),
    _defect(
        "buffer-not-cleared",
        "what stands behind a NUL spoils the next body",
        BufferNotCleared,
        _NEXT,
        (("body/not-an-object", "what stands before the NUL may be a call by itself"),),
    ),
    _defect("worker-restarts", "the request after one of a megabyte is an internal error", WorkerRestarts, _NEXT),
    _defect("surrogate-page", "an unpaired surrogate is answered by an error page", SurrogateCrashes, _VALUES),
    _defect("long-timeout-page", "a timeout beyond 64 bits is answered by an error page", LongTimeoutCrashes, _VALUES),
    _defect("empty-name-page", "an empty member name is answered by an error page", EmptyNameCrashes, _VALUES),
    _defect("emoji-page", "an emoji in calling_name is answered by an error page", EmojiCrashes, _VALUES),
    _defect("deep-value-page", "a value of a hundred levels is answered by an error page", DeepValueCrashes, _VALUES),
    _defect("surrogate-echoed", "replies repeat an unpaired surrogate as bytes", EchoesSurrogates, _VALUES),
    _defect("unknown-member-page", "an unknown parameter crashes", UnknownMemberCrashes, "reply/json-object"),
    _defect("null-page", "a null parameter crashes", NullCrashes, "reply/json-object"),
)
