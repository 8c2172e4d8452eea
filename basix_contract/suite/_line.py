"""The line to a target: one step at a time is written down, sent once, and written down again."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from typing import TYPE_CHECKING

from basix_contract.errors import GateRefusal
from basix_contract.profile import Silence
from basix_contract.suite._tokens import bind
from basix_contract.validation import parse_json

if TYPE_CHECKING:
    from basix_contract.messages import Headers, Response
    from basix_contract.profile import Sender
    from basix_contract.suite._clock import RunClock
    from basix_contract.suite._journal import Journal
    from basix_contract.suite._people import Attendant
    from basix_contract.suite._scenario import Scenario, Step

_MOST_SILENCES = 24
_STALL_WEIGHT = 8  # a request that runs into the reply timeout costs its whole length, a closed connection nothing
_NO_ENTRY = (401, 403)
_ENDS = {"stopped": "stopped", "quiet-hours": "quiet hours"}
_RESULT_CODE = re.compile(rb'"result_code"\s*:\s*(-?[0-9]+)')


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What it takes to reach the target, and what must not be exceeded on the way.

    `takes_one_call`: one call follows another, so that whoever watches the telephones can follow the plan.
    """

    sender: Sender
    url: str
    authorization: str
    reply_timeout_s: float
    grace_s: float
    max_concurrent: int
    min_interval_s: float = 0.0
    hold_margin_s: float = 0.0
    takes_one_call: bool = False
    attendant: Attendant | None = None


class Line:
    """Sends steps; `trouble` says why nothing more should be sent, and is empty while all is well."""

    def __init__(self, wiring: Wiring, journal: Journal, clock: RunClock) -> None:
        self._wiring = wiring
        self._journal = journal
        self._clock = clock
        self._bodies: dict[str, bytes] = {}
        self._planned: list[Step] = []
        self._pace = asyncio.Lock()
        self._silent_in_a_row = 0
        self._has_heard = False
        self.trouble = ""

    def may_send(self) -> bool:
        """Tell whether sending more still makes sense."""
        return not self.trouble

    def announce(self, scenario: Scenario, step: Step, callback_url: str) -> None:
        """Write a step into the journal, and keep its body as it will be sent."""
        body = bind(step.body, callback_url)
        self._bodies[step.id] = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._planned.append(step)
        self._journal.write(
            "planned",
            exchange=step.id,
            scenario=scenario.id,
            title=step.title,
            consequence=step.consequence,
            intent=dataclasses.asdict(step.intent),
            callback_url=callback_url,
            wire={
                "method": step.method,
                "query": self._journal.target(step.query),
                "media_type": step.media_type,
                "callback_tail": step.callback_tail,
                "callback_answers": step.callback_answers,
            },
        )

    def keep_to_plan(self) -> None:
        """From now on nothing leaves but what was announced, each of it once."""
        self._wiring.sender.allow_only(
            (step.method, self._url(step), self._headers(step), self._content(step)) for step in self._planned
        )

    async def send(self, step: Step) -> bool:
        """Send a step once; return whether somebody's telephone may be ringing now."""
        headers, content = self._headers(step), self._content(step)
        if self._wiring.min_interval_s:
            async with self._pace:
                await asyncio.sleep(self._wiring.min_interval_s)
        url = self._url(step)
        written = self._journal.request(step.method, url, headers, content or b"")
        calls = self._wiring.sender.calls(step.method, url, headers, content)
        self._journal.write("about-to-send", exchange=step.id, t=self._clock.now_s(), request=written, calls=calls)
        try:
            outcome = await self._wiring.sender.send(
                step.method, url, headers, content, timeout_s=self._wiring.reply_timeout_s
            )
        except GateRefusal as refusal:
            self._journal.write("withheld", exchange=step.id, t=self._clock.now_s(), reason=str(refusal))
            self.trouble = self.trouble or _ENDS.get(refusal.rule, "")
            return False
        if isinstance(outcome, Silence):
            return self._note_silence(step, outcome)
        return self._note_reply(step, outcome)

    def _url(self, step: Step) -> str:
        return f"{self._wiring.url}?{step.query}" if step.query else self._wiring.url

    def _content(self, step: Step) -> bytes | None:
        return None if step.body is None else self._bodies[step.id]

    def _headers(self, step: Step) -> Headers:
        authorization = self._wiring.authorization if step.authorization is None else step.authorization
        own = {name for name, _ in step.headers}
        return (
            ("Content-Type", step.media_type),
            *((("Accept", "application/json"),) if "Accept" not in own else ()),
            ("Accept-Encoding", "identity"),
            *((("Authorization", authorization),) if authorization else ()),
            *step.headers,
        )

    def _note_reply(self, step: Step, reply: Response) -> bool:
        """Write a reply down; whether it is a good one is judged later, whether it may ring is guessed now."""
        written = self._journal.message(reply.headers, reply.body)
        self._journal.write("reply", exchange=step.id, t=self._clock.note_event(), status=reply.status, **written)
        self._silent_in_a_row = 0
        is_first, self._has_heard = not self._has_heard, True
        if is_first and (reply.status in _NO_ENTRY or b"authentication_required" in reply.body):
            self.trouble = "credentials refused"
        return _may_ring(reply.body)

    def _note_silence(self, step: Step, silence: Silence) -> bool:
        self._journal.write(
            "silence",
            exchange=step.id,
            t=self._clock.note_event(),
            reason=silence.reason,
            was_sent=silence.was_sent,
        )
        self._silent_in_a_row += _STALL_WEIGHT if silence.is_stall else 1
        if not self._has_heard and (not silence.was_sent or self._silent_in_a_row >= _MOST_SILENCES):
            self.trouble = "unreachable"
        elif self._silent_in_a_row >= _MOST_SILENCES:
            self.trouble = "target lost"
        return silence.was_sent


def _may_ring(body: bytes) -> bool:
    """Guess whether a reply says that somebody rings; what is no JSON object is searched for its words."""
    value = parse_json(body).value
    if isinstance(value, dict):
        return value.get("result_code", 0 if "uuids" in value else None) == 0
    codes = _RESULT_CODE.findall(body)
    return b"0" in codes or (not codes and b"uuids" in body)
