"""Every flawed receiver is killed by the row it breaks; the whole matrix, exact, is `make matrix`."""

from __future__ import annotations

from collections import Counter

import pytest

from basix_contract.checks import RECEIVER_CHECKS
from basix_contract.contract import load_ledger
from tests.defects.receiver_matrix import play_own, receiver_matrix, run_against
from tests.defects.receivers.application import Application, Incoming
from tests.defects.receivers.catalogue import RECEIVER_DEFECTS

_MOST_ALSO = 3


def _some() -> list[str]:
    """One flawed receiver for each check; all of them are played by `make matrix`."""
    return list({defect.kills: defect.id for defect in reversed(RECEIVER_DEFECTS.values())}.values())


SOME = _some()


@pytest.mark.usefixtures("uncovered")
@pytest.mark.parametrize("defect", SOME)
def test_each_flawed_receiver_is_killed_by_its_own_row(defect: str) -> None:
    """The row that a receiver breaks fails, or warns where it is a SHOULD."""
    row = play_own(defect)

    assert row.is_killed, f"{defect} survives: {row.kills} did not fail, failing are {row.failing or 'none'}"
    assert not row.noise, row.noise


@pytest.mark.matrix
@pytest.mark.parametrize("seed", [0, 1])
def test_the_whole_plan_attributes_each_fault_exactly(seed: int) -> None:
    """Against the whole plan just the checks fail that a receiver's row names, at two seeds."""
    inexact = [row for row in receiver_matrix(RECEIVER_DEFECTS, own_only=False, seed=seed) if not row.is_exact]

    assert not inexact


def test_every_scored_check_is_killed_by_some_receiver() -> None:
    """A check that no receiver has ever made fail is no check; those that only observe are never failed."""
    observed = {check for row in load_ledger() if row.level == "OBSERVE" for check in row.checks}
    killed = {defect.kills for defect in RECEIVER_DEFECTS.values()}

    assert set(RECEIVER_CHECKS) - observed - killed == set()


def test_every_flawed_receiver_names_checks_that_exist() -> None:
    """`kills` and `also` are checks of the receiver role, `also` at most three, each with its reason."""
    for defect in RECEIVER_DEFECTS.values():
        named = [defect.kills, *(check for check, _ in defect.also)]
        assert set(named) <= set(RECEIVER_CHECKS), defect.id
        assert len(defect.also) <= _MOST_ALSO, defect.id
        assert all(reason for _, reason in defect.also), defect.id
        assert not [name for name, times in Counter(named).items() if times > 1], defect.id
        assert defect.summary.endswith("."), defect.id


class _Thanks(Application):
    """Answers 204 to everything, and does nothing."""

    def answer(self, incoming: Incoming) -> int:
        del incoming
        return 204


class _Refuses(Application):
    """Answers 500 to everything."""

    def answer(self, incoming: Incoming) -> int:
        del incoming
        return 500


@pytest.mark.parametrize(
    ("application", "passes"),
    [
        # Whoever takes everything takes every callback: only what they make of it, and of junk, tells them apart.
        (_Thanks, {"CU-401", "CU-402", "CU-403", "CU-404", "CU-405", "CU-406", "CU-407", "CU-408", "CU-409", "CU-410"}
         | {"CU-411", "CU-412", "CU-413", "CU-420", "CU-421", "CU-422", "CU-423", "CU-424", "CU-426", "CU-429"}),
        pytest.param(_Refuses, set(), marks=pytest.mark.matrix),
    ],
)  # fmt: skip
def test_an_empty_receiver_never_conforms(application: type[Application], passes: set[str]) -> None:
    """Thanking for everything passes what asks for thanks, and no more; an answer that is always 500 passes nothing."""
    result = run_against(application(), is_told=False, is_observed=False)

    assert result.verdict != "conforms"
    assert result.exit_code != 0
    assert {row.id for row in result.requirements if row.verdict == "pass"} == passes
