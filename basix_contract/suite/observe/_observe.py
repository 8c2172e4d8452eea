"""Reads a journal for how the target behaved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from basix_contract.errors import UsageError
from basix_contract.mock import Likeness, People, shipped_words
from basix_contract.suite._journal import read_journal
from basix_contract.suite._reading import holding_together
from basix_contract.suite._recall import recall
from basix_contract.suite.observe._decide import decisions
from basix_contract.suite.observe._manner import callback_manner, reply_manner
from basix_contract.suite.observe._seen import see

if TYPE_CHECKING:
    from basix_contract.suite._journal import Event


def observe(journal: Path) -> Likeness:
    """Return how the server behaved whose run this journal tells; offline, nothing is sent.

    Raises UsageError for a file that is no journal of a server's run, or of a kit that wrote no profile into it.
    """
    events = list(read_journal(journal))
    head = next((event for event in events if event["event"] == "run"), {})
    profile = head.get("profile")
    if head.get("role") != "server" or not isinstance(profile, dict):
        raise UsageError(
            "this is no journal of a server's run that says whom it may ring",
            where=str(journal),
            fix="give the journal of a run of `conformance server` by this version of the kit",
        )
    with holding_together():
        return _observed(events, profile)


def _observed(events: list[Event], profile: dict[str, Any]) -> Likeness:
    people = People.of_profile(profile)
    history = recall(events).history()
    seen = tuple(see(history, events, people, shipped_words()))
    accepted, refused = decisions(seen)
    answers = {event["exchange"]: event["wire"]["callback_answers"] for event in events if event["event"] == "planned"}
    return Likeness(
        reply=reply_manner(seen),
        callback=callback_manner(history.exchanges, answers, people),
        accepted=accepted,
        refused=refused,
    )
