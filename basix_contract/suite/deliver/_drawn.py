"""Callbacks that are drawn and not written by hand: each is looked at again, and judged by what it turns out to be."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from basix_contract.strategies import callbacks, sample
from basix_contract.suite.deliver._build import JSON, json_bytes
from basix_contract.suite.deliver._scenario import Drawn
from basix_contract.validation import parse_json, validate_callback_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from basix_contract.suite.deliver._uuids import Uuids

    Entry = dict[str, Any]

DRAWN_FOR = frozenset(
    {
        "acknowledge/answered",
        "acknowledge/not-answered",
        "acknowledge/other-code",
        "acknowledge/uuid-forms",
        "acknowledge/unknown-error-id",
        "acknowledge/extra-members",
        "acknowledge/json-spelling",
        "odd/junk",
        "odd/junk-refused",
        "odd/next-callback",
    }
)
"""The checks that what is drawn is judged by."""

_CALLBACKS, _FUZZED, _MOST_ODD = 48, 24, 60
# Whoever issues URLs by a command is asked for one by one: every fourth of what was drawn has to do.
_STRIDE_OF_A_COMMAND = 4
_OTHER_METHODS = ("GET", "PUT", "PATCH", "DELETE")
_CODES = (0, 500)
_MOST_CODE = 2**31
_MOST_LETTERS = 10_000
_PLAIN_IDS = ("no_answer", "busy")
_PLAIN_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ANY_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_DANGEROUS = re.compile("[\0\ud800-\udfff]")
_ESCAPE = b"\\u"
_MEMBERS = ("result_code", "uuid", "error")


def drawn_scenarios(seed: int, uuids: Uuids, *, is_sparse: bool) -> tuple[Mapping[str, Any], ...]:
    """Return scenarios of drawn callbacks, as a scenario file would hold them; the same ones for the same seed."""
    stride = _STRIDE_OF_A_COMMAND if is_sparse else 1
    entries = _entries(seed)
    good = [_with_own_uuid(entry, uuids) for entry in entries if entry.get("features")][::stride]
    odd = _some([entry for entry in entries if entry.get("expects") and not entry.get("features")], seed)[::stride]
    scenarios = (
        {"id": "drawn", "phase": "plain", "steps": good},
        {"id": "drawn-junk", "phase": "hostile", "next_callback": "odd/next-callback", "steps": odd},
    )
    return tuple(scenario for scenario in scenarios if scenario["steps"])


@cache
def _entries(seed: int) -> tuple[Entry, ...]:
    from basix_contract.suite.deliver._fuzz import fuzz  # noqa: PLC0415 - takes a second to load, only a run needs it

    drawn = [Drawn("POST", JSON, json_bytes(body)) for body in sample(callbacks(), _CALLBACKS, seed)]
    return tuple(_entry(number, request) for number, request in enumerate((*drawn, *fuzz(_FUZZED, seed)), 1))


def _some(entries: list[Entry], seed: int) -> list[Entry]:
    """Choose as many as a run has time for, in their order."""
    chosen = random.Random(seed).sample(range(len(entries)), min(_MOST_ODD, len(entries)))  # noqa: S311 - no secret
    return [entries[at] for at in sorted(chosen)]


def _entry(number: int, drawn: Drawn) -> Entry:
    """Return a step as a scenario file would hold it; without expectation where nothing can be said of it."""
    method, media_type, body = drawn.method, drawn.media_type, drawn.body
    sent: Entry = {"title": f"drawn, {number}", "method": method, "media_type": media_type, "raw": body}
    if method != "POST":
        return {**sent, "expects": {"odd/other-method": "4xx"}} if method in _OTHER_METHODS else sent
    parsed = parse_json(body)
    if parsed.problem or not isinstance(parsed.value, dict) or "result_code" not in parsed.value:
        return {**sent, "expects": {"odd/junk": "no-5xx", "odd/junk-refused": "4xx"}}
    if validate_callback_body(parsed.value) or not _must_be_taken(parsed.value):
        return {**sent, "expects": {"odd/junk": "no-5xx"}}
    if media_type is None or media_type.partition(";")[0].strip() != JSON:
        return sent  # what is labelled as something else is another matter: a form without a boundary is no form
    features = tuple(_features(parsed.value, body))
    return {**sent, "expects": {features[0]: "2xx"}, "features": features}


def _must_be_taken(value: dict[str, Any]) -> bool:
    """Tell whether no receiver can have a reason to refuse a valid callback: every language can read and keep it."""
    code, uuid = value["result_code"], value.get("uuid")
    is_known = type(code) is int and abs(code) < _MOST_CODE
    is_named = code != 0 or (isinstance(uuid, str) and _ANY_UUID.fullmatch(uuid) is not None)
    return is_known and is_named and all(_can_be_kept(text) for text in _texts(value))


def _can_be_kept(text: str) -> bool:
    return len(text) <= _MOST_LETTERS and not _DANGEROUS.search(text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _features(value: dict[str, Any], body: bytes) -> Iterator[str]:
    """Yield the checks of all that is unusual about a valid callback; the plain one's own where nothing is."""
    code, error = value["result_code"], value.get("error", {})
    is_plain = True
    for check, applies in (
        ("acknowledge/other-code", code not in _CODES),
        ("acknowledge/uuid-forms", code == 0 and not _PLAIN_UUID.fullmatch(value["uuid"])),
        ("acknowledge/unknown-error-id", code != 0 and error.get("id") not in _PLAIN_IDS),
        ("acknowledge/extra-members", _has_extra(value)),
        ("acknowledge/json-spelling", next(iter(value)) != "result_code" or _ESCAPE in body),
    ):
        if applies:
            is_plain = False
            yield check
    if is_plain:
        yield "acknowledge/answered" if code == 0 else "acknowledge/not-answered"


def _has_extra(value: dict[str, Any]) -> bool:
    other = "error" if value["result_code"] == 0 else "uuid"
    error = value.get("error")
    return bool(set(value) - set(_MEMBERS)) or other in value or (isinstance(error, dict) and set(error) != {"id"})


def _with_own_uuid(entry: Entry, uuids: Uuids) -> Entry:
    """Let a success name a channel of its own call, of the form that was drawn."""
    shown = parse_json(entry["raw"]).value.get("uuid")
    if not isinstance(shown, str):
        return entry
    own = uuids.like(shown)
    return {**entry, "raw": entry["raw"].replace(shown.encode(), own.encode()), "uuids": (own, uuids.draw())}
