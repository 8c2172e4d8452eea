"""From an admitted callback to what comes of it: kept, told to whoever waits, and given to the handler once."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from basix_contract.client.callbacks._handlers import LOG, HandlerRunner, Work
from basix_contract.client.callbacks._judging import TAKEN, Judge, refusal
from basix_contract.client.callbacks._memory import Memory, News
from basix_contract.messages import Request, Response


@dataclass(frozen=True, slots=True)
class Taken:
    """What a callback is answered; `work` is the handler on its way, where this callback set it going."""

    answer: Response
    work: Work | None = None


class Inbox:
    """What both faces of a receiver share. Every step returns an answer; none raises."""

    def __init__(self, judge: Judge, memory: Memory, runner: HandlerRunner) -> None:
        self._judge = judge
        self._memory = memory
        self._runner = runner
        self.max_body_bytes = judge.max_body_bytes

    def admit(self, head: Request) -> str | Response:
        """Return which call this is the callback of, or the answer that ends it before its body is read."""
        admitted = self._judge.judge_head(head)
        if isinstance(admitted, Response):
            LOG.info("callback refused with %d", admitted.status)
        return admitted

    def take(self, call: str, body: bytes) -> Taken:
        """Learn the result a body tells, and begin to hand it on if it is the first of its call."""
        result = self._judge.judge_body(body)
        if isinstance(result, Response):
            LOG.info("callback of call %r refused with %d", call, result.status)
            return Taken(result)
        if not self._runner.reserve():
            LOG.error("callback of call %r refused: too many results wait for the handler", call)
            return Taken(refusal(HTTPStatus.TOO_MANY_REQUESTS, "too much is waiting, send it again later"))
        news = self._memory.learn(call, result)
        if news is News.FIRST:
            return Taken(TAKEN, self._runner.start(call, result))
        self._runner.release()
        if news is News.CONTRADICTORY:
            LOG.warning("a second, different result came for call %r; the first one stands", call)
        return Taken(TAKEN)
