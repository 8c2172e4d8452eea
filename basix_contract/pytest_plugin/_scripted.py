"""A PBX that plays scripts, and remembers what it refused and why."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from basix_contract.messages import Request, Response
from basix_contract.mock import ERROR_IDS, Behaviour, Call, CallRequest, CallResult, Delivery, Refusal, Reply
from basix_contract.profile import User
from basix_contract.pytest_plugin._contents import unknown_names
from basix_contract.pytest_plugin._scripts import Refused, Script, ScriptLine

_PAGE = b"<html><title>502 Bad Gateway</title></html>"
_LONGEST_EARLY_CALLBACK_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Followed(Delivery):
    """A callback after which another one is sent, whatever it is answered."""

    following: Delivery


class ScriptedBehaviour(Behaviour):
    """A PBX that plays scripts, and says what a refused request should have been like."""

    scripts: ClassVar[ScriptLine]
    _current: Script | None = None

    def judge(self, request: Request) -> CallRequest | Refusal:
        """Judge as ever, and keep what was refused."""
        judged = super().judge(request)
        if isinstance(judged, Refusal):
            self.scripts.refusals.append(Refused(judged.error_id, judged.text, request))
        return judged

    def check_known(self, body: Mapping[str, Any]) -> Refusal | None:
        """Refuse parameters the document does not have, and name those that were meant."""
        refusal = super().check_known(body)
        if refusal is None:
            return None
        unknown = [name for name in body if name not in self.words.parameters]
        return Refusal(refusal.error_id, unknown_names(unknown, self.words.parameters))

    def judge_parameters(self, parameters: Mapping[str, Any]) -> CallRequest | Refusal:
        """Judge as ever; a script that was not used up waits for the next request."""
        self._current = None
        judged = super().judge_parameters(parameters)
        if isinstance(judged, Refusal):
            self._put_back(self._current)
        return judged

    def _put_back(self, script: Script | None) -> None:
        if script is not None and not script.refused and script.outcome != "limited":
            self.scripts.waiting.appendleft(script)

    def find_user(self, parameters: Mapping[str, Any]) -> User | Refusal:
        """Find the user in the directory, and have them do what the next script says."""
        user = super().find_user(parameters)
        if isinstance(user, Refusal) or not self.scripts.waiting:
            return user
        script = self._current = self.scripts.waiting.popleft()
        return Refusal(script.refused, "as the test asked for") if script.refused else script.cast(user)

    def place(self, request: CallRequest) -> Call:
        """Place the call, and remember which script it plays."""
        call = super().place(request)
        if self._current is not None:
            self.scripts.played[call.id], self._current = self._current, None
        return call

    def result_of(self, call: Call, answered: int | None, ends: Sequence[Any]) -> CallResult:
        """Return how the attempt ended, with the error id the script has for it."""
        result = super().result_of(call, answered, ends)
        own = self.scripts.of(call).error_id
        return CallResult(error_id=own) if own and not result.is_answered else result

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Let the callback overtake the reply where the script says so."""
        if self.scripts.of(call).callback != "early":
            await super().hold_callback(call, result)

    async def hold_reply(self, call: Call | None) -> None:
        """Hold the reply back until an early callback is through."""
        await super().hold_reply(call)
        if call is not None and call.request.callback_url and self.scripts.of(call).callback == "early":
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LONGEST_EARLY_CALLBACK_S):
                    await call.reported.wait()

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return as many callbacks as the script has."""
        deliveries = super().callbacks_for(call, result)
        kind = self.scripts.of(call).callback
        if kind in ("twice", "contradictory"):
            other = result if kind == "twice" else _opposite(call, result)
            pairs = zip(deliveries, super().callbacks_for(call, other), strict=True)
            return tuple(_followed(first, second) for first, second in pairs)
        return () if kind == "never" else deliveries

    def next_attempt(self, delivery: Delivery, attempt: int, answer: Response | None) -> Delivery | None:
        """Return the second callback of a call that has two."""
        if isinstance(delivery, _Followed):
            return delivery.following
        return super().next_attempt(delivery, attempt, answer)

    def error_status(self, refusal: Refusal) -> int:
        """Return the HTTP status of an error, also of one that only the script knows."""
        if refusal.error_id in ERROR_IDS:
            return super().error_status(refusal)
        return 200 if self.settings.error_style == "200" else 500

    def error_id(self, error_id: str) -> str:
        """Return the id as the script has it."""
        return super().error_id(error_id) if error_id in ERROR_IDS else error_id

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Return the reply as the script lets it go out."""
        shaped = super().shape_reply(reply, request, call)
        kind = self.scripts.of(call).reply
        if kind == "garbled":
            return Reply(status=502, headers=(("Content-Type", "text/html"),), body=_PAGE)
        endings: dict[str, Literal["reset", "stall"]] = {"lost": "reset", "never": "stall"}
        return dataclasses.replace(shaped, raw=(), ending=endings[kind]) if kind in endings else shaped


def _opposite(call: Call, result: CallResult) -> CallResult:
    return CallResult(error_id="no_answer") if result.is_answered else CallResult(uuid=call.legs[0].uuid)


def _followed(first: Delivery, second: Delivery) -> Delivery:
    fields = {spot.name: getattr(first, spot.name) for spot in dataclasses.fields(Delivery)}
    return _Followed(**fields, following=second)
