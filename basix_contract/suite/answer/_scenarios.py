"""From the scenario files of the client role to calls ready to be played."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from basix_contract.checks import CLIENT_CHECKS
from basix_contract.contract import load_scenarios
from basix_contract.errors import SpecError
from basix_contract.suite._files import shipped
from basix_contract.suite.answer._cases import ALLOWED, ORDERS, ClientCase, ClientScenario, ReplyScript
from basix_contract.suite.answer._combinations import combinations
from basix_contract.suite.answer._filling import Filler
from basix_contract.suite.answer._replies import read_reply

if TYPE_CHECKING:
    from pathlib import Path

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


def read_scenarios(seed: int, folder: Path | None = None) -> tuple[ClientScenario, ...]:
    """Return every scenario of the client role, filled by this seed; with a folder, the scenarios in it alone.

    Raises SpecError naming scenario and call where one is not as it must be.
    """
    declared = load_scenarios(folder or shipped("scenarios/client"))
    drawn = () if folder else (_combined(),)
    return tuple(_scenario(item, seed) for item in (*declared, *drawn))


@cache
def _combined() -> Mapping[str, Any]:
    return {"id": "combinations", "serves": ("given/nothing-else",), "cases": tuple(combinations())}


def _scenario(declared: Mapping[str, Any], seed: int) -> ClientScenario:
    name = declared["id"]
    _ensure_known(declared, _OF_SCENARIO, name)
    order = declared.get("order", "together")
    if order not in ORDERS:
        raise SpecError(f"{name}: order must be one of {', '.join(ORDERS)}, not {order!r}")
    cases = tuple(_cases(declared, name, seed))
    has_sequel = bool(declared.get("afterwards"))
    return ClientScenario(
        id=name,
        order="in-turn" if has_sequel else order,
        is_last=has_sequel or bool(declared.get("last")),
        cases=cases,
    )


def _cases(declared: Mapping[str, Any], name: str, seed: int) -> Iterator[ClientCase]:
    """Yield a scenario's calls, after each a plain one where the scenario asks what comes afterwards."""
    shared = _settled(declared)
    for number, case in enumerate(declared.get("cases", ({},)), start=1):
        where = f"{name}.{number}"
        _ensure_known(case, _OF_CASE, where)
        title = case.get("title", declared.get("title", name))
        yield _case(where, name, title, {**_PLAIN, **shared, **_settled(case)}, seed)
        if declared.get("afterwards"):
            yield _case(f"{where}.next", name, f"the call after {title}", _NEXT_CALL, seed)


def _settled(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return what calls may have of a declaration; a single `reply` is a list of one."""
    found = {key: declared[key] for key in _SHARED if key in declared}
    return found | ({"replies": (found.pop("reply"),)} if "reply" in found else {})


def _ensure_known(declared: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in declared:
        if key not in known:
            raise SpecError(f"{where}: unknown key {key}; known here: {', '.join(known)}")


def _case(id_: str, scenario: str, title: str, declared: Mapping[str, Any], seed: int) -> ClientCase:
    filler = Filler(seed, id_)
    filled = {key: filler.fill(value) for key, value in declared.items()}
    replies = tuple(read_reply(reply, id_) for reply in filled["replies"])
    allows = tuple(filled.get("allows", ())) or _plainly_allowed(replies[-1], id_)
    if unknown := [way for way in allows if way not in ALLOWED]:
        raise SpecError(f"{id_}: allows must be of {', '.join(ALLOWED)}, not {unknown[0]!r}")
    return ClientCase(
        id=id_,
        scenario=scenario,
        title=title,
        serves=tuple(_known_check(check, id_) for check in filled.get("serves", ())),
        params=filled["params"],
        domain=filled["domain"],
        token=filled["token"],
        timeout_s=float(filled["timeout_s"]),
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
