"""Every flawed client is caught by the row it breaks; the whole matrix, exact, is `make matrix`."""

from __future__ import annotations

from collections import Counter

import pytest

from basix_contract.checks import CLIENT_CHECKS
from basix_contract.contract import load_ledger
from tests.defects.client_matrix import matrix, play, play_own
from tests.defects.clients.catalogue import CLIENT_DEFECTS

_MOST_ALSO = 3
_LEVELS = {check: row.level for row in load_ledger().for_role("client") for check in row.checks}


def _some() -> list[str]:
    """One defect for each check."""
    return list({flaw.kills: flaw.id for flaw in reversed(list(CLIENT_DEFECTS.values()))}.values())


SOME = _some()


@pytest.mark.usefixtures("uncovered")
@pytest.mark.parametrize("flaw", SOME)
def test_each_flawed_client_is_caught_by_its_own_row(flaw: str) -> None:
    """The row that a client breaks fails, or warns where it is a SHOULD."""
    row = play_own(flaw)

    assert row.is_killed, f"{flaw} survives: {row.kills} did not fail, failing are {row.failing or 'none'}"
    assert not row.noise, row.noise


@pytest.mark.parametrize("flaw", ["bearer", "logs-fields"])
def test_a_flawed_client_is_caught_as_a_program_too(flaw: str) -> None:
    """A client fails in the same way as a callable in the kit's process and as a program of its own."""
    assert play(flaw, own_only=True, as_process=True).failing == play(flaw, own_only=True).failing


@pytest.mark.matrix
@pytest.mark.parametrize("seed", [0, 1])
def test_the_whole_plan_attributes_each_fault_exactly(seed: int) -> None:
    """Against all calls just the checks fail that a flawed client's row names, at two seeds."""
    inexact = [row for row in matrix(CLIENT_DEFECTS, own_only=False, seed=seed) if not row.is_exact]

    assert not inexact


@pytest.mark.matrix
def test_every_flawed_client_is_caught_as_a_program() -> None:
    """As programs of their own, the flawed clients are caught just the same."""
    survivors = [row for row in matrix(CLIENT_DEFECTS, own_only=True, as_process=True) if not row.is_killed]

    assert not survivors


def test_every_scored_check_is_failed_by_some_client() -> None:
    """A check that no flawed client has ever made fail is no check; advice and observations are never failed."""
    scored = {check for check in CLIENT_CHECKS if _LEVELS[check] in ("MUST", "SHOULD")}

    assert scored - {flaw.kills for flaw in CLIENT_DEFECTS.values()} == set()


def test_every_flawed_client_names_checks_that_exist() -> None:
    """`kills` and `also` are checks of the role, `also` at most three, each with its reason."""
    for flaw in CLIENT_DEFECTS.values():
        named = [flaw.kills, *(check for check, _ in flaw.also)]
        assert set(named) <= set(CLIENT_CHECKS), flaw.id
        assert len(flaw.also) <= _MOST_ALSO, flaw.id
        assert all(reason for _, reason in flaw.also), flaw.id
        assert not [name for name, times in Counter(named).items() if times > 1], flaw.id


def test_every_flawed_client_differs_from_the_small_one() -> None:
    """A defect replaces at least one step, and no two of them have one id."""
    assert all(flaw.steps for flaw in CLIENT_DEFECTS.values())
    assert len(CLIENT_DEFECTS) >= 40
