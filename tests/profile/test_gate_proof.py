"""Whatever is planned, drawn or made up, nobody outside the profile is reached: shown over worlds and spellings.

`prove_gate.py` beside this file plays the same for as many cases as you like.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import Phase, given, seed, settings

from basix_contract.profile import RULES
from tests.profile.known_attacks import ATTACKS
from tests.profile.known_flaws import FLAWS
from tests.profile.proof import BATCH, UNHURRIED, GateWithout, Proof, cases, other_cases

CASES = int(os.environ.get("BASIX_PROOF_CASES", "400"))
MANY_CASES = int(os.environ.get("BASIX_PROOF_CASES", "100000"))

_SETTINGS = settings(
    deadline=None, database=None, suppress_health_check=UNHURRIED, phases=[Phase.explicit, Phase.generate]
)


@pytest.fixture
def proof() -> Iterator[Proof]:
    """A proof of the gate as it is."""
    found = Proof()
    yield found
    found.close()


def _prove(proof: Proof, count: int, *, known_share: int = 40, number: int = 0, other_ways: bool = False) -> None:
    @seed(number)
    @settings(_SETTINGS, max_examples=count)
    @given(other_cases() if other_ways else cases(known_share))
    def nobody_outside_the_profile_is_reached(case: Any) -> None:
        assert proof.play(*case) == []

    nobody_outside_the_profile_is_reached()


def test_nobody_outside_the_profile_is_reached(proof: Proof) -> None:
    """Profiles, targets and requests in every spelling: the most obliging server finds no stranger, no emergency, no
    undeclared calling_number, no other host and no call beyond the budget in what leaves.
    """
    _prove(proof, CASES)

    assert proof.tally.ringing > CASES / 10
    assert proof.tally.refused.total() > CASES / 2
    assert set(proof.tally.ways) == {"listen", "trigger", "resume"}


@pytest.mark.matrix
def test_nobody_outside_the_profile_is_reached_in_many_cases(proof: Proof) -> None:
    """The same for a hundred thousand cases, in runs that Hypothesis can keep in mind."""
    for first in range(0, MANY_CASES, BATCH):
        _prove(proof, min(BATCH, MANY_CASES - first), number=first)

    assert proof.tally.cases >= MANY_CASES
    assert proof.tally.ringing > MANY_CASES / 10


@pytest.mark.parametrize("rule", RULES)
def test_a_gate_that_forgets_a_rule_is_caught(rule: str) -> None:
    """Without any one of its rules the gate fails the same proof: no rule is idle, and the proof can fail."""
    proof = Proof(partial(GateWithout, rule))
    try:
        with pytest.raises(AssertionError):
            _prove(proof, 1_500, known_share=2)
    finally:
        proof.close()


@pytest.mark.parametrize("rule", ATTACKS)
def test_each_known_attack_is_held_off_by_its_rule(proof: Proof, rule: str) -> None:
    """Each known attack is refused by the rule it is named after; without that rule it reaches somebody."""
    assert proof.play(*ATTACKS[rule]) == []
    assert proof.tally.refused[rule] == 1
    assert proof.tally.refused.total() == 1

    forgetful = Proof(partial(GateWithout, rule))
    try:
        assert forgetful.play(*ATTACKS[rule])
    finally:
        forgetful.close()


@pytest.mark.parametrize("name", FLAWS)
def test_each_other_way_out_is_guarded(proof: Proof, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is resumed, `listen` and `trigger` hold; each of them leaks without what guards it."""
    world, wanted, forget = FLAWS[name]
    assert proof.play(world, wanted) == []

    forget(monkeypatch)

    assert proof.play(world, wanted) != []


@pytest.mark.parametrize("name", FLAWS)
def test_a_way_out_without_its_guard_is_caught(proof: Proof, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The drawn cases find out each way that has lost its guard."""
    FLAWS[name][2](monkeypatch)

    with pytest.raises(AssertionError):
        _prove(proof, 1_500, other_ways=True)


def test_every_rule_has_its_attack() -> None:
    """No rule is without an attack that it alone holds off."""
    assert set(ATTACKS) == set(RULES)
