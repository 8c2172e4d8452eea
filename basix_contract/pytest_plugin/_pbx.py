"""The mock PBX of one test: it plays what the test has written down, and tells what it was asked for."""

from __future__ import annotations

from typing import Any, Unpack

from basix_contract.mock import CallRecord, Directory, MockOptions, MockServer, Settings
from basix_contract.profile import Profile
from basix_contract.pytest_plugin._carrier import AppSender
from basix_contract.pytest_plugin._contents import assert_one, assert_same_parameters
from basix_contract.pytest_plugin._scripted import ScriptedBehaviour
from basix_contract.pytest_plugin._scripts import Refused, Script, ScriptLine, ScriptParts

_CALLBACKS = {"never": 0, "twice": 2, "contradictory": 2}
_SHOWN_CHARACTERS = 160


class ScriptedPbx(MockServer):
    """A mock PBX that can be told what becomes of the next calls, and asked what became of the last ones."""

    def __init__(self, source: Profile | Directory, **options: Unpack[MockOptions]) -> None:
        self._scripts = ScriptLine()
        self._sender = AppSender(options.get("settings", Settings()))
        options["behaviour"] = type("Scripted", (ScriptedBehaviour,), {"scripts": self._scripts})
        options["sender"] = self._sender
        super().__init__(source, **options)

    def next_call(self, **parts: Unpack[ScriptParts]) -> None:
        """Say what becomes of the next call to a user there is; several of these are played in turn.

        `outcome` is `answers`, `never-answers`, `rejects`, `busy` or `limited`, after `after_s` seconds on so many
        `terminals`; `error_id` is what the callback says then, in place of the mock's own word. `refused` is the id
        of an error reply: nobody is rung. `reply` may get `lost` (the connection is reset), `never` come, or be
        `garbled` (a 502 page) while the call is placed all the same. `callback` may come `twice`, `never`, `early`
        (before the reply), or be followed by a `contradictory` one. Raises UsageError for what cannot be.
        """
        self._scripts.waiting.append(Script(**parts))

    def deliver_to(self, app: Any) -> None:
        """Hand callbacks to this ASGI or WSGI application, whatever host they are for: it needs no server.

        It is called in the mock's event loop, or in a thread of that; an exception of its own shows as `error` of
        the callback.
        """
        self._sender.app = app

    @property
    def refusals(self) -> tuple[Refused, ...]:
        """Every request that placed no call, the oldest first, and why."""
        return tuple(self._scripts.refusals)

    def settle(self, *, timeout_s: float = 5.0) -> tuple[CallRecord, ...]:
        """Return the calls once each has its outcome and its callbacks are through.

        Raises TimeoutError when they do not get there; with a clock moved by hand, move it first.
        """
        return self.wait_until(lambda calls: all(map(self._is_through, calls)), timeout_s=timeout_s)

    def assert_called_with(self, **parameters: Any) -> None:
        """Fail unless the last call was asked for with exactly these parameters."""
        if not self.calls:
            raise AssertionError("no call was placed" + self._refused_words())
        assert_same_parameters(parameters, self.calls[-1].parameters)

    def assert_called_once_with(self, **parameters: Any) -> None:
        """Fail unless there was one call, and it was asked for with exactly these parameters."""
        if not self.calls:
            raise AssertionError("no call was placed" + self._refused_words())
        assert_one(self.calls)
        self.assert_called_with(**parameters)

    def assert_not_called(self) -> None:
        """Fail if any call was placed."""
        if self.calls:
            raise AssertionError(f"expected no call, and there were {len(self.calls)}")

    def timeline(self) -> str:
        """Return what happened so far, a line for each event, with the reasons of refusals at the end."""
        lines = [
            f"{event.at_s:8.3f} s  {event.kind:<11} {event.call_id or '':<7} "
            + " ".join(f"{name}={value}" for name, value in event.detail.items())[:_SHOWN_CHARACTERS]
            for event in tuple(self.app.state.events)
        ]
        lines += [f"refused with {refused.error_id}: {refused.reason}" for refused in self.refusals]
        return "\n".join(lines)

    def _is_through(self, call: CallRecord) -> bool:
        kind = self._scripts.played[call.id].callback if call.id in self._scripts.played else "once"
        expected = _CALLBACKS.get(kind, 1) if call.callback_url else 0
        return bool(call.outcome) and len(call.callbacks) >= expected

    def _refused_words(self) -> str:
        if not self._scripts.refusals:
            return ""
        last = self._scripts.refusals[-1]
        return f"; a request was refused with {last.error_id}: {last.reason}"
