"""The gate's reading of a body: every value in it that could reach a person or another host, and its rule.

It reads as the most obliging server might: members given twice count twice, names count in any case, and a
body that is no JSON is searched for whatever could be taken for a value.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from basix_contract.profile._allowed import RESOLVERS, Allowed
from basix_contract.profile._numbers import is_forbidden_number, looks_diallable, normal_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_INLINE = re.compile(r"\{[^}]*\}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_DIGIT_RUN = re.compile(r"\+?\d[\d\s().-]+\d")
_SAFE_PICTURE = re.compile(r"(https?://[a-z.]+\.example/[a-z./]*|[a-z]*\.?[a-z]*)")
_NO_HOST = re.compile(r"(https?://)?|/[a-z_]*|[a-z ]*")
_SPARE = re.compile(r"[a-zA-Z_ .\-]{0,64}")
_OFF = ("", "false", "0", "none", "[]", "{}")

Member = tuple[str, Any]


class People:
    """Judges bodies against an allow-list; `callback_place` is our receiver's `host:port/path` prefix."""

    def __init__(self, allowed: Allowed, callback_place: str) -> None:
        self._allowed = allowed
        self._place = callback_place
        self._rules: dict[str, Callable[[Any, list[Member]], Iterator[tuple[str, str]]]] = {
            "destination": self._destination,
            "callback_url": self._callback_url,
            "group_resolver": self._resolver,
            "auto_answer": self._auto_answer,
            "calling_name": self._free_text,
            "answer_timeout": self._free_text,
        }
        # What a careless server could take for a documented name: any case, any punctuation.
        self._names = {_plain(name): name for name in (*self._rules, *allowed.selectors)}

    def refusals(self, raw: bytes) -> Iterator[tuple[str, str]]:
        """Yield (rule, what) for everything in a body that may not leave."""
        members = _members(raw)
        if members is None:
            yield from self._unreadable(raw)
            return
        for name, value in members:
            yield from self._member(name, value, members)

    def names_anybody(self, raw: bytes) -> bool:
        """Tell whether a body names a user at all, as far as any server could read it."""
        members = _members(raw)
        if members is None:
            return any(
                f"user{word}" in _plain(raw.decode("latin-1"))
                for word in ("id", "name", "label", "ext", "did", "email")
            )
        return any(_plain(name).startswith("user") and value not in (None, "", [], {}) for name, value in members)

    def _member(self, name: str, value: Any, members: list[Member]) -> Iterator[tuple[str, str]]:
        known = self._names.get(_plain(name), "")
        if known in self._rules:
            yield from self._rules[known](value, members)
        elif known:
            yield from self._selector(known, value)
        else:
            yield from self._unknown_member(name, value)

    def _selector(self, name: str, value: Any) -> Iterator[tuple[str, str]]:
        for part in _scalars(value):
            if normal_form(part) not in self._allowed.selectors[name]:
                yield "people", f"{name} is not in the profile"

    def _destination(self, value: Any, _members: list[Member]) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for name, part in value.items():
                yield from self._destination_member(name, part)
            return
        for part in _scalars(value):
            yield from self._number(_INLINE.sub("", str(part), count=1))
            yield from self._inline(str(part))

    def _destination_member(self, name: str, value: Any) -> Iterator[tuple[str, str]]:
        plain = _plain(name)
        if plain == "callednumber":
            for part in _scalars(value):
                yield from self._number(str(part))
        elif plain == "callingnumber":
            for part in _scalars(value):
                if normal_form(part) not in self._allowed.calling_numbers:
                    yield "calling-number", "calling_number is not declared in the profile"
        elif plain == "enduser":
            yield from _pictures(value)
        else:
            yield from self._unknown_member(name, value)

    def _inline(self, text: str) -> Iterator[tuple[str, str]]:
        for group in _INLINE.findall(text)[:1]:
            for pair in group.strip("{}").split(","):
                key, _, part = pair.partition("=")
                if _plain(key) == "callingnumber" and normal_form(part) not in self._allowed.calling_numbers:
                    yield "calling-number", "calling_number is not declared in the profile"
                if _plain(key) == "avatar":
                    yield from _pictures({"avatar": part})

    def _number(self, value: str) -> Iterator[tuple[str, str]]:
        if value == "":
            return
        if is_forbidden_number(value):
            yield "emergency", "the destination is an emergency or special-service number"
        elif normal_form(value) not in self._allowed.destinations:
            yield "destination", "the destination is not in the profile"

    def _callback_url(self, value: Any, _members: list[Member]) -> Iterator[tuple[str, str]]:
        for part in _scalars(value):
            text = str(part)
            ours = re.fullmatch(r"([a-z]+:)?/{0,2}" + re.escape(self._place) + r"[!-~]*", text, re.ASCII)
            if not (ours and self._place) and not _NO_HOST.fullmatch(text) and not isinstance(part, int):
                yield "callback", "the callback_url is not our own receiver"

    def _resolver(self, value: Any, _members: list[Member]) -> Iterator[tuple[str, str]]:
        for part in _scalars(value):
            if part not in RESOLVERS:
                yield "group", "group_resolver could name a group outside the profile"

    def _auto_answer(self, value: Any, members: list[Member]) -> Iterator[tuple[str, str]]:
        if str(value).lower() in _OFF:
            return
        named = [
            f"{known}={normal_form(part)}"
            for name, part in members
            if (known := self._names.get(_plain(name), "")).startswith("user_") and part not in (None, "")
        ]
        if not named or any(row not in self._allowed.auto_answer for row in named):
            yield "auto-answer", "auto_answer would open a microphone that the profile does not release"

    def _free_text(self, _value: Any, _members: list[Member]) -> Iterator[tuple[str, str]]:
        return iter(())

    def _unknown_member(self, name: str, value: Any) -> Iterator[tuple[str, str]]:
        for part in _scalars(value):
            if looks_diallable(part) or not _SPARE.fullmatch(str(part)):
                yield (
                    "unknown-member",
                    f"the unknown member {name[:20]!r} holds a value that could be dialled or fetched",
                )

    def _unreadable(self, raw: bytes) -> Iterator[tuple[str, str]]:
        """Search bytes that are no JSON object: every quoted text, form value and long number must be allowed."""
        text = raw.decode("latin-1")
        found = {match.encode().decode("unicode_escape", "replace") for match in _QUOTED.findall(text)}
        found |= {value for _, value in parse_qsl(text, keep_blank_values=True)} if "=" in text else set()
        found |= set(_DIGIT_RUN.findall(_without(text, self._place)))
        for value in found:
            if not self._is_harmless(value):
                yield "unreadable", "a body that is no JSON holds a value that is not in the profile"
                return

    def _is_harmless(self, value: str) -> bool:
        rest = _without(value, self._place)
        if rest != value:
            return not _DIGIT_RUN.search(rest)
        if is_forbidden_number(value):
            return False
        known = (
            normal_form(value) in self._allowed.everything
            or normal_form(_INLINE.sub("", value)) in self._allowed.everything
        )
        return known or _plain(value) in self._names


def _without(text: str, place: str) -> str:
    """Take out our own callback URLs, tokens and ports included."""
    if not place or place not in text:
        return text
    return re.sub(r"([a-z]{1,10}:)?/{0,2}" + re.escape(place) + r"[!-~]*?(?=[\"'&\s]|$)", "", text)


def _pictures(end_user: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(end_user, dict):
        return
    for name, value in end_user.items():
        if _plain(name) == "avatar" and not _SAFE_PICTURE.fullmatch(str(value)):
            yield "avatar", "the avatar could be fetched from another host"


def _members(raw: bytes) -> list[Member] | None:
    """Return the members of a JSON object, repeated ones too; None when the body is no JSON object."""
    try:
        pairs = json.loads(raw, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return None
    if not isinstance(pairs, _Pairs):
        return None
    return [(name, _thaw(value)) for name, value in pairs]


class _Pairs(list[Member]):
    """An object's members in order, none lost."""


def _thaw(value: Any) -> Any:
    """Give nested objects back; repeated members are kept apart by a mark, so that each is judged."""
    if isinstance(value, _Pairs):
        thawed: dict[str, Any] = {}
        for name, part in value:
            thawed[name if name not in thawed else f"{name}\0"] = _thaw(part)
        return thawed
    return [_thaw(part) for part in value] if isinstance(value, list) else value


def _scalars(value: Any) -> Iterator[Any]:
    """Yield every text and number inside a value; empty text, null and booleans name nobody."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _scalars(part)
    elif isinstance(value, list):
        for part in value:
            yield from _scalars(part)
    elif value not in (None, "") and not isinstance(value, bool) and value != 0:
        yield value


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())
