"""What a run is doing, told from its journal while it is being written: how far it is, and what is awaited."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

_ACCEPTED = re.compile(r'"result_code"\s*:\s*0\b')
_ANSWERED = ("reply", "silence", "withheld")


class Progress:
    """Takes the events of a journal as they come; `line()` says in one line where the run stands."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._grace_s = 0.0
        self._planned = 0
        self._ended = 0
        self._requests = 0
        self._hunts: dict[str, float] = {}
        self._replies: set[str] = set()
        self._reports: set[str] = set()
        self._due: dict[str, float] = {}
        self._takers: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
            "run": self._begin,
            "scenario": self._plan,
            "scenario-end": self._end,
            "planned": self._announce,
            "about-to-send": self._send,
            **dict.fromkeys(_ANSWERED, self._answer),
            "callback": self._call_back,
            "given": self._give,
            "answer": self._hear,
            "lack": self._hear,
            "request": self._receive,
        }

    def take(self, event: Mapping[str, Any]) -> None:
        """Note what one event says; kinds that tell nothing are passed over."""
        self._now_s = max(self._now_s, float(event.get("t", 0.0)))
        take = self._takers.get(str(event.get("event")))
        if take is not None:
            take(event)

    def line(self) -> str:
        """Return where the run stands: scenarios, requests, and what is awaited now."""
        plural = "s" if self._requests != 1 else ""
        done = f"{self._ended} of {self._planned} scenarios · {self._requests} request{plural}"
        awaited = " and ".join(self._awaited())
        if awaited:
            return f"{done} · awaiting {awaited}"
        return f"{done} · listening for what may still come" if self._ended == self._planned else done

    def _awaited(self) -> list[str]:
        calls = [call for call, due_s in self._due.items() if due_s > self._now_s]
        longest_s = max((self._due[call] - self._now_s for call in calls), default=0.0)
        told = (
            (len(self._replies), "reply", "replies", ""),
            (len(self._reports), "report of the client", "reports of the client", ""),
            (len(calls), "callback", "callbacks", f", {math.ceil(longest_s)} s at most" if longest_s >= 1 else ""),
        )
        return [f"{count} {one if count == 1 else many}{more}" for count, one, many, more in told if count]

    def _begin(self, event: Mapping[str, Any]) -> None:
        self._grace_s = float(event.get("grace_s", 0.0))

    def _plan(self, _event: Mapping[str, Any]) -> None:
        self._planned += 1

    def _end(self, _event: Mapping[str, Any]) -> None:
        self._ended += 1

    def _announce(self, event: Mapping[str, Any]) -> None:
        intent = event.get("intent", {})
        if intent.get("asks_callback"):
            self._hunts[event["exchange"]] = intent.get("hunt_s") or 0.0

    def _send(self, event: Mapping[str, Any]) -> None:
        self._requests += 1
        self._replies.add(event["exchange"])

    def _answer(self, event: Mapping[str, Any]) -> None:
        exchange = event["exchange"]
        self._replies.discard(exchange)
        if exchange in self._hunts and _ACCEPTED.search(str(event.get("body", {}).get("text", ""))):
            self._due[exchange] = event["t"] + self._hunts[exchange] + self._grace_s

    def _call_back(self, event: Mapping[str, Any]) -> None:
        self._due.pop(event["exchange"], None)

    def _give(self, event: Mapping[str, Any]) -> None:
        self._reports.add(event["case"])

    def _hear(self, event: Mapping[str, Any]) -> None:
        self._reports.discard(event["case"])

    def _receive(self, _event: Mapping[str, Any]) -> None:
        self._requests += 1
