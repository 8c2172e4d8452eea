"""Every named defect is killed by the row it breaks; the whole matrix, exact, is `make matrix`."""

from __future__ import annotations

from collections import Counter

import pytest

from basix_contract.checks import SERVER_CHECKS
from basix_contract.contract import load_ledger
from basix_contract.mock import DEFECTS
from tests.defects.kill_matrix import matrix, play_own

_MOST_ALSO = 3


_FIRST = {defect.kills: defect.id for defect in reversed(DEFECTS.values())}
# A defect for every fourth check; all of them are played by `make matrix`.
SOME = list(_FIRST.values())[::4]


@pytest.mark.usefixtures("uncovered")
@pytest.mark.parametrize("defect", SOME)
def test_each_defect_is_killed_by_its_own_row(defect: str) -> None:
    """The row that a defect breaks fails, or warns where it is a SHOULD."""
    row = play_own(defect)

    assert row.is_killed, f"{defect} survives: {row.kills} did not fail, failing are {row.failing or 'none'}"
    assert not row.noise, row.noise


@pytest.mark.matrix
@pytest.mark.parametrize("seed", [0, 1])
def test_the_whole_plan_attributes_each_defect_exactly(seed: int) -> None:
    """Against the whole plan just the checks fail that a defect's row names, at two seeds."""
    inexact = [row for row in matrix(DEFECTS, own_only=False, seed=seed) if not row.is_exact]

    assert not inexact


def test_every_scored_check_is_killed_by_some_defect() -> None:
    """A check that no defect has ever made fail is no check; those that only observe are never failed."""
    observed = {check for row in load_ledger() if row.level == "OBSERVE" for check in row.checks}
    killed = {defect.kills for defect in DEFECTS.values()}

    assert set(SERVER_CHECKS) - observed - killed == set()


def test_every_defect_names_checks_that_exist() -> None:
    """`kills` and `also` are checks of the ledger, `also` at most three, each with its reason."""
    for defect in DEFECTS.values():
        named = [defect.kills, *(check for check, _ in defect.also)]
        assert set(named) <= set(SERVER_CHECKS), defect.id
        assert len(defect.also) <= _MOST_ALSO, defect.id
        assert all(reason for _, reason in defect.also), defect.id
        assert not [name for name, times in Counter(named).items() if times > 1], defect.id
