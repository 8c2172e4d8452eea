"""What a request may hold, as generated tables say it, and the body made of what was given.

Names, types and limits stand in `_generated/`; here is only how they are applied. No text repeats a value: it may be
somebody's number, name or address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from basix_contract.client._envelopes import Envelope
from basix_contract.client._errors import ApiError, InvalidRequest
from basix_contract.client._values import Given
from basix_contract.messages import Violation

Rules: TypeAlias = Mapping[str, "Rule"]

_KINDS = ((bool, "a boolean"), (str, "text"), (int, "a whole number"), (float, "a number"), (Mapping, "a mapping"))
_SCALARS = frozenset({str, int, bool})
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one member may hold; `wanted` says so in words, `members` are those of an object."""

    wanted: str
    kinds: tuple[type[Any], ...]
    choices: tuple[Any, ...] = ()
    lowest: int | None = None
    shortest: int = 0
    pattern: str = ""
    members: Rules | None = None
    required: tuple[str, ...] = ()

    def allows(self, value: Any) -> bool:
        """Tell whether a value that is no object is one of those allowed; a boolean is never a number."""
        if isinstance(value, bool):
            return bool in self.kinds
        if not isinstance(value, self.kinds) or (self.choices and value not in self.choices):
            return False
        if isinstance(value, str):
            return len(value) >= self.shortest and (not self.pattern or re.search(self.pattern, value) is not None)
        return self.lowest is None or bool(value >= self.lowest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the document: where it is, what it takes, and what its reply is.

    `selectors` are the members of which at least one has to be given and not be empty. `errors` are the kinds of
    ApiError by their id, `refusals` the statuses under which anything that is no envelope means refused credentials.
    """

    path: str
    method: str
    media_type: str
    members: Rules
    required: tuple[str, ...]
    selectors: tuple[str, ...]
    envelope: Envelope
    errors: Mapping[str, type[ApiError]]
    refusals: frozenset[int]

    def body_of(self, given: Mapping[str, Any]) -> bytes:
        """Return the body that holds what is not None, and nothing else.

        Raises InvalidRequest when that is no request by the contract.
        """
        body = {name: _plain(value) for name, value in given.items() if value is not None}
        if found := (*_wrong_members(self.members, self.required, body, ""), *self._no_selector(body)):
            raise InvalidRequest(found)
        return _encoded(body)

    def _no_selector(self, body: Mapping[str, Any]) -> Iterator[Violation]:
        if not any(body.get(name, "") != "" for name in self.selectors):
            yield Violation("", f"give at least one of {', '.join(self.selectors)}", "user-selector")


def _plain(value: Any) -> Any:
    if type(value) in _SCALARS:
        return value
    members = value.members() if isinstance(value, Given) else value
    if isinstance(members, Mapping):
        return {name: _plain(part) for name, part in members.items() if part is not None}
    return members


def _encoded(body: Mapping[str, Any]) -> bytes:
    try:
        return _ENCODER.encode(body).encode()
    except UnicodeEncodeError:
        text = "a text holds half of a surrogate pair, which cannot be sent: decode it again from where it came"
        raise InvalidRequest((Violation("", text, "text"),)) from None


def _wrong_members(rules: Rules, required: tuple[str, ...], body: Mapping[Any, Any], at: str) -> Iterator[Violation]:
    for name in required:
        if name not in body:
            yield Violation(f"{at}/{name}", f"{_spoken(at, name)} is missing: it is {rules[name].wanted}", "required")
    for name, value in body.items():
        rule = rules.get(name)
        if rule is None:
            yield _unknown(rules, name, at)
        elif rule.members is not None and isinstance(value, Mapping):
            yield from _wrong_members(rule.members, rule.required, value, f"{at}/{name}")
        elif not rule.allows(value):
            text = f"{_spoken(at, name)} must be {rule.wanted}"
            kind = "" if isinstance(value, rule.kinds) and not isinstance(value, bool) else f", not {_kind(value)}"
            yield Violation(f"{at}/{name}", text + kind, "value")


def _unknown(rules: Rules, name: Any, at: str) -> Violation:
    import difflib  # noqa: PLC0415 - for a mistake only; every start would wait for it

    near = difflib.get_close_matches(str(name), rules, n=1, cutoff=0.5)
    fix = f"did you mean {near[0]}?" if near else f"known here: {', '.join(rules)}"
    return Violation(at, f"{at[1:].replace('/', '.') or 'a call'} has no member {str(name)!r}: {fix}", "unknown")


def _spoken(at: str, name: str) -> str:
    return ".".join([*at.split("/")[1:], name])


def _kind(value: Any) -> str:
    return next((words for kind, words in _KINDS if isinstance(value, kind)), f"a {type(value).__name__}")
