"""What is open about destinations: objects for people inside, keys nobody documents, odd members, odd places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from basix_contract.strategies._people import destinations_for
from basix_contract.strategies._schemas import types_of
from basix_contract.strategies._texts import BEYOND, UNPRINTABLE, stretched
from basix_contract.strategies._twists import Twist, objects_of, placed

if TYPE_CHECKING:
    from basix_contract.strategies._people import Person
    from basix_contract.strategies._scope import Scope
    from basix_contract.strategies._twists import Members, Variants
    from basix_contract.strategies._words import Identity, Inline

_ODD = "robustness/unusual-values"
_INLINE_TEXTS = ("Illinois", "Olive", "x-1")
_UNKNOWN: tuple[tuple[str, Any], ...] = (("note", "x"), ("shoe_size", "38"), ("tags", []), ("", "x"))
_WRONG: tuple[Any, ...] = (None, [], {}, True)
_ELSEWHERE = ("media_plug", "uservoicemail,thomas", "groupvoicemail,sales", "+81312341234", "03-1234-1234", "０３１２３４")


def place_openings(scope: Scope) -> Iterator[Twist]:
    """Yield what is open about where an answered call goes."""
    identity, inline = scope.words.identity, scope.words.inline
    yield from _elsewhere(scope)
    if inline is not None:
        yield from _inline(scope, inline)
    if identity is not None:
        yield from _objects(scope, identity)
    if identity is not None and identity.person:
        yield from _persons(scope, identity)


def _elsewhere(scope: Scope) -> Iterator[Twist]:
    if scope.may_invent:
        yield _at(scope, "another kind of place", "destination/open-forms", lambda _: _ELSEWHERE)
        yield _at(scope, "nobody's place", "destination/unresolvable", lambda _: ("nobody-at-all", "09999999999"))


def _inline(scope: Scope, inline: Inline) -> Iterator[Twist]:
    """Put other keys than the documented ones into the braces, and those in another order."""

    def written(person: Person, keys: tuple[str, ...]) -> Iterator[str]:
        for text, number in zip(_INLINE_TEXTS, _numbers(scope, person) * len(_INLINE_TEXTS), strict=False):
            yield inline.write(dict.fromkeys(keys, text), number)

    check = "destination/inline-other-keys"
    for key in inline.expected:
        yield _at(scope, f"{key} in the inline form", check, lambda person, key=key: written(person, (key,)))
    turned = inline.documented[::-1]
    yield _at(scope, "the inline form turned round", check, lambda person: written(person, turned))
