"""Callbacks on their way out: those that `listen` heard and passes on, and those that `trigger` makes."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest import mock
from urllib.parse import unquote, urlsplit

from hypothesis import strategies as st

from basix_contract.errors import UsageError
from basix_contract.messages import Headers, Request
from basix_contract.profile._transport import _raw
from basix_contract.profile._transport._tls import trust
from basix_contract.suite import ListenOptions, TriggerOptions, _listen, _trigger, fire, listen, triggers
from tests.profile.drawing import one_in, pick
from tests.profile.oracle import names_somebody
from tests.profile.universe import LOCAL, REMOTE
from tests.profile.wire import Talk, no_network

_HERE, _THERE = ("127.0.0.1", "localhost", "::1"), "receiver.acme-telephony.jp"
# Every URL somebody may name, and where it leads for whoever reads it with care: in doubt nowhere.
NAMED: dict[str, tuple[str, int] | None] = {
    "http://127.0.0.1:8000": ("127.0.0.1", 8000),
    "http://127.0.0.1:8000/hook/": ("127.0.0.1", 8000),
    "http://127.0.0.1:8000/hook/{case}?a=1": ("127.0.0.1", 8000),
    "http://127.0.0.1": ("127.0.0.1", 80),
    "http://localhost:8000/hook": ("localhost", 8000),
    "http://[::1]:8000/hook": ("::1", 8000),
    LOCAL: ("127.0.0.1", 8090),
    f"{LOCAL}/call_user": ("127.0.0.1", 8090),
    "http://127.0.0.1:8090": ("127.0.0.1", 8090),
    REMOTE: ("pbx.acme-telephony.jp", 443),
    f"https://{_THERE}": (_THERE, 443),
    f"http://{_THERE}:8000/hook": (_THERE, 8000),
    "http://127.0.0.1.evil.jp:8000/": ("127.0.0.1.evil.jp", 8000),
    "http://2130706433:8000/": ("2130706433", 8000),
    "http://127.1:8000/": ("127.1", 8000),
    "http://u:p@127.0.0.1:8000/": None,
    "http://127.0.0.1:8000@evil.jp/": None,
    "http://127.0.0.1:8000\\@evil.jp/": None,
    "http://{case}.evil.jp/": None,
    "http://127.0.0.1:99999/": None,
    "ftp://127.0.0.1/": None,
    "//127.0.0.1:8000/": None,
    "": None,
}
_OFTEN = (*tuple(NAMED)[:9] * 3, *NAMED)
_TARGETS = (
    "/",
    "/",
    "/one?x=1",
    "/a%2Fb//c/?k=1&k=2",
    "",
    "?x=1",
    "*",
    ".evil.jp/x",
    "@evil.jp/",
    ":1/",
    "//evil.jp/x",
    "http://evil.jp/x",
    "evil.jp:443",
    "/../../evil.jp",
    "#x",
    "/call_user",
    "/basix/api/call_user",
    "/basix/api/call_user/",
    "/basix/api/%63all_user",
    "/basix/api/%2563all_user?x=1",
    "/basix/api/x/../call_user;v=1",
    "/basix/api/CALL_USER",
    "/basix/api\\call_user",
    "/basix/api%2fcall_user",
    "/call_user?user_name=maria&destination=09012345678",
)
_FIELDS: tuple[Headers, ...] = (
    (("Content-Type", "application/json"),),
    (("Host", "evil.jp"),),
    (("host", "evil.jp"), ("Authorization", "Basic dDp0")),
    (("Content-Length", "3"),),
    (("Transfer-Encoding", "chunked"),),
    (("Connection", "keep-alive"), ("Expect", "100-continue")),
    (("X-Forwarded-Host", "evil.jp"),),
)
_GOOD = b'{"result_code": 0, "uuid": "ede7b23e-c172-445e-832e-963b11ba2b96"}'
_UUIDS = (
    "",
    "ede7b23e-c172-445e-832e-963b11ba2b96",
    "4f0c@10.0.0.1",
    "not a uuid",
    '", "user_name": "maria", "destination": "09012345678", "x": "',
    '{"user_name": "maria"}',
    "x&user_name=maria&destination=09012345678",
    "\r\n\r\nPOST /basix/api/call_user HTTP/1.1\r\nHost: evil.jp\r\n\r\n",
)
_ANSWERS = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://evil.jp/x\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    b"SIP/2.0 486 Busy Here\r\n\r\n",
    b"",
)
_CALLS = ("call_user",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What somebody has sent `to` a URL: callbacks that were `heard`, or one of a `kind`; `answer` is what it meets."""

    to: str
    is_live: bool
    answer: bytes = _ANSWERS[0]
    heard: tuple[Request, ...] = ()
    kind: str = ""
    uuid: str = ""
    times: int = 1

    @property
    def way(self) -> str:
        """The command that runs it."""
        return "trigger" if self.kind else "listen"


def errand(draw: st.DrawFn, body: Callable[[], bytes | None]) -> Errand:
    """Draw an errand; `body` draws a body that tries to reach somebody."""
    to, is_live, answer = pick(draw, _OFTEN), one_in(draw, 2), pick(draw, _ANSWERS)
    if one_in(draw, 3):
        kind, uuid, times = pick(draw, tuple(_kinds())), pick(draw, _UUIDS), pick(draw, (1, 2))
        return Errand(to=to, is_live=is_live, answer=answer, kind=kind, uuid=uuid, times=times)
    heard = tuple(_heard(draw, body) for _ in range(pick(draw, (1, 2))))
    return Errand(to=to, is_live=is_live, answer=answer, heard=heard)


def _heard(draw: st.DrawFn, body: Callable[[], bytes | None]) -> Request:
    said = _GOOD if one_in(draw, 3) else body() or b""
    return Request(pick(draw, ("POST", "POST", "GET", "DELETE")), pick(draw, _TARGETS), pick(draw, _FIELDS), said)


# ── running one ──


def run(errand: Errand) -> tuple[list[Talk], str]:
    """Run an errand where nothing leaves; return the connections it made, and why it was refused if it was."""
    with no_network(errand.answer) as talks, mock.patch.object(_raw, "trust", _trusted):
        try:
            (_fire if errand.kind else _pass_on)(errand)
        except UsageError as error:
            return talks, str(error)
    return talks, ""


def _fire(errand: Errand) -> None:
    asked = TriggerOptions(
        kind=errand.kind, url=errand.to, uuid=errand.uuid, times=errand.times, live=errand.is_live, timeout_s=1
    )
    with mock.patch.object(_trigger, "_scenarios", _scenarios):
        for _ in fire(asked):
            continue


def _pass_on(errand: Errand) -> None:
    class Heard:
        """Stands for the listener: it has heard the errand's callbacks as soon as it begins."""

        address = "127.0.0.1:9000"

        def __init__(self, _listen: str, hear: Callable[[Request], Any]) -> None:
            self._hear = hear

        async def start(self) -> None:
            for request in errand.heard:
                await self._hear(request)

        async def stop(self) -> None:
            """Nothing was begun."""

    asked = ListenOptions(forward_to=errand.to, live=errand.is_live, most=len(errand.heard), timeout_s=1)
    with mock.patch.object(_listen, "Receiver", Heard):
        listen(asked, lambda _url: None, lambda _heard: None)


@cache
def _kinds() -> tuple[str, ...]:
    """Every callback that is sent in one go: of those that take their time, nothing but the time differs."""
    slow = {step.id for scenario in _scenarios() for step in scenario.steps if step.pace is not None}
    return tuple(kind for kind, _ in triggers() if kind not in slow)


_scenarios = cache(_trigger._scenarios)


@cache
def _trusted(ca_file: str, *, is_needed: bool, where: str) -> ssl.SSLContext:
    """Load the certificates once: that takes longer than everything else."""
    return trust(ca_file, is_needed=is_needed, where=where)


# ── what went astray ──


def strays(errand: Errand, talks: list[Talk]) -> Iterator[str]:
    """Yield everything that went elsewhere than where somebody meant it to go, or that could place a call there."""
    if len(talks) > (len(errand.heard) or errand.times):
        yield f"{errand.way}: sent again"
    for talk in talks:
        where = (talk.host, talk.port)
        if where != NAMED[errand.to]:
            yield f"{errand.way}: {where} was never named"
        if talk.host not in _HERE and not errand.is_live:
            yield f"{errand.way}: {where} without --live"
        yield from (f"{errand.way}: {said}" for said in _amiss(bytes(talk.wrote), errand))


def _amiss(wrote: bytes, errand: Errand) -> Iterator[str]:
    """Yield what is wrong with the bytes of one connection: more than one request, another host, a call."""
    head, _, body = wrote.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    method, _, rest = first.partition(" ")
    request = Request(method, rest.rpartition(" ")[0], tuple(fields), body)
    if errand.heard and [value for name, value in fields if name == "host"] != [urlsplit(errand.to).netloc]:
        yield "another host is named"
    if errand.heard and [value for name, value in fields if name == "content-length"] != [str(len(body))]:
        yield "it is longer than it says"
    if _places_calls(request.target) and names_somebody(request):
        yield f"a call by {request.target}"


def _places_calls(target: str) -> bool:
    """Tell whether the most careless server takes a path for that of the method."""
    text = target
    for _ in range(3):
        text = unquote(text)
    return any(word in re.split(r"[/\\;?#]", text.lower()) for word in _CALLS)
