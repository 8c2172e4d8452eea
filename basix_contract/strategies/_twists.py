"""A good body with one thing changed: what the change is, and what it can be for each person.

Which changes there are stands in the `_breach…` and `_open…` modules.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from hypothesis import strategies as st

from basix_contract.contract import Requirement, load_ledger
from basix_contract.errors import UsageError
from basix_contract.strategies._people import people_of, silent
from basix_contract.strategies._valid import bodies
from basix_contract.strategies._values import distinct, fresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from basix_contract.strategies._people import Person
    from basix_contract.strategies._scope import Scope

Members: TypeAlias = Mapping[str, Any]
Variants: TypeAlias = Callable[["Person"], Iterable[Members]]
N = TypeVar("N")


@dataclass(frozen=True, slots=True, kw_only=True)
class Twist:
    """One change: members that are taken out, and what is put in their place.

    `variants` gives the members to put in, any one of them; where it gives none, that person's bodies cannot have the
    change. `wraps` makes something else of the whole body.
    """

    label: str
    pointer: str
    check: str
    variants: Variants
    drops: tuple[str, ...] = ()
    is_beyond_schema: bool = False
    wraps: Callable[[dict[str, Any]], Any] | None = None

    @property
    def requirement(self) -> Requirement:
        """The row that the check judges."""
        return load_ledger().requirement_of(self.check)

    def of(self, body: Members, variant: Members) -> Any:
        """Return the changed body; nothing in it is shared with either."""
        kept = {name: value for name, value in body.items() if name not in self.drops}
        changed: dict[str, Any] = fresh({**kept, **variant})
        return changed if self.wraps is None else self.wraps(changed)


@dataclass(frozen=True, slots=True, repr=False)
class Case(Generic[N]):
    """A twist with its notice, and for each person who can have it the bodies and variants to draw from."""

    notice: N
    twist: Twist
    makers: st.SearchStrategy[tuple[st.SearchStrategy[dict[str, Any]], st.SearchStrategy[Members]]]


def cases(scope: Scope, twists: Iterable[Twist], notice: Callable[[Twist], N], only: str = "") -> list[Case[N]]:
    """Return the twists that somebody's bodies can have, or the one of a label.

    Rows that the profile excepts are left out. Raises UsageError naming the nearest label when there is no such one.
    """
    people, known = people_of(scope), list(twists)
    excepted = scope.profile.unsupported.rows if scope.profile else ()
    # With nobody named, nobody can have released their microphone.
    strategies = {
        is_named: [_good(scope, person, is_named=is_named) for person in people] for is_named in (True, False)
    }
    found = []
    for twist in known:
        if only in ("", twist.label) and twist.requirement.id not in excepted:
            good = strategies[not set(scope.words.users) <= set(twist.drops)]
            own = [distinct(twist.variants(person)) for person in people]
            makers = [(body, st.sampled_from(some)) for body, some in zip(good, own, strict=True) if some]
            found += [Case(notice(twist), twist, st.sampled_from(makers))] if makers else []
    if not found:
        near = difflib.get_close_matches(only, [twist.label for twist in known], n=1, cutoff=0.5)
        raise UsageError(f"nothing is labelled {only!r}", fix=f"did you mean {near[0]!r}?" if near else "")
    return found


def _good(scope: Scope, person: Person, *, is_named: bool) -> st.SearchStrategy[dict[str, Any]]:
    return bodies((person if is_named or scope.may_invent else silent(person),))


@st.composite
def twisted(draw: st.DrawFn, table: Sequence[Case[N]]) -> tuple[Any, N]:
    """Draw one of the cases, and a body for it."""
    case = draw(st.sampled_from(table))
    good, variants = draw(case.makers)
    return case.twist.of(draw(good), draw(variants)), case.notice


# ── variants ──


def every(*variants: Members) -> Variants:
    """Return variants that are the same for everybody."""
    return lambda _: variants


def may_be_on(scope: Scope, person: Person, name: str) -> bool:
    """Tell whether a switch may be on, or look so to a lenient server, in this person's bodies."""
    return scope.may_invent or any(True in option.values for option in person.options if option.member == name)
