"""What a PBX may say: the replies to a call, and the results sent to a callback URL, odd but legal ones among them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from basix_contract.contract import load_document
from basix_contract.strategies._fields import field_of
from basix_contract.strategies._schemas import Schema, branches_of, is_allowed, types_of
from basix_contract.strategies._valid import ORDERS, turned
from basix_contract.strategies._values import fresh
from basix_contract.strategies._words import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from basix_contract.contract import Document, Example

_MOST_ITEMS = 8
_EXTRA: tuple[Mapping[str, Any], ...] = (
    {"message": "ringing ☎"},
    {"request_id": "req-1", "elapsed_ms": 12.5},
    {"details": {"deep": [1, None, {"": []}]}},
    {"": None},
    {"warnings": []},
    {"note": "x" * 5000},
)


def responses(document: Document | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for bodies of conforming replies: successes with one to eight uuids, and errors.

    uuids are of any version and case, error ids any text, codes any integer; members may stand in any order, and
    undocumented ones beside them. (§ Response; A49, A53 to A57)

    >>> from basix_contract.strategies import responses, sample
    >>> sample(responses(), 1, seed=0)
    [{'result_code': 0, 'uuids': ['1c46fc4b-a42f-410e-82b5-11aa2a1f69fe']}]
    """
    known = document or load_document()
    return _Message(known, known.reply_pointer, known.reply_examples).any


def callbacks(document: Document | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for bodies of conforming callbacks: answered and not answered, as odd as those of `responses`.

    (§ callback_url, example 5; A48, A49, A54, A57)

    >>> from basix_contract.strategies import callbacks, sample
    >>> sample(callbacks(), 1, seed=0)
    [{'result_code': 0, 'uuid': 'ede7b23e-c172-445e-832e-963b11ba2b96'}]
    """
    known = document or load_document()
    return _Message(known, known.callback_pointer, known.callback_examples).any


@dataclass(frozen=True)
class _Message:
    """One kind of body; what its examples show at a place is drawn there more often than anything else."""

    document: Document
    pointer: str
    examples: Mapping[str, Example]

    @cached_property
    def _schema(self) -> Schema:
        return self.document.schema(self.pointer)

    @property
    def any(self) -> st.SearchStrategy[dict[str, Any]]:
        """Draws a body."""
        return self._value(self._schema, [example.value for example in self.examples.values()])

    def _value(self, schema: Schema, shown: Sequence[Any]) -> st.SearchStrategy[Any]:
        definitions = self._schema.get("$defs", {})
        return st.one_of([self._one(branch, shown) for branch in branches_of(schema, definitions)])

    def _one(self, schema: Schema, shown: Sequence[Any]) -> st.SearchStrategy[Any]:
        if "object" in types_of(schema):
            members = {
                name: self._value(inner, [value[name] for value in shown if isinstance(value, dict) and name in value])
                for name, inner in schema["properties"].items()
            }
            return _objects(members, frozenset(schema.get("required", ())))
        if "array" in types_of(schema):
            items = self._value(schema["items"], [item for value in shown for item in value])
            unique = _alike if schema.get("uniqueItems") else None
            return st.lists(items, min_size=schema.get("minItems", 0), max_size=_MOST_ITEMS, unique_by=unique)
        return self._plain(schema, shown)

    def _plain(self, schema: Schema, shown: Sequence[Any]) -> st.SearchStrategy[Any]:
        field = field_of(words_of(self.document), "", schema)
        known = list(dict.fromkeys(value for value in shown if is_allowed(schema, value)))
        return st.one_of(
            [st.sampled_from(known), field.listed, field.random] if known else [field.listed, field.random]
        )


def _alike(item: Any) -> str:
    """Return the same for items that differ in case only."""
    return json.dumps(item).casefold()


@st.composite
def _objects(
    draw: st.DrawFn, members: Mapping[str, st.SearchStrategy[Any]], required: frozenset[str]
) -> dict[str, Any]:
    """Draw an object with all it must have, some of what it may have, and now and then what nobody documents."""
    optional = [name for name in members if name not in required]
    given = draw(st.integers(0, 2 ** len(optional) - 1)) if optional else 0
    names = [*required, *(name for at, name in enumerate(optional) if given >> at & 1)]
    body = {name: draw(members[name]) for name in members if name in names}
    extra = draw(st.sampled_from(({}, {}, {}, *_EXTRA)))
    return turned(
        fresh({**body, **{name: value for name, value in extra.items() if name not in members}}), draw(_TURNS)
    )


_TURNS = st.integers(0, ORDERS - 1)
