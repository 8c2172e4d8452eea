"""Callbacks as they arrive: whose they are, that they were seen, and what they are answered."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from basix_contract.messages import Request
    from basix_contract.suite._clock import RunClock
    from basix_contract.suite._journal import Journal
    from basix_contract.suite._scenario import Step
    from basix_contract.suite._tokens import Tokens

_ACKNOWLEDGED = 200


class Arrivals:
    """Writes every callback down before it is answered."""

    def __init__(self, journal: Journal, tokens: Tokens, clock: RunClock) -> None:
        self._journal = journal
        self._tokens = tokens
        self._clock = clock
        self._answers: dict[str, tuple[int, ...]] = {}
        self._seen: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._counted: defaultdict[str, int] = defaultdict(int)
        self._sharing: defaultdict[str, list[str]] = defaultdict(list)
        self._received = 0

    def expect(self, step: Step) -> str:
        """Return the callback URL of a step; what comes there is answered as the step says."""
        self._answers[step.id] = step.callback_answers
        self._sharing[step.intent.callback_of or step.id].append(step.id)
        return self._tokens.url_for(step)

    def record(self, request: Request) -> int:
        """Write a callback down and return the HTTP status it is to be answered with."""
        exchange, is_exact = self._tokens.find(request.target)
        self._received += 1
        self._journal.write(
            "callback",
            callback=f"received.{self._received}",
            exchange=exchange,
            t=self._clock.note_event(),
            method=request.method,
            target=self._journal.target(request.target),
            is_exact=is_exact,
            **self._journal.message(request.headers, request.body),
        )
        answers = self._answers.get(exchange)
        if answers is None:
            return _ACKNOWLEDGED
        for waiting in self._sharing[exchange][self._counted[exchange] :][:1]:
            self._seen[waiting].set()
        self._counted[exchange] += 1
        return answers[min(self._counted[exchange], len(answers)) - 1]

    async def wait(self, exchange: str, timeout_s: float) -> None:
        """Wait until the first callback of an exchange has come, or its time is up."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._seen[exchange].wait()
        except TimeoutError:
            return
