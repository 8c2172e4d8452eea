"""The gate's reading of a JSON object: every value in it that could reach a person or another host, and its rule.

It reads as the most obliging server might: members given twice count twice, and names count in any case, with or
without their punctuation.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from basix_contract.profile._allowed import GROUP, USER
from basix_contract.profile._numbers import dials_forbidden_number, is_emergency_number
from basix_contract.profile._reading import Members, is_void, plain_name, scalars
from basix_contract.profile._rules import Doubt
from basix_contract.profile._texts import (
    doubts_about_end_user,
    doubts_about_text,
    doubts_about_texts,
    doubts_about_unknown,
    is_safe_picture,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from basix_contract.profile._allowed import Allowed
    from basix_contract.profile._receiver_urls import ReceiverUrls

    Judge = Callable[[Any, tuple["Known", ...]], Iterator[str]]

Known: TypeAlias = tuple[str, str, Any]  # the documented name, the name as it stands there, the value

RESOLVERS = frozenset({"*", "**", "any", "any:", "any:CALL_CENTER", "CALL_CENTER"})
"""Resolvers that can name no group outside the user's own: the two documented ones, and broken forms of them."""

_RESOLVER, _MISPRINTED = "group_resolver", "name_name"
_MOST_SECONDS_TEXT = 4
_LONGEST_PLACE = 1_000
_INLINE = re.compile(r"\{([^{}]*)\}([^{}]*)", re.DOTALL)
_INLINE_KEYS = ("id", "name", "organization", "prefecture", "avatar", "calling_number")
_INLINE_VALUE = re.compile(r"[^=,'\"\\^|<>\[\];&\r\n\0]*")
_OFF = (None, False, 0, "")
_SWITCHES = frozenset({"true", "false", "1", "0", "yes", "no", "on", "off"})


class People:
    """Judges the members of a body against an allow-list."""

    def __init__(self, allowed: Allowed, urls: ReceiverUrls) -> None:
        self._allowed = allowed
        self._urls = urls
        self._numbers = (allowed.destinations, allowed.calling_numbers)
        self._judges: dict[str, Judge] = {
            "destination": self._destination,
            "callback_url": lambda value, _: urls.doubts_about(value),
            "calling_name": lambda value, _: doubts_about_texts(value, self._numbers),
            "answer_timeout": self._answer_timeout,
            "auto_answer": self._auto_answer,
            _RESOLVER: self._resolver,
        }
        selectors = [name for name in allowed.selectors if name != _RESOLVER]
        self._names = {plain_name(name): name for name in (*self._judges, *selectors)}
        self._names[plain_name(_MISPRINTED)] = f"{USER}name"

    def know(self, members: Members) -> tuple[Known, ...]:
        """Return the members of a body beside the documented name that each could be taken for; empty for none."""
        return tuple((self._names.get(name) or self._names.get(plain_name(name), ""), name, v) for name, v in members)

    def doubts(self, body: tuple[Known, ...]) -> Iterator[Doubt]:
        """Yield everything in a body that may not leave."""
        for known, name, value in body:
            for rule in self._rules_broken(known, name, value, body):
                yield Doubt(rule, known)

    def calls(self, body: tuple[Known, ...]) -> int:
        """Return how many calls a body may place: none when it names nobody who exists, else one for each user.

        A selector given twice may ring twice; different selectors may be one user's.
        """
        named = Counter(
            known
            for known, _, value in body
            if known.startswith(USER) and any(part in self._allowed.people[known] for part in scalars(value))
        )
        return max(named.values(), default=0)

    def _rules_broken(self, known: str, name: str, value: Any, body: tuple[Known, ...]) -> Iterator[str]:
        if not known:
            return doubts_about_unknown(name, value)
        judge = self._judges.get(known)
        return judge(value, body) if judge else self._selector(known, value)

    def _selector(self, name: str, value: Any) -> Iterator[str]:
        """Take single values only: a list may ring many, an object may be a question to a database."""
        if is_void(value):
            return
        if not name.endswith("_id") and is_emergency_number(value):
            yield "emergency"
        elif value not in self._allowed.selectors[name]:
            yield "group" if name.startswith(GROUP) else "people"

    def _resolver(self, value: Any, _body: tuple[Known, ...]) -> Iterator[str]:
        if not is_void(value) and (not isinstance(value, str) or value not in RESOLVERS):
            yield "group"

    # ── where the answered call goes ──

    def _destination(self, value: Any, _body: tuple[Known, ...]) -> Iterator[str]:
        if isinstance(value, Members):
            for name, part in value:
                yield from self._destination_member(name, part)
        else:
            yield from self._place(value)

    def _destination_member(self, name: str, value: Any) -> Iterator[str]:
        plain = plain_name(name)
        if plain == "callednumber":
            yield from self._place(value)
        elif plain == "callingnumber":
            yield from self._calling_number(value)
        elif plain == "enduser":
            yield from doubts_about_end_user(value, self._numbers)
        else:
            yield from doubts_about_unknown(name, value)

    def _place(self, value: Any) -> Iterator[str]:
        """Judge what is called: a listed value, bare or behind one pair of braces with plain texts in it."""
        if is_void(value):
            return
        if isinstance(value, str) and len(value) > _LONGEST_PLACE:
            yield "destination"
            return
        found = _INLINE.fullmatch(value) if isinstance(value, str) else None
        if found and value not in self._allowed.destinations:
            yield from self._inline(found[1])
            value = found[2]
        if isinstance(value, list):
            yield "destination"
        elif dials_forbidden_number(value):
            yield "emergency"
        elif value in self._allowed.endless:
            yield "endless"
        elif value not in self._allowed.destinations:
            yield "destination"

    def _inline(self, text: str) -> Iterator[str]:
        for pair in text.split(","):
            key, _, part = pair.partition("=")
            if key not in _INLINE_KEYS or not _INLINE_VALUE.fullmatch(part):
                yield "destination"
            elif key == "calling_number":
                yield from self._calling_number(part)
            elif key == "avatar":
                yield from () if is_safe_picture(part) else ("avatar",)
            else:
                yield from doubts_about_end_user(Members([(key, part)]), self._numbers)

    def _calling_number(self, value: Any) -> Iterator[str]:
        if is_void(value):
            return
        if dials_forbidden_number(value):
            yield "emergency"
        elif value not in self._allowed.calling_numbers:
            yield "calling-number"

    # ── the other parameters ──

    def _answer_timeout(self, value: Any, _body: tuple[Known, ...]) -> Iterator[str]:
        for part in scalars(value):
            if isinstance(part, str) and not (part.isdigit() and len(part) <= _MOST_SECONDS_TEXT):
                yield from doubts_about_text(part, ())

    def _auto_answer(self, value: Any, body: tuple[Known, ...]) -> Iterator[str]:
        """Let pass what every language takes for off, and anything else for users whose rows release it."""
        if any(type(value) is type(off) and value == off for off in _OFF):
            return
        callees = [(known, part) for known, _, part in body if known.startswith(USER) and not is_void(part)]
        if not callees or any(part not in self._allowed.willing[known] for known, part in callees):
            yield "auto-answer"
        if any(str(part).lower() not in _SWITCHES for part in scalars(value)):
            yield "auto-answer"
