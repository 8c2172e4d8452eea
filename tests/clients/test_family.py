"""Clients that differ and keep the contract are found to keep it."""

from __future__ import annotations

import shutil

import pytest

from basix_contract.suite import smoke_client
from tests.clients.alarms import told
from tests.clients.family import COMMANDS, IN_PROCESS
from tests.defects.processes import LONGEST_S, pool

SOME = ("urllib", "requests", "own", "node")


def _needs(kind: str) -> str:
    """The program that a client needs and this machine lacks."""
    needed = {"node": ("node",), "curl": ("curl", "jq", "flock")}.get(kind, ())
    return next((program for program in needed if shutil.which(program) is None), "")


@pytest.mark.parametrize("kind", SOME)
def test_a_client_that_differs_raises_no_alarm(kind: str) -> None:
    """A client of another library, another language or another reading conforms."""
    if _needs(kind):
        pytest.skip(f"{_needs(kind)} is not installed")

    _, alarms = told(kind, 0)

    assert alarms == []


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_shipped_adapter_does_its_part(kind: str) -> None:
    """The adapters that ship pass every point of their own test."""
    if _needs(kind):
        pytest.skip(f"{_needs(kind)} is not installed")

    assert [point for point in smoke_client(COMMANDS[kind]) if point.problem] == []


@pytest.mark.matrix
@pytest.mark.parametrize("kind", [*IN_PROCESS, *COMMANDS])
def test_no_seed_raises_an_alarm(kind: str) -> None:
    """No client of the family raises a false alarm with any of twenty seeds."""
    if _needs(kind):
        pytest.skip(f"{_needs(kind)} is not installed")
    with pool() as processes:
        said = list(processes.map(told, [kind] * 20, range(20), timeout=LONGEST_S))

    assert {seed: alarms for seed, (_, alarms) in enumerate(said) if alarms} == {}
