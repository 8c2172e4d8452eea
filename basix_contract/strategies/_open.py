"""Bodies whose acceptance the document leaves open, and the words for what is open in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from basix_contract.strategies._open_options import option_openings
from basix_contract.strategies._open_places import place_openings
from basix_contract.strategies._open_users import group_openings, user_openings
from basix_contract.strategies._scope import scope_of
from basix_contract.strategies._twists import Case, Twist, cases, twisted

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from basix_contract.contract import Document
    from basix_contract.profile import Profile
    from basix_contract.strategies._scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The one thing in a body that need not be accepted.

    `level` is that of the ledger's row: SHOULD when accepting it is better, OBSERVE when either will do, MUST when
    either will do and the reply has to be a proper one (CU-212).
    """

    label: str
    pointer: str
    requirement: str
    level: str
    check: str
    description: str


def open_requests(
    profile: Profile | None = None,
    *,
    document: Document | None = None,
    callback_url: str = "",
    allows_invention: bool = False,
    only: str = "",
) -> SearchStrategy[tuple[dict[str, Any], Opening]]:
    """Return a strategy for `(body, opening)`: a body of `requests` with one thing in it that may be refused.

    The arguments are those of `requests`; `only` is the label of the one opening wanted. Such a body may ring its
    user. Raises UsageError as `requests` does, and for a label that is not in `openings`.

    >>> from basix_contract.strategies import open_requests, sample
    >>> body, opening = sample(open_requests(only="an unknown parameter"), 1, seed=0)[0]
    >>> body, opening.requirement, opening.level
    ({'user_id': 1, 'destination': '0312341234', 'note': 'x'}, 'CU-111', 'OBSERVE')
    """
    scope = scope_of(profile, document=document, callback_url=callback_url, allows_invention=allows_invention)
    return twisted(_cases(scope, only))


def openings(
    profile: Profile | None = None, *, document: Document | None = None, allows_invention: bool = False
) -> tuple[Opening, ...]:
    """Return every opening that `open_requests` draws with the same arguments; no two have one label.

    >>> from basix_contract.strategies import openings
    >>> "every user selector" in [opening.label for opening in openings()]
    True
    """
    scope = scope_of(profile, document=document, allows_invention=allows_invention)
    return tuple(case.notice for case in _cases(scope))


def _cases(scope: Scope, only: str = "") -> list[Case[Opening]]:
    families = (user_openings, group_openings, place_openings, option_openings)
    return cases(scope, (twist for family in families for twist in family(scope)), _opening, only)


def _opening(twist: Twist) -> Opening:
    row = twist.requirement
    return Opening(
        label=twist.label,
        pointer=twist.pointer,
        requirement=row.id,
        level=row.level,
        check=twist.check,
        description=row.statement,
    )
