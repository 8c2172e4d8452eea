"""From the scenario files of the client role to calls ready to be played."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from basix_contract.checks import CLIENT_CHECKS
from basix_contract.contract import load_scenarios
from basix_contract.errors import SpecError
from basix_contract.suite._files import shipped
from basix_contract.suite.answer._cases import ALLOWED, ORDERS, ClientCase, ClientScenario
from basix_contract.suite.answer._combinations import combinations
from basix_contract.suite.answer._filling import Filler
from basix_contract.suite.answer._replies import read_reply

if TYPE_CHECKING:
    from pathlib import Path

    from basix_contract.suite.answer._cases import Order, ReplyScript

_SHARED = ("serves", "params", "domain", "token", "timeout_s", "reply", "replies", "allows")
_OF_SCENARIO = ("id", "title", "order", "last", "afterwards", "cases", *_SHARED)
_OF_CASE = ("title", *_SHARED)
_PLAIN: Mapping[str, Any] = {
    "params": {"user_name": "jessica", "destination": "0312341234"},
    "domain": "kit.example",
    "token": "{token}",
    "timeout_s": 2.0,
    "replies": ({"json": {"result_code": 0, "uuids": ["{uuid}", "{uuid}"]}},),
}
_NEXT_CALL: Mapping[str, Any] = {**_PLAIN, "serves": ("hostile/next-call",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredCase:
    """One call as its file declares it: what is left to the seed is still open."""

    id: str
    title: str
    serves: tuple[str, ...]
    params: Mapping[str, Any]
    declared: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredScenario:
    """One scenario as its file declares it."""

    id: str
    order: Order
    is_last: bool
    cases: tuple[DeclaredCase, ...]


def read_scenarios(folder: Path | None = None) -> tuple[DeclaredScenario, ...]:
    """Return every scenario of the client role; with a folder, the scenarios in it alone.

    Raises SpecError naming scenario and call where one is not as it must be.
    """
    return _shipped() if folder is None else tuple(map(_scenario, load_scenarios(folder)))


def filled(plan: tuple[DeclaredScenario, ...], seed: int) -> tuple[ClientScenario, ...]:
    """Return scenarios ready to be played, what they leave open drawn by this seed; errors as for `read_scenarios`."""
    return tuple(
        ClientScenario(
            id=scenario.id,
            order=scenario.order,
            is_last=scenario.is_last,
            cases=tuple(_filled(case, scenario.id, seed) for case in scenario.cases),
        )
        for scenario in plan
    )


@cache
def _shipped() -> tuple[DeclaredScenario, ...]:
    drawn = {"id": "combinations", "serves": ("given/nothing-else",), "cases": tuple(combinations())}
    return tuple(map(_scenario, (*load_scenarios(shipped("scenarios/client")), drawn)))


def _scenario(declared: Mapping[str, Any]) -> DeclaredScenario:
    name = declared["id"]
    _ensure_known(declared, _OF_SCENARIO, name)
    order = declared.get("order", "together")
    if order not in ORDERS:
        raise SpecError(f"{name}: order must be one of {', '.join(ORDERS)}, not {order!r}")
    has_sequel = bool(declared.get("afterwards"))
    return DeclaredScenario(
        id=name,
        order="in-turn" if has_sequel else order,
        is_last=has_sequel or bool(declared.get("last")),
        cases=tuple(_cases(declared, name)),
    )


def _cases(declared: Mapping[str, Any], name: str) -> Iterator[DeclaredCase]:
    """Yield a scenario's calls, after each a plain one where the scenario asks what comes afterwards."""
    shared = _settled(declared)
    for number, case in enumerate(declared.get("cases", ({},)), start=1):
        where = f"{name}.{number}"
        _ensure_known(case, _OF_CASE, where)
        title = case.get("title", declared.get("title", name))
        yield _case(where, title, {**_PLAIN, **shared, **_settled(case)})
        if declared.get("afterwards"):
            yield _case(f"{where}.next", f"the call after {title}", _NEXT_CALL)


def _case(id_: str, title: str, declared: Mapping[str, Any]) -> DeclaredCase:
    serves = tuple(_known_check(check, id_) for check in declared.get("serves", ()))
    return DeclaredCase(id=id_, title=title, serves=serves, params=declared["params"], declared=declared)


def _settled(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return what calls may have of a declaration; a single `reply` is a list of one."""
    found = {key: declared[key] for key in _SHARED if key in declared}
    return found | ({"replies": (found.pop("reply"),)} if "reply" in found else {})


def _ensure_known(declared: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in declared:
        if key not in known:
            raise SpecError(f"{where}: unknown key {key}; known here: {', '.join(known)}")


def _filled(case: DeclaredCase, scenario: str, seed: int) -> ClientCase:
    filler = Filler(seed, case.id)
    values = {key: filler.fill(value) for key, value in case.declared.items()}
    replies = tuple(read_reply(reply, case.id) for reply in values["replies"])
    allows = tuple(values.get("allows", ())) or _plainly_allowed(replies[-1], case.id)
    if unknown := [way for way in allows if way not in ALLOWED]:
        raise SpecError(f"{case.id}: allows must be of {', '.join(ALLOWED)}, not {unknown[0]!r}")
    return ClientCase(
        id=case.id,
        scenario=scenario,
        title=case.title,
        serves=case.serves,
        params=values["params"],
        domain=values["domain"],
        token=values["token"],
        timeout_s=float(values["timeout_s"]),
        replies=replies,
        allows=allows,
    )


def _known_check(check: str, where: str) -> str:
    if check not in CLIENT_CHECKS:
        near = difflib.get_close_matches(check, CLIENT_CHECKS, n=1)
        raise SpecError(f"{where}: there is no check {check}" + (f"; did you mean {near[0]}?" if near else ""))
    return check


def _plainly_allowed(reply: ReplyScript, where: str) -> tuple[str, ...]:
    """Return what a good reply allows; of any other the scenario must say it."""
    if not reply.says.is_envelope:
        raise SpecError(f"{where}: say what the reply allows: {', '.join(ALLOWED)}")
    return ("success",) if reply.says.result_code == 0 else ("error",)
