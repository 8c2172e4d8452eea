"""Which calls have ended, and who waits to hear of it: bounded, and safe to use from any thread."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum, auto

from basix_contract.client.callbacks._judging import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a call ended: its first result stands.

    `contradicted_by` is another result that came for the same call; a PBX must not send one (A46), so look into it.
    """

    call: str
    result: Result
    contradicted_by: Result | None = None


@dataclass(frozen=True, slots=True)
class NoCallback:
    """No callback came within this time: nobody can say whether the user picked up, so do not dial again unasked.

    A callback can be lost on its way, and the PBX need not repeat it (A46).
    """

    call: str
    waited_s: float


class News(Enum):
    """What a callback says beyond what is known already."""

    FIRST = auto()
    REPEATED = auto()
    CONTRADICTORY = auto()


class Memory:
    """Keeps the results of the last `max_calls` calls; the oldest is forgotten for a new one."""

    def __init__(self, max_calls: int) -> None:
        self._max_calls = max_calls
        self._ended: OrderedDict[str, Ended] = OrderedDict()
        self._waiting: dict[str, list[Future[Result]]] = {}
        self._lock = threading.Lock()

    def find(self, call: str) -> Ended | None:
        """Return how a call ended; None when nothing has come, or it is long ago."""
        with self._lock:
            return self._ended.get(call)

    def learn(self, call: str, result: Result) -> News:
        """Keep a result unless there is one, and tell whoever waits for it."""
        with self._lock:
            known = self._ended.get(call)
            if known is not None:
                return self._compare(known, result)
            self._ended[call] = Ended(call=call, result=result)
            if len(self._ended) > self._max_calls:
                self._ended.popitem(last=False)
            waiting = self._waiting.pop(call, ())
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_result(result)
        return News.FIRST

    def expect(self, call: str) -> Future[Result]:
        """Return what will hold the first result of a call; `forget` it when it is no longer wanted."""
        future: Future[Result] = Future()
        with self._lock:
            known = self._ended.get(call)
            if known is None:
                self._waiting.setdefault(call, []).append(future)
                return future
        future.set_result(known.result)
        return future

    def forget(self, call: str, future: Future[Result]) -> None:
        """Let go of what was expected; nothing is left of it."""
        with self._lock:
            waiting = self._waiting.get(call, [])
            if future in waiting:
                waiting.remove(future)
            if not waiting:
                self._waiting.pop(call, None)

    def _compare(self, known: Ended, result: Result) -> News:
        if result == known.result:
            return News.REPEATED
        if known.contradicted_by is None:
            self._ended[known.call] = Ended(call=known.call, result=known.result, contradicted_by=result)
        return News.CONTRADICTORY
