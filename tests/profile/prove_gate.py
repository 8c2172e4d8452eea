"""Plays the gate's proof for many cases and says what it saw: `python tests/profile/prove_gate.py [cases]`.

The number of cases may also be given as BASIX_PROOF_CASES; without either it is a hundred thousand.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from hypothesis import Phase, given, seed, settings

from tests.profile.proof import BATCH, UNHURRIED, Proof, cases

_DEFAULT_CASES = 100_000


def prove(count: int) -> int:
    """Play so many cases and print what was seen; return how many leaked."""
    proof, leaks, began_s = Proof(), 0, time.monotonic()
    for batch in range(0, count, BATCH):
        leaks += _prove(proof, min(BATCH, count - batch), batch)
        print(f"{proof.tally.cases} cases, {time.monotonic() - began_s:.0f} s, {leaks} leaks", flush=True)  # noqa: T201 - a script tells its progress
    tally = proof.tally
    print(f"offered {tally.offered}, admitted {tally.admitted}, of which could ring {tally.ringing}")  # noqa: T201 - a script tells its result
    print("left by other ways:", ", ".join(f"{way} {count}" for way, count in sorted(tally.ways.items())))  # noqa: T201 - a script tells its result
    for rule, refused in tally.refused.most_common():
        print(f"  refused by {rule}: {refused}")  # noqa: T201 - a script tells its result
    proof.close()
    return leaks


def _prove(proof: Proof, count: int, number: int) -> int:
    leaks = 0

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=UNHURRIED,
        phases=[Phase.generate],
    )
    @given(cases())
    def play(case: Any) -> None:
        nonlocal leaks
        found = proof.play(*case)
        if found:
            leaks += 1
            print(found[:3], case)  # noqa: T201 - a script tells its result

    play()
    return leaks


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BASIX_PROOF_CASES", str(_DEFAULT_CASES))
    sys.exit(1 if prove(int(asked)) else 0)
