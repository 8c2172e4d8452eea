"""Receivers that are right in different ways raise no alarm; over many seeds, `make matrix`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.receivers import with_node
from tests.receivers.family import RECEIVERS, alarms, play

QUICK = ("our own, over ASGI", "our own, over WSGI")


@pytest.mark.parametrize("name", QUICK)
def test_a_correct_receiver_conforms(name: str, tmp_path: Path) -> None:
    """Nothing is held against a receiver that keeps the contract."""
    result = play(name, tmp_path, 0)

    assert alarms(result) == []
    assert (result.verdict, result.exit_code) == ("conforms", 0)


@pytest.mark.matrix
@pytest.mark.parametrize("name", RECEIVERS)
def test_a_correct_receiver_conforms_whatever_is_drawn(name: str, tmp_path: Path) -> None:
    """No seed draws a callback for which a correct receiver is blamed."""
    if name == "node" and with_node.NODE is None:
        pytest.skip("node is not installed")

    found = {seed: alarms(play(name, tmp_path / str(seed), seed)) for seed in range(20)}

    assert not any(found.values()), found
