"""Bodies with exactly one breach each, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from basix_contract.strategies._breach_options import option_breaches
from basix_contract.strategies._breach_places import place_breaches
from basix_contract.strategies._breach_users import user_breaches
from basix_contract.strategies._people import people_of
from basix_contract.strategies._scope import scope_of
from basix_contract.strategies._twists import Case, Twist, cases, twisted

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from basix_contract.contract import Document
    from basix_contract.profile import Profile
    from basix_contract.strategies._scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    label: str
    pointer: str
    requirement: str
    level: str
    check: str
    description: str
    is_beyond_schema: bool


def invalid_requests(profile=None, *, document=None, callback_url="", callback_place="", allows_invention=False, only=()):
    scope = scope_of(profile, document=document, callback_url=callback_url, callback_place=callback_place, allows_invention=allows_invention)
    return twisted(_cases(scope))


def _cases(scope: Scope) -> list[Case[Defect]]:
    twists = (twist for family in (user_breaches, place_breaches, option_breaches) for twist in family(scope))
    return cases(scope, people_of(scope), twists, _defect)


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
