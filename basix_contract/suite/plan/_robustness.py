"""Hostile and unusual bodies, each followed by a good call: an answer is owed, and the next caller's peace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import User
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk

_DEEP = 20_000
_LONG = 100_000
_MEGABYTE = 1_000_000
_LONG_NAME = 5_000  # a body so short that no server may turn it away for its size


def plan_robustness(desk: Desk) -> tuple[Scenario, ...]:
    """Plan bodies no well-meaning client sends, and values no well-meaning user types."""
    return (
        *desk.family("robustness-bytes", _hostile(desk), phase="robustness"),
        *desk.family("robustness-values", _unusual(desk), phase="robustness"),
    )


def _hostile(desk: Desk) -> Iterator[Step]:
    user = desk.next_user()
    if user is None:
        return
    for title, raw in _hostile_bodies():
        yield desk.step("robustness/answered", title, raw, expect="answer", owes_envelope=False)
        yield desk.step("robustness/next-call", f"a good call after {title}", desk.call(user), user=user)


def _hostile_bodies() -> tuple[tuple[str, bytes], ...]:
    return (
        ("deeply nested lists", b"[" * _DEEP + b"]" * _DEEP),
        ("deeply nested objects", b'{"a":' * _DEEP + b"1" + b"}" * _DEEP),
        ("nesting never closed", b"[" * _DEEP),
        ("invalid UTF-8", b'{"user_name": "\xff\xfe", "destination": "\xc3\x28"}'),
        ("a NUL byte", b'{"user_name": "\x00"}'),
        ("NUL bytes only", b"\x00" * 64),
        ("a number of a hundred thousand digits", b'{"user_id": ' + b"9" * _LONG + b"}"),
        ("a number beyond every float", b'{"user_id": 1e999999, "answer_timeout": -1e999999}'),
        ("NaN and Infinity", b'{"user_id": NaN, "answer_timeout": Infinity}'),
        ("a megabyte of blanks", b" " * _MEGABYTE),
        ("a megabyte in one text", b'{"user_name": "' + b"x" * _MEGABYTE + b'"}'),
        ("ten thousand members", json.dumps({f"k{number}": number for number in range(10_000)}).encode()),
        ("XML", b"<?xml version='1.0'?><call_user/>"),
        ("a form", b"user_id=1&destination=2"),
        ("random bytes", bytes(range(256))),
    )


def _unusual(desk: Desk) -> Iterator[Step]:
    for title, members in _unusual_members():
        user = desk.next_user()
        if user is None:
            return
        raw = json.dumps(desk.call(user, **members)).encode()
        yield desk.step("robustness/unusual-values", title, raw, user=user, expect="envelope", owes_envelope=False)
        yield from _good_call(desk, user, title)


def _good_call(desk: Desk, user: User, title: str) -> Iterator[Step]:
    yield desk.step("robustness/next-call", f"a good call after {title}", desk.call(user), user=user)


def _unusual_members() -> tuple[tuple[str, dict[str, Any]], ...]:
    number = {"calling_name": "Olive"}
    return (
        ("an unpaired surrogate", {"calling_name": "\ud800"}),
        ("an unpaired surrogate in a label", {"group_label": "\udfff!"}),
        ("control characters", {"calling_name": "\x01\x02\x1b[31m"}),
        ("a line end in a name", {"calling_name": "Olive\r\nX-Injected: yes"}),
        ("a text of five thousand letters", {"calling_name": "x" * _LONG_NAME}),
        ("an empty member name", {"": "empty", **number}),
        ("a member name of blanks and dots", {" . ": 1, "a.b[0]": 2, **number}),
        ("members with the names of methods", {"__class__": "x", "constructor": {"prototype": 1}, **number}),
        ("a value nested a hundred deep", {"note": _nested(100)}),
        ("a timeout beyond 64 bits", {"answer_timeout": 2**70}),
        ("a timeout below 64 bits", {"answer_timeout": -(2**70)}),
        ("a fraction with many digits", {"answer_timeout": 0.1 + 0.2}),
        ("an emoji as name", {"calling_name": "😀"}),
        ("a right-to-left mark", {"calling_name": "\u202eevil"}),
    )


def _nested(depth: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner
