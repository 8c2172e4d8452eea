"""A second pass, where nobody can be rung: what was drawn and failed is made as small as it can be and still fail.

Its requests go through the same gate into the same journal, and are counted apart.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from basix_contract.contract import load_document
from basix_contract.errors import GateRefusal
from basix_contract.profile import Silence
from basix_contract.strategies import smallest
from basix_contract.suite._conclude import conclude
from basix_contract.suite._tokens import bind
from basix_contract.validation import parse_json, validate_request_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from basix_contract.messages import Response
    from basix_contract.suite._journal import Journal
    from basix_contract.suite._line import Wiring
    from basix_contract.suite._scenario import Scenario, Step

_MOST_CASES, _MOST_TRIES = 3, 60
_FAILED = ("fail", "warn")
_HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"))


def shrinkable(journal: Path, plan: tuple[Scenario, ...]) -> tuple[Step, ...]:
    """Return the drawn requests that failed in a run, one for each check, the first few of them."""
    drawn = {step.id: step for scenario in plan if scenario.phase == "generated" for step in scenario.steps}
    return tuple(_failed(journal, drawn))[:_MOST_CASES] if drawn else ()


def _failed(journal: Path, drawn: dict[str, Step]) -> Iterator[Step]:
    for row in conclude(journal).requirements:
        for check in row.checks:
            found = next((name for name in check.evidence if name in drawn), "")
            if check.verdict in _FAILED and found and drawn[found].intent.probe == check.id:
                yield drawn[found]


class Shrinker:
    """Sends parts of a failed request for as long as a smaller one fails the same way; nothing more after a silence."""

    def __init__(self, wiring: Wiring, journal: Journal, callback_url: str) -> None:
        self._wiring = wiring
        self._journal = journal
        self._callback_url = callback_url
        self._is_lost = False
        self._tries = 0

    async def shrink(self, step: Step) -> None:
        """Write the smallest part of a step's body that still fails into the journal."""
        self._tries = 0
        loop = asyncio.get_running_loop()

        def still_fails(body: dict[str, Any]) -> bool:
            return asyncio.run_coroutine_threadsafe(self._still_fails(step, body), loop).result()

        part = await asyncio.to_thread(smallest, step.body, still_fails, keep=_kept(step), most_tries=_MOST_TRIES)
        body = json.dumps(self._bound(part)).encode()
        written = self._journal.request("POST", self._wiring.url, _HEADERS, body)
        self._journal.write("shrunk", exchange=step.id, tries=self._tries, request=written)

    def _bound(self, body: dict[str, Any]) -> dict[str, Any]:
        from_mark: dict[str, Any] = bind(body, self._callback_url)
        return from_mark

    async def _still_fails(self, step: Step, body: dict[str, Any]) -> bool:
        """Send a part; one of which the same cannot be expected is not sent."""
        bound = self._bound(body)
        if self._is_lost or (step.intent.expect == "accept" and validate_request_body(bound)):
            return False
        reply = await self._send(step, json.dumps(bound).encode())
        envelope = parse_json(reply.body).value if reply else None
        return reply is not None and _FAILS[step.intent.expect](envelope if isinstance(envelope, dict) else {})

    async def _send(self, step: Step, body: bytes) -> Response | None:
        self._tries += 1
        headers = (*_HEADERS, ("Authorization", self._wiring.authorization))
        written = self._journal.request("POST", self._wiring.url, headers, body)
        self._journal.write("shrink-sent", exchange=step.id, number=self._tries, request=written)
        try:
            reply = await self._wiring.sender.send(
                "POST", self._wiring.url, headers, body, timeout_s=self._wiring.reply_timeout_s
            )
        except GateRefusal:
            return None
        self._is_lost = isinstance(reply, Silence)
        return None if isinstance(reply, Silence) else reply


def _kept(step: Step) -> tuple[str, ...]:
    """Keep whom and what a request that had to be refused names: without them it is refused for that."""
    named = (*load_document().user_selectors, "destination")
    return tuple(name for name in named if name in step.body) if step.intent.expect == "refuse" else ()


_FAILS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "accept": lambda envelope: envelope.get("result_code") not in (None, 0),
    "refuse": lambda envelope: envelope.get("result_code") == 0 and envelope["result_code"] is not False,
    "envelope": lambda envelope: "result_code" not in envelope,
}
