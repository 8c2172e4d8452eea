"""Servers that know nothing of the method are found out, whatever they answer."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from basix_contract.contract import load_ledger
from tests.servers.playing import Played, play_many, play_vacuous
from tests.servers.vacuous import ANSWERS

_LIST: dict[str, Any] = tomllib.loads(Path(__file__).with_name("vacuous_passes.toml").read_text("utf-8"))
_ACCEPTANCE, _REJECTION, _FORM = (set(_LIST[name]) for name in ("acceptance", "rejection", "form"))
_ALWAYS_ERROR = [kind for kind in ANSWERS if kind.startswith("always-error")]
_ALWAYS_ZERO = [kind for kind in ANSWERS if kind.startswith("always-zero")]
_NO_ENVELOPE = [kind for kind in ANSWERS if kind not in {*_ALWAYS_ERROR, *_ALWAYS_ZERO}]


@pytest.fixture(scope="module")
def played() -> dict[str, Played]:
    """What the kit says of each of them."""
    return {one.kind: one for one in play_many(play_vacuous, ANSWERS)}


def listed_passes(kind: str) -> set[str]:
    """The rows this server is known to pass."""
    return {row for entry in _LIST["passes"] if kind in entry["servers"] for row in entry["rows"]}


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_server_that_knows_nothing_never_conforms(played: dict[str, Played], kind: str) -> None:
    """One and the same answer to everything is no conformance, and the exit code says so."""
    assert played[kind].verdict in ("does-not-conform", "hollow")
    assert played[kind].exit_code in (1, 3)


@pytest.mark.parametrize("kind", ANSWERS)
def test_what_it_passes_is_on_the_list(played: dict[str, Played], kind: str) -> None:
    """It passes no row beyond those listed with the reason why that is no praise."""
    assert played[kind].with_verdict("pass") - listed_passes(kind) == set()


@pytest.mark.parametrize("kind", _ALWAYS_ERROR)
def test_who_refuses_everything_passes_no_acceptance_row(played: dict[str, Played], kind: str) -> None:
    """A server that answers every request with an error fails the plain call, and every other row that asks for
    acceptance fails too or is not testable because of one that does.
    """
    rows = played[kind].rows
    assert rows["CU-004"].verdict == "fail"
    assert {id_: rows[id_].verdict for id_ in _ACCEPTANCE if rows[id_].verdict not in ("fail", "not-testable")} == {}


@pytest.mark.parametrize("kind", _ALWAYS_ERROR)
def test_who_refuses_everything_proves_no_rejection(played: dict[str, Played], kind: str) -> None:
    """Refusals prove nothing where the good call beside them is refused as well."""
    rows = played[kind].rows
    assert {rows[id_].verdict for id_ in _REJECTION} == {"not-testable"}


@pytest.mark.parametrize("kind", _ALWAYS_ZERO)
def test_who_accepts_everything_breaks_every_rejection_row(played: dict[str, Played], kind: str) -> None:
    """A server that answers every request with success breaks each row that asks for a refusal."""
    rows = played[kind].rows
    broken = {"MUST": "fail", "SHOULD": "warn"}
    assert {id_: rows[id_] for id_ in _REJECTION if rows[id_].verdict != broken[rows[id_].level]} == {}


@pytest.mark.parametrize("kind", _NO_ENVELOPE)
def test_who_sends_no_envelope_passes_nothing_of_substance(played: dict[str, Played], kind: str) -> None:
    """Where no reply has a result_code, neither acceptance nor rejection is seen to hold anywhere."""
    assert played[kind].with_verdict("pass", "warn") & (_ACCEPTANCE | _REJECTION) == set()
    assert played[kind].with_verdict("fail") & {"CU-002", "CU-003"} != set()


def test_a_lie_in_the_callback_is_found(played: dict[str, Played]) -> None:
    """Who accepts everything and calls everything answered is caught by those who do not answer."""
    assert played["always-zero-calling-back"].rows["CU-147"].verdict == "fail"
    assert played["always-zero-calling-back"].rows["CU-180"].verdict == "fail"


def test_canned_uuids_are_found(played: dict[str, Played]) -> None:
    """Who copies the document's two uuids into every reply is caught, and two like requests are not two calls."""
    rows = played["always-zero-canned"].rows
    assert rows["CU-134"].verdict == "fail"
    assert rows["CU-193"].verdict in ("fail", "not-testable")


def test_every_row_is_classed() -> None:
    """Each MUST or SHOULD row of the server role with a check stands in exactly one of the three classes."""
    scored = {row.id for row in load_ledger().for_role("server") if row.checks and row.level in ("MUST", "SHOULD")}

    assert scored == _ACCEPTANCE | _REJECTION | _FORM
    assert len(scored) == len(_ACCEPTANCE) + len(_REJECTION) + len(_FORM)


def test_the_list_gives_reasons_and_names_what_exists() -> None:
    """Each entry of the list has its reason and names servers and rows that exist."""
    for entry in _LIST["passes"]:
        assert len(entry["reason"].split()) > 4
        assert set(entry["servers"]) <= set(ANSWERS)
        assert set(entry["rows"]) <= _ACCEPTANCE | _REJECTION | _FORM


@pytest.mark.matrix
def test_the_list_holds_nothing_that_is_not_passed(played: dict[str, Played]) -> None:
    """What the list excuses does happen; an entry that no longer does is to be taken out."""
    stale = {kind: listed_passes(kind) - played[kind].with_verdict("pass") for kind in ANSWERS}

    assert {kind: rows for kind, rows in stale.items() if rows} == {}
