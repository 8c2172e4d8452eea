"""Bodies that the document allows and, of a profile's people, those that every server must accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from basix_contract.strategies._people import people_of
from basix_contract.strategies._scope import fresh, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from basix_contract.contract import Document
    from basix_contract.profile import Profile
    from basix_contract.strategies._people import Person

# Which parts of a body are drawn at random and not from the tables, one bit each.
_PERSON, _PLACE, _OPTIONS = 1, 2, 4
_ORDERS = 8


def requests(
    profile: Profile | None = None,
    *,
    document: Document | None = None,
    callback_url: str = "",
    allows_invention: bool = False,
) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for request bodies."""
    scope = scope_of(profile, document=document, callback_url=callback_url, allows_invention=allows_invention)
    return bodies(people_of(scope))


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


def turned(body: dict[str, Any], order: int) -> dict[str, Any]:
    """Return the body with its members in another order; as they are for 0."""
    members = list(body.items())
    start = order % len(members)
    moved = members[start:] + members[:start]
    return dict(reversed(moved) if order >= _ORDERS // 2 else moved)


_MASKS = st.integers(0, _PERSON | _PLACE | _OPTIONS)
_TURNS = st.integers(0, _ORDERS - 1)
