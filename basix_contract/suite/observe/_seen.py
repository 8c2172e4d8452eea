"""What a journal shows of each request: what was special about it, and how it was answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from basix_contract.checks import Exchange, History, Reply
from basix_contract.messages import Headers, field_value
from basix_contract.mock import Answer, People, Words, envelope_features, parameter_features, read_object
from basix_contract.suite._journal import Event, unpack

_USER = re.compile(r"users\[(\d+)\]")
# Probes that are drawn, played in a crowd or meant to hurt: what is special about them has no name.
_UNNAMED = ("robustness/", "fuzzed/", "breaches/", "combinations/", "concurrency", "crowd", "twice", "generated/")
_MOST_PAGE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request that was answered; `answer` is None where it was accepted."""

    exchange: Exchange
    reply: Reply
    features: tuple[str, ...]
    answer: Answer | None


def see(history: History, events: Iterable[Event], people: People, words: Words) -> Iterator[Seen]:
    """Yield every request whose features have names and which was answered."""
    requests = {event["exchange"]: event["request"] for event in events if event["event"] == "about-to-send"}
    for exchange in history.exchanges:
        request = requests.get(exchange.id)
        if exchange.reply is None or request is None or "cut_from" in request:
            continue
        if exchange.intent.probe.startswith(_UNNAMED):
            continue
        answer = None if exchange.was_accepted else answer_of(exchange.reply)
        features = tuple(_features(exchange, request, people, words))
        yield Seen(exchange=exchange, reply=exchange.reply, features=features, answer=answer)


def _features(exchange: Exchange, request: Event, people: People, words: Words) -> Iterator[str]:
    headers: Headers = tuple((name, value) for name, value in request["headers"])
    yield from envelope_features(request["method"], headers)
    if exchange.intent.probe.startswith("auth/") and exchange.intent.expect == "refuse":
        is_given = field_value(headers, "authorization") is not None
        yield "credentials wrong" if is_given else "credentials absent"
    asked, found = read_object(unpack(request["body"]))
    yield from found
    if asked is not None:
        yield from parameter_features(asked, people, words, user_of(exchange, people))


def user_of(exchange: Exchange, people: People) -> Mapping[str, Any] | None:
    """Return the user whom the kit meant by a request."""
    found = _USER.fullmatch(exchange.intent.user)
    return people.users[int(found[1])] if found and int(found[1]) < len(people.users) else None


def answer_of(reply: Reply) -> Answer:
    """Return how a request was refused."""
    media_type = field_value(reply.headers, "content-type") or ""
    if reply.error_id:
        return Answer(status=reply.status, id=reply.error_id, media_type=media_type)
    page = reply.body.decode("utf-8", "replace")[:_MOST_PAGE]
    return Answer(status=reply.status, media_type=media_type, page=page)
