"""The manner of replies and callbacks: statuses, members, fields, uuids, and how long things take."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from basix_contract.checks import CallbackSeen, Exchange
from basix_contract.messages import field_value
from basix_contract.mock import CallbackManner, People, ReplyManner
from basix_contract.suite.observe._seen import Seen, user_of

_T = TypeVar("_T", bound=Hashable)
# Fields that any HTTP server sends, each in its own way.
_USUAL = frozenset(
    {
        "allow",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "keep-alive",
        "server",
        "transfer-encoding",
        "vary",
        "www-authenticate",
    }
)
_AT_ONCE_S = 0.08
_ENOUGH_LISTS = 20
_VERSION = 14


def reply_manner(seen: Collection[Seen]) -> ReplyManner:
    """Return what the replies of a run look like."""
    good = [one for one in seen if one.answer is None]
    bad = [one for one in seen if one.answer is not None and one.answer.id]
    uuids = [uuid for one in good for uuid in one.reply.uuids]
    return ReplyManner(
        success_status=_usual(one.reply.status for one in good),
        media_type=_usual(field_value(one.reply.headers, "content-type") or "" for one in good),
        headers=_usual(_fields(one) for one in good),
        members=_usual(_beyond(one.reply.value, "result_code", "uuids") for one in good),
        members_of_errors=_usual(_beyond(one.reply.value, "result_code", "error") for one in bad),
        members_beside_error_id=_usual(_beyond(one.reply.value["error"], "id") for one in bad),
        error_result_code=_usual(one.reply.result_code for one in bad if one.reply.result_code is not None),
        legs=_legs(good),
        uuid_case=("upper" if any(letter.isupper() for uuid in uuids for letter in uuid) else "lower")
        if uuids
        else None,
        uuid_versions="".join(sorted({uuid[_VERSION].lower() for uuid in uuids if len(uuid) > _VERSION})) or None,
        has_sorted_uuids=_are_sorted([one.reply.uuids for one in good if len(one.reply.uuids) > 1]),
        after_s=_typical(one.reply.at_s - one.exchange.sent_at_s for one in good if one.exchange.sent_at_s is not None),
    )


def _fields(one: Seen) -> tuple[str, ...]:
    return tuple(sorted({name.lower() for name, _ in one.reply.headers} - _USUAL))


def _beyond(envelope: Any, *documented: str) -> tuple[str, ...]:
    return tuple(sorted(set(envelope) - set(documented))) if isinstance(envelope, dict) else ()


def _legs(good: Iterable[Seen]) -> int | None:
    """Return how many telephones ring whoever is called; None where that is what the profile says."""
    counted = [(len(one.reply.uuids), one.exchange.intent.terminals) for one in good if one.exchange.intent.terminals]
    if not counted or all(count == terminals for count, terminals in counted):
        return None
    return _usual(count for count, _ in counted)


def _are_sorted(lists: list[tuple[str, ...]]) -> bool | None:
    return all(list(found) == sorted(found) for found in lists) if len(lists) >= _ENOUGH_LISTS else None


def callback_manner(exchanges: Iterable[Exchange], answers: Mapping[str, Any], people: People) -> CallbackManner:
    """Return what the callbacks of a run look like; `answers` are the statuses they were to be answered with."""
    told = [(exchange, seen) for exchange in exchanges for seen in exchange.callbacks[:1] if seen.envelope]
    good = [(exchange, seen) for exchange, seen in told if seen.result_code == 0 and exchange.was_accepted]
    bad = [(exchange, seen) for exchange, seen in told if seen.result_code not in (0, None) and exchange.was_accepted]
    tried = [exchange for exchange in exchanges if exchange.was_accepted and answers.get(exchange.id)]
    refused = [exchange for exchange in exchanges if exchange.was_refused and exchange.intent.asks_callback]
    gaps = (
        after.at_s - before.at_s
        for one in tried
        for before, after in zip(one.callbacks, one.callbacks[1:], strict=False)
    )
    has_any = bool(told)
    return CallbackManner(
        media_type=_usual(field_value(seen.headers, "content-type") or "" for _, seen in told),
        members=_usual(_beyond(seen.value, "result_code", "uuid") for _, seen in good),
        members_of_errors=_usual(_beyond(seen.value, "result_code", "error") for _, seen in bad),
        error_ids=dict(sorted(_ids(bad, people))),
        after_s=_typical(_delays(good)),
        is_before_reply=_mostly(_is_early(exchange, seen) for exchange, seen in good),
        is_sent_after_refusal=_mostly(bool(one.callbacks) for one in refused) if has_any else None,
        sent_when_answered=dict(sorted((str(answers[one.id][0]), len(one.callbacks)) for one in tried if has_any)),
        repeat_after_s=_typical(gaps),
    )


def _ids(bad: Iterable[tuple[Exchange, CallbackSeen]], people: People) -> Iterator[tuple[str, str]]:
    for exchange, seen in bad:
        user, error = user_of(exchange, people), (seen.envelope or {}).get("error")
        if user and isinstance(error, dict) and isinstance(error.get("id"), str):
            yield str(user.get("outcome", "")), error["id"]


def _delays(good: Iterable[tuple[Exchange, CallbackSeen]]) -> Iterator[float]:
    for exchange, seen in good:
        if exchange.reply and exchange.sent_at_s is not None:
            hunt_ends_s = exchange.sent_at_s + (exchange.intent.hunt_s or 0.0)
            yield seen.at_s - max(exchange.reply.at_s, hunt_ends_s)


def _is_early(exchange: Exchange, seen: CallbackSeen) -> bool:
    return exchange.reply is not None and seen.at_s < exchange.reply.at_s


def _usual(values: Iterable[_T]) -> _T | None:
    """Return the most frequent value; None of none."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None


def _mostly(facts: Iterable[bool]) -> bool | None:
    told = list(facts)
    return sum(told) * 2 > len(told) if told else None


def _typical(seconds: Iterable[float]) -> float | None:
    """Return how long something usually takes; what is not worth a word is 0."""
    told = list(seconds)
    if not told:
        return None
    usual = statistics.median(told)
    return round(usual, 2) if usual >= _AT_ONCE_S else 0.0
