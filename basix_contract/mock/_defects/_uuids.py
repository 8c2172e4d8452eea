"""Defects of the channel uuids from call to call and leg to leg: fresh, distinct, one for each leg."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from random import Random
from typing import Any

from basix_contract.messages import Request
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest, Leg
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Reply

_WORKERS = 4
_POOL = 40
_MOST_ROWS = 3
_UNLISTED = (
    ("callback/uuid", "the leg that answers may be one that is not listed"),
    ("concurrency/callbacks", "the leg that answers may be one that is not listed"),
)
_TWICE = (("state/same-request-twice", "the second call has the uuids of the first"),)


class SameUuidsEveryCall(Behaviour):
    """The uuids of the first call are handed out again, as a canned reply would."""

    def new_uuids(self, count: int) -> tuple[str, ...]:
        """Return those drawn first for so many legs."""
        first: dict[int, tuple[str, ...]] = self.state.memory.setdefault("uuids", {})
        if count not in first:
            first[count] = super().new_uuids(count)
        return first[count]


class UuidsOfTerminals(Behaviour):
    """The uuid of the terminal's registration is taken for that of the channel."""

    def build_legs(self, request: CallRequest) -> list[Leg]:
        """Give each terminal the uuid it always has."""
        legs = super().build_legs(request)
        for leg in legs:
            leg.uuid = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{request.user.name}/{leg.terminal}"))
        return legs


class WorkersShareSeed(Behaviour):
    """Workers are forked after the generator was seeded, so that each draws the same uuids."""

    def new_uuids(self, count: int) -> tuple[str, ...]:
        """Draw from the worker whose turn it is."""
        memory = self.state.memory
        turn = memory["turn"] = memory.get("turn", -1) + 1
        workers = memory.setdefault("workers", [Random(1) for _ in range(_WORKERS)])  # noqa: S311 - no secret
        worker: Random = workers[turn % _WORKERS]
        return tuple(str(uuid.UUID(int=worker.getrandbits(128), version=4)) for _ in range(count))


class PoolReused(Behaviour):
    """Channels are slots of a fixed table, and their uuids those of the slots."""

    def new_uuid(self) -> str:
        """Return the uuid of the next slot; after the last comes the first."""
        pool: list[str] = self.state.memory.setdefault("pool", [])
        if len(pool) < _POOL:
            pool.append(super().new_uuid())
            return pool[-1]
        pool.append(pool.pop(0))
        return pool[-1]


class SeededByClock(Behaviour):
    """The generator is seeded for each call, with the second it is placed in."""

    def new_uuids(self, count: int) -> tuple[str, ...]:
        """Draw the same for all calls of one second."""
        chance = Random(int(self.clock.now()))  # noqa: S311 - no secret
        return tuple(str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(count))


class RepliesCached(Behaviour):
    """A proxy answers a request it has seen before from its memory, though it is a POST."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Return the first success that this body had."""
        if call is None:
            return reply
        seen: dict[bytes, Reply] = self.state.memory.setdefault("replies", {})
        return seen.setdefault(request.body, reply)


class OneUuidForAll(Behaviour):
    """The uuid of the call stands for each of its legs."""

    def new_uuids(self, count: int) -> tuple[str, ...]:
        """Return one uuid as often as there are legs."""
        return (super().new_uuid(),) * count


class OncePerGroup(Behaviour):
    """Legs are read by a query that joins users with their groups."""

    def success_body(self, call: Call) -> Any:
        """List every leg once for each group of the user."""
        times = max(1, len(call.request.user.groups))
        return {**super().success_body(call), "uuids": list(call.shown_uuids) * times}


class GroupLegTwice(Behaviour):
    """With group context the first leg is entered a second time, as the group's."""

    def success_body(self, call: Call) -> Any:
        """List the first leg twice."""
        body: dict[str, Any] = super().success_body(call)
        return body if call.request.group is None else {**body, "uuids": [*call.shown_uuids, *call.shown_uuids[:1]]}


class FirstLegOnly(Behaviour):
    """Only the leg that was started first is listed."""

    def shown_uuids(self, legs: Sequence[Leg]) -> tuple[str, ...]:
        """Return one uuid."""
        return super().shown_uuids(legs)[:1]


class DestinationListed(Behaviour):
    """The channel to the destination is listed with those of the user."""

    def shown_uuids(self, legs: Sequence[Leg]) -> tuple[str, ...]:
        """Return one uuid too many."""
        return (*super().shown_uuids(legs), self.new_uuid())


class ThreeAtMost(Behaviour):
    """The query that reads the legs has a limit left over from a test."""

    def shown_uuids(self, legs: Sequence[Leg]) -> tuple[str, ...]:
        """Return the first three."""
        return super().shown_uuids(legs)[:_MOST_ROWS]


class AutoAnswerAlone(Behaviour):
    """With auto_answer the reply speaks of the terminal that will pick up, though all ring."""

    def success_body(self, call: Call) -> Any:
        """List one leg."""
        body: dict[str, Any] = super().success_body(call)
        return {**body, "uuids": list(call.shown_uuids[:1])} if call.request.auto_answer else body


class LegsOfGroup(Behaviour):
    """With group context the reply is built as for a call of the whole group."""

    def success_body(self, call: Call) -> Any:
        """List a leg for every terminal of every member."""
        body: dict[str, Any] = super().success_body(call)
        group, user = call.request.group, call.request.user
        if group is None:
            return body
        others = [other for other in self.directory.users if group.name in other.groups and other != user]
        foreign = self.new_uuids(sum(self.terminals_of(other) for other in others))
        return {**body, "uuids": [*call.shown_uuids, *foreign]}


def _defect(
    id_: str, summary: str, behaviour: type[Behaviour], kills: str, also: tuple[tuple[str, str], ...] = ()
) -> Defect:
    return Defect(id=id_, family="uuids", summary=summary, kills=kills, also=also, behaviour=behaviour)


DEFECTS: tuple[Defect, ...] = (
    _defect(
        "same-uuids-every-call",
        "every call with as many terminals gets the same uuids",
        SameUuidsEveryCall,
        "uuids/fresh",
        _TWICE,
    ),
    _defect(
        "uuids-of-terminals", "a terminal has the same uuid in every call", UuidsOfTerminals, "uuids/fresh", _TWICE
    ),
    _defect("workers-share-seed", "four workers draw the same row of uuids", WorkersShareSeed, "uuids/fresh", _TWICE),
    _defect("uuid-pool-reused", "after forty channels the first uuid comes again", PoolReused, "uuids/fresh", _TWICE),
    _defect(
        "uuids-from-the-second", "calls of the same second have the same uuids", SeededByClock, "uuids/fresh", _TWICE
    ),
    _defect("replies-cached", "the same body gets the reply it got before", RepliesCached, "uuids/fresh", _TWICE),
    _defect(
        "one-uuid-for-all-legs",
        "every leg of a call is listed with the same uuid",
        OneUuidForAll,
        "uuids/distinct",
        (("uuids/per-leg", "one uuid stands for several legs"),),
    ),
    _defect(
        "legs-once-per-group", "each leg is listed once for each group of the user", OncePerGroup, "uuids/distinct"
    ),
    _defect("group-leg-twice", "with group context the first leg is listed twice", GroupLegTwice, "uuids/distinct"),
    _defect("first-leg-only", "only the first leg is listed", FirstLegOnly, "uuids/per-leg", _UNLISTED),
    _defect("destination-leg-listed", "the destination's channel is listed too", DestinationListed, "uuids/per-leg"),
    _defect("three-legs-at-most", "never more than three legs are listed", ThreeAtMost, "uuids/per-leg", _UNLISTED),
    _defect(
        "auto-answer-leg-only", "with auto_answer only one leg is listed", AutoAnswerAlone, "uuids/per-leg", _UNLISTED
    ),
    _defect("legs-of-the-group", "with group context every member's legs are listed", LegsOfGroup, "uuids/per-leg"),
)
