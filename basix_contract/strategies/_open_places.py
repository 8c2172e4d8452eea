"""What is open about destinations: objects for people inside, keys nobody documents, odd members, odd places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from basix_contract.strategies._people import destinations_for
from basix_contract.strategies._schemas import Schema, types_of
from basix_contract.strategies._texts import BEYOND, UNPRINTABLE, stretched
from basix_contract.strategies._twists import Twist
from basix_contract.strategies._values import placed
from basix_contract.strategies._words import check_of, is_known

if TYPE_CHECKING:
    from basix_contract.strategies._people import Person
    from basix_contract.strategies._scope import Scope
    from basix_contract.strategies._words import Identity, Inline

Places: TypeAlias = "Callable[[Person], Iterable[Any]]"

_ODD = "robustness/unusual-values"
_WORD, _PICTURE = "olive", "olive.png"
_UNKNOWN: tuple[tuple[str, Any], ...] = (("note", "x"), ("shoe_size", "38"), ("tags", []), ("", "x"))
_WRONG: tuple[Any, ...] = (None, [], {}, True, "")
_NO_PERSON: tuple[Any, ...] = (None, [], True, "Olive")
_UNPAIRED = ("\ud800", "half \udfff of a letter")
_ELSEWHERE = ("media_plug", "uservoicemail,thomas", "groupvoicemail,sales", "+81312341234", "03-1234-1234")
_NOWHERE = ("nobody-at-all", "09999999999")
_FOREIGN_NUMBER = "05099998888"


def place_openings(scope: Scope) -> Iterator[Twist]:
    """Yield what is open about where an answered call goes."""
    identity, inline = scope.words.identity, scope.words.inline
    if scope.may_invent:
        yield _at(scope, "another kind of place", "destination/open-forms", lambda _: _ELSEWHERE)
        yield _at(scope, "nobody's place", "destination/unresolvable", lambda _: _NOWHERE)
    if inline is not None:
        yield from _inline(scope, inline)
    if identity is not None:
        yield from _objects(scope, identity)
    if identity is not None and identity.person:
        yield from _persons(scope, identity)


def _at(scope: Scope, label: str, check: str, places: Places, *path: str) -> Twist:
    name = scope.words.destination
    pointer = "/".join(("", name, *path))
    return Twist(
        label=label, pointer=pointer, check=check, variants=lambda person: ({name: place} for place in places(person))
    )


def _inline(scope: Scope, inline: Inline) -> Iterator[Twist]:
    """Put other keys than the documented ones into the braces, and those in another order."""
    shapes: dict[str, tuple[str, ...]] = {f"{key} in the inline form": (key,) for key in inline.expected}
    shapes["the inline form turned round"] = inline.documented[::-1]
    pictures = scope.words.identity.pictures if scope.words.identity else ()
    for label, keys in shapes.items():

        def written(person: Person, keys: tuple[str, ...] = keys) -> list[str]:
            pairs = {key: _PICTURE if key in pictures else _WORD for key in keys}
            return [inline.write(pairs, number) for number in _numbers(scope, person)]

        yield _at(scope, label, "destination/inline-other-keys", written)


def _numbers(scope: Scope, person: Person) -> list[str]:
    """Return the numbers a person's objects call."""
    identity = scope.words.identity
    return list(dict.fromkeys(known[identity.number] for known in person.objects)) if identity else []


def _objects(scope: Scope, identity: Identity) -> Iterator[Twist]:
    forms = "destination/open-forms"
    yield _at(scope, "an object for a place inside", forms, lambda person: _inside(scope, identity, person))
    unknown = [((name,), value) for name, value in _UNKNOWN]
    yield _at(scope, "an unknown member of the object", forms, _changed(unknown))
    for name in identity.texts:
        wrong = [((name,), value) for value in _WRONG]
        yield _at(scope, f"{name} of the object is no text", _ODD, _changed(wrong), name)
        check = check_of("destination", f"foreign-{name}")
        if scope.may_invent and is_known(check):
            yield _at(scope, f"a foreign {name}", check, _changed([((name,), _FOREIGN_NUMBER)]), name)


def _inside(scope: Scope, identity: Identity, person: Person) -> list[Any]:
    rows = destinations_for(scope, person.row) if person.row is not None else ()
    return [{identity.number: row.value} for row in rows if row.kind != "pstn"]


def _persons(scope: Scope, identity: Identity) -> Iterator[Twist]:
    who, odd = identity.person, "destination/end-user-open"
    yield _at(scope, f"an empty {who}", odd, _changed([((who,), {})]), who)
    yield _at(
        scope, f"an unknown member of {who}", odd, _changed(((who, name), value) for name, value in _UNKNOWN), who
    )
    yield _at(scope, f"{who} is no object", _ODD, _changed(((who,), value) for value in _NO_PERSON), who)
    for name, schema in identity.members.items():
        for label, check, values in _odd_texts(schema, is_picture=name in identity.pictures):
            changed = _changed(((who, name), value) for value in values)
            yield _at(scope, f"{who}.{name} {label}", check, changed, who, name)


def _odd_texts(schema: Schema, *, is_picture: bool) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Yield what is odd in a member of an end user: label, check, values."""
    yield "is no text", _ODD, _WRONG
    if is_picture:
        yield "is no URL", "destination/end-user-open", (_PICTURE,)
    elif "integer" in types_of(schema):
        yield "is an integer", "destination/end-user-id-integer", (11223344, 1, 0)
    else:
        longer = tuple(stretched("長いテキスト", length) for length in BEYOND)
        yield "is unusual", _ODD, (*UNPRINTABLE, *_UNPAIRED, *longer)


def _changed(changes: Iterable[tuple[tuple[str, ...], Any]]) -> Places:
    """Return a person's objects with each of the values at its place."""
    listed = list(changes)

    def places(person: Person) -> Iterator[Any]:
        for known, (path, value) in product(person.objects, listed):
            yield placed(known, path, value)

    return places
