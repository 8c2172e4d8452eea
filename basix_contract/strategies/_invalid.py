"""Bodies with exactly one breach each, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from basix_contract.strategies._breach_options import option_breaches
from basix_contract.strategies._breach_places import place_breaches
from basix_contract.strategies._breach_users import user_breaches
from basix_contract.strategies._scope import scope_of
from basix_contract.strategies._twists import Case, Twist, cases, twisted

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from basix_contract.contract import Document
    from basix_contract.profile import Profile
    from basix_contract.strategies._scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """The one breach of an invalid body.

    `pointer` is where a validator reports it, as in a Violation. `requirement`, `level` (MUST or SHOULD), `check` and
    `description`, its statement, are those of the ledger's row that the body breaks. `is_beyond_schema`: no validator
    can see it, only who knows the people.
    """

    label: str
    pointer: str
    requirement: str
    level: str
    check: str
    description: str
    is_beyond_schema: bool


def invalid_requests(
    profile: Profile | None = None,
    *,
    document: Document | None = None,
    callback_url: str = "",
    callback_place: str = "",
    allows_invention: bool = False,
    only: str = "",
) -> SearchStrategy[tuple[Any, Defect]]:
    """Return a strategy for `(body, defect)`: a body of `requests` with exactly one breach of a MUST or SHOULD row.

    The first arguments are those of `requests`. `callback_place` is our receiver without a scheme,
    `host:port/path`, or a marker for it: breaches of callback_url that name a host name that one, and there are none
    of them without it. Who does not exist comes from `[absent]`; with `allows_invention` others are made up too.
    `only` is the label of the one defect wanted. A callback_url that is no URL may be accepted by a server that then
    never calls it (CU-109). Raises UsageError as `requests` does, and for a label that is not in `defects`.

    >>> from basix_contract.strategies import invalid_requests, sample
    >>> body, defect = sample(invalid_requests(), 1, seed=0)[0]
    >>> body, defect.label, defect.requirement
    ({'destination': '0312341234'}, 'no user selector', 'CU-050')
    """
    scope = scope_of(
        profile,
        document=document,
        callback_url=callback_url,
        callback_place=callback_place,
        allows_invention=allows_invention,
    )
    return twisted(_cases(scope, only))


def defects(
    profile: Profile | None = None,
    *,
    document: Document | None = None,
    callback_place: str = "",
    allows_invention: bool = False,
) -> tuple[Defect, ...]:
    """Return every defect that `invalid_requests` draws with the same arguments; no two have one label.

    >>> from basix_contract.strategies import defects
    >>> sorted({defect.level for defect in defects()})
    ['MUST', 'SHOULD']
    """
    scope = scope_of(profile, document=document, callback_place=callback_place, allows_invention=allows_invention)
    return tuple(case.notice for case in _cases(scope))


def _cases(scope: Scope, only: str = "") -> list[Case[Defect]]:
    families = (user_breaches, place_breaches, option_breaches)
    return cases(scope, (twist for family in families for twist in family(scope)), _defect, only)


def _defect(twist: Twist) -> Defect:
    row = twist.requirement
    return Defect(
        label=twist.label,
        pointer=twist.pointer,
        requirement=row.id,
        level=row.level,
        check=twist.check,
        description=row.statement,
        is_beyond_schema=twist.is_beyond_schema,
    )
