"""Bodies that the document allows and, of a profile's people, those that every server must accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from basix_contract.strategies._people import people_of
from basix_contract.strategies._scope import scope_of
from basix_contract.strategies._values import fresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from basix_contract.contract import Document
    from basix_contract.profile import Profile
    from basix_contract.strategies._people import Person

ORDERS = 8
# Which parts of a body are drawn at random and not from the tables, one bit each.
_PERSON, _PLACE, _OPTIONS = 1, 2, 4
_MASKS = st.integers(0, _PERSON | _PLACE | _OPTIONS)
_TURNS = st.integers(0, ORDERS - 1)


def requests(
    profile: Profile | None = None,
    *,
    document: Document | None = None,
    callback_url: str = "",
    allows_invention: bool = False,
) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for request bodies that conform to the document.

    Without a profile: any combination of selectors, group, form of the destination and options that the schema
    allows, whomever it names. With one: only what a conforming server must accept. That is a user who answers, named
    by one selector of theirs or by the pair the vendor's client sends; at most one group they are in; a destination
    of the profile, with its own calling number; integers up to the documented default, and past the time in which the
    user answers; printable texts of up to 64 characters. Each is a MUST of the ledger that `[unsupported]` does not
    except, so a refusal breaks one. auto_answer is true only where the user's row has it.

    `callback_url` is taken as it is, a marker too; with a profile and without it no callback is asked for. Unless
    `allows_invention`, a profile's texts hold nothing that could be dialled, fetched or taken for a parameter.
    Parameters are read from `document`, the shipped one by default. Raises UsageError when the profile has nobody
    who answers and can be named, or no destination. (§ Parameters; A01 to A42)

    >>> from basix_contract.strategies import requests, sample
    >>> sample(requests(), 1, seed=0)
    [{'user_id': 1, 'destination': '0312341234'}]
    """
    scope = scope_of(profile, document=document, callback_url=callback_url, allows_invention=allows_invention)
    return bodies(people_of(scope))


def destinations(
    profile: Profile | None = None, *, document: Document | None = None, allows_invention: bool = False
) -> st.SearchStrategy[Any]:
    """Return a strategy for destinations in every form: text, inline identity, object, object with an end user.

    The arguments, and what a profile makes of it, are those of `requests`. (§ destination; A21 to A34)

    >>> from basix_contract.strategies import destinations, sample
    >>> sample(destinations(), 1, seed=0)
    ['0312341234']
    """
    return _destinations(people_of(scope_of(profile, document=document, allows_invention=allows_invention)))


@st.composite
def bodies(draw: st.DrawFn, people: Sequence[Person]) -> dict[str, Any]:
    """Draw a body that names one of these people; few choices make it, so that it is quickly drawn and shrunk."""
    person = draw(st.sampled_from(people))
    random = draw(_MASKS)
    chosen = [person.selectors[name] for name in draw(person.any_set)]
    body = {field.member: draw(field.random if random & _PERSON else field.listed) for field in chosen}
    for field in draw(person.any_options):
        body[field.member] = draw(field.random if random & _OPTIONS else field.listed)
    form = draw(person.any_form)
    body[form.member] = draw(form.random if random & _PLACE else form.listed)
    group = draw(person.any_group)
    if group is not None:
        body[group.member] = draw(group.random if random & _PERSON else group.listed)
    return turned(fresh(body), draw(_TURNS))


@st.composite
def _destinations(draw: st.DrawFn, people: Sequence[Person]) -> Any:
    form = draw(draw(st.sampled_from(people)).any_form)
    return fresh(draw(form.random if draw(_MASKS) & _PLACE else form.listed))


def turned(body: dict[str, Any], order: int) -> dict[str, Any]:
    """Return the body with its members in another order; as they are for 0."""
    members = list(body.items())
    start = order % max(len(members), 1)
    moved = members[start:] + members[:start]
    return dict(reversed(moved) if order >= ORDERS // 2 else moved)
