"""Which feature of a request decided its answer: the one that no accepted request has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from basix_contract.mock import Answer
from basix_contract.suite.observe._seen import Seen

Votes = dict[str, Counter[Answer]]


def decisions(seen: Iterable[Seen]) -> tuple[tuple[str, ...], Mapping[str, Answer]]:
    """Return the features that were accepted, and how those that were not are refused, by majority."""
    told = tuple(seen)
    accepted = {feature: None for one in told if one.answer is None for feature in one.features}
    refusals = [([feature for feature in one.features if feature not in accepted], one) for one in told if one.answer]
    votes: Votes = {}
    for culprits, one in refusals:
        if len(culprits) == 1:
            _vote(votes, culprits[0], one)
    for culprits, one in refusals:
        if len(culprits) > 1 and not _is_explained(culprits, one, votes):
            _vote(votes, next((feature for feature in culprits if feature not in votes), culprits[0]), one)
    return tuple(sorted(accepted)), {feature: votes[feature].most_common(1)[0][0] for feature in sorted(votes)}


def _vote(votes: Votes, feature: str, one: Seen) -> None:
    if one.answer:
        votes.setdefault(feature, Counter())[one.answer] += 1


def _is_explained(culprits: Iterable[str], one: Seen, votes: Votes) -> bool:
    return any(one.answer in votes.get(feature, ()) for feature in culprits)
