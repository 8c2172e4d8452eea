"""What would leave by the other ways if one of them forgot what guards it: a case each, and how to forget it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest

from basix_contract.messages import Request
from basix_contract.profile import Limits, RawSender, origin_of
from basix_contract.suite import _conduct_server, _listen, _run, _trigger
from tests.profile.errands import Errand
from tests.profile.known_attacks import HERE
from tests.profile.resuming import Cut
from tests.profile.universe import LOCAL, World

_Forget = Callable[[pytest.MonkeyPatch], None]
_NO_ANSWER = b""
_GOOD = b'{"result_code": 0, "uuid": "ede7b23e-c172-445e-832e-963b11ba2b96"}'
_CALL = b'{"user_name": "maria", "destination": "09012345678"}'
_FORGED = '", "user_name": "maria", "destination": "09012345678", "x": "'
_ONE_CALL = dataclasses.replace(
    HERE, profile=dataclasses.replace(HERE.profile, limits=Limits(max_calls=1)), max_calls=None
)
# Where the plan of that world holds calls, and the journal of its first part one of them.
_MIDWAY = Cut(begin=0.0, part=0.7)


class _Trusting(RawSender):
    """Goes wherever it is told to."""

    def __init__(self, url: str, **_: Any) -> None:
        super().__init__(url, allows_remote=True)

    async def send(self, request: Any, **options: Any) -> Any:
        """Send there."""
        self._origin = origin_of(request.url)
        return await super().send(request, **options)


class _Stubborn(RawSender):
    """Sends again what was not answered."""

    async def send(self, request: Any, **options: Any) -> Any:
        """Send, and send."""
        await super().send(request, **options)
        return await super().send(request, **options)


def _trusting(module: Any) -> _Forget:
    def forget(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "RawSender", _Trusting)
        monkeypatch.setattr(module, "ensure_consent", lambda *_, **__: None)

    return forget


def _without_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    _trusting(_listen)(monkeypatch)
    monkeypatch.setattr(_listen, "_joined", lambda base, target: base + target)


def _set(module: Any, name: str, value: Any) -> _Forget:
    return lambda monkeypatch: monkeypatch.setattr(module, name, value)


def _without_calls_before(monkeypatch: pytest.MonkeyPatch) -> None:
    make = _run.gate_for
    monkeypatch.setattr(_run, "gate_for", lambda *given, **_: make(*given))


def _without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful(_conduct_server.ServerConductor):
        """Knows nothing of what was sent before."""

        def __init__(self, wiring: Any, journal: Any, tokens: Any, earlier: Any) -> None:
            super().__init__(wiring, journal, tokens, dataclasses.replace(earlier, sent=frozenset()))

    monkeypatch.setattr(_run, "ServerConductor", Forgetful)


def _heard(target: str, body: bytes = _GOOD) -> tuple[Request, ...]:
    return (Request("POST", target, (("Content-Type", "application/json"),), body),)


_AWAY = "https://receiver.acme-telephony.jp"
FLAWS: dict[str, tuple[World, Errand | Cut, _Forget]] = {
    "listen: another host": (
        HERE,
        Errand(to="http://127.0.0.1", is_live=False, heard=_heard(".evil.jp/x")),
        _without_slash,
    ),
    "listen: another machine": (HERE, Errand(to=_AWAY, is_live=False, heard=_heard("/")), _trusting(_listen)),
    "listen: a call": (
        HERE,
        Errand(to="http://127.0.0.1:8090", is_live=False, heard=_heard("/basix/api/%63all_user", _CALL)),
        _set(_listen, "places_calls", lambda _url: False),
    ),
    "listen: again": (
        HERE,
        Errand(to="http://127.0.0.1:8000", is_live=False, heard=_heard("/"), answer=_NO_ANSWER),
        _set(_listen, "RawSender", _Stubborn),
    ),
    "trigger: another machine": (HERE, Errand(to=_AWAY, is_live=False, kind="answered"), _trusting(_trigger)),
    "trigger: a call": (
        HERE,
        Errand(to=f"{LOCAL}/call_user", is_live=False, kind="answered", uuid=_FORGED),
        _set(_trigger, "_UUID", re.compile(".*", re.DOTALL)),
    ),
    "trigger: again": (
        HERE,
        Errand(to="http://127.0.0.1:8000", is_live=False, kind="answered", answer=_NO_ANSWER),
        _set(_trigger, "RawSender", _Stubborn),
    ),
    "resume: beyond the budget": (_ONE_CALL, _MIDWAY, _without_calls_before),
    "resume: again": (HERE, _MIDWAY, _without_memory),
}
