"""Which defects a short run plays: some of each check, so that no part of the contract is left out."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping

from basix_contract.mock import DEFECTS, Defect


def stratified(size: int, seed: int = 0, catalogue: Mapping[str, Defect] = DEFECTS) -> list[str]:
    """Draw so many defects, in the catalogue's order: one of each check in turn, until there are enough.

    Of the checks too the order is drawn, so that a sample smaller than the number of checks favours none.
    """
    by_check: dict[str, list[str]] = defaultdict(list)
    for defect in catalogue.values():
        by_check[defect.kills].append(defect.id)
    draw = random.Random(seed)  # noqa: S311 - reproducible is what is wanted; nothing secret hangs on it
    strata = [draw.sample(ids, len(ids)) for ids in by_check.values()]
    draw.shuffle(strata)
    rounds = range(max(map(len, strata), default=0))
    drawn = {ids[number] for number, ids in _in_turn(strata, rounds)[:size]}
    return [id_ for id_ in catalogue if id_ in drawn]


def _in_turn(strata: list[list[str]], rounds: range) -> list[tuple[int, list[str]]]:
    return [(number, ids) for number in rounds for ids in strata if number < len(ids)]
