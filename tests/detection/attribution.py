"""Does a kill name what is broken? The rule for tools that do not know this kit's checks, and so an easier one.

A defect breaks one part of the contract: the part its check is about. A failure points at parts: at those its check
is about, or, where the check is about requests, at the parts of the members it names, or of the request it shows if
that has three members at most. A kill is attributed when one of its new failures points at the part that is broken.
This kit is measured more strictly: what fails must be just what the defect's row says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from basix_contract.mock import DEFECTS
from tests.detection.outcome import Game, Said

MOST_MEMBERS = 4
REQUEST_PARTS = frozenset({"user", "group", "destination", "option", "callback"})

# The first that fits the beginning of a check's id counts.
_PART_OF_CHECK = {
    "limits/error-id": {"reply", "limit"},
    "limits/": {"limit", "user"},
    "reply/": {"reply"},
    "error/": {"reply"},
    "uuids/": {"reply"},
    "auth/": {"credentials"},
    "selectors/": {"user"},
    "groups/": {"group"},
    "destination/": {"destination"},
    "parameters/callback-url": {"option", "callback"},
    "parameters/": {"option"},
    "examples/": REQUEST_PARTS,
    "combinations/callbacks": {"callback", *REQUEST_PARTS},
    "combinations/legs": {"reply", *REQUEST_PARTS},
    "combinations/": REQUEST_PARTS,
    "media/": {"form"},
    "body/": {"form"},
    "method/": {"form"},
    "callback/": {"callback"},
    "timing/answer-timeout": {"callback", "option"},
    "timing/": {"time"},
    "robustness/": {"reply", *REQUEST_PARTS},
    "concurrency/": {"sequence"},
    "state/": {"sequence"},
}

_PART_OF_MEMBER = {
    "user_": "user",
    "group_": "group",
    "destination": "destination",
    "called_number": "destination",
    "calling_number": "destination",
    "end_user": "destination",
    "answer_timeout": "option",
    "auto_answer": "option",
    "calling_name": "option",
    "callback_url": "option",
}
_MEMBER = re.compile("|".join(sorted(_PART_OF_MEMBER, key=len, reverse=True)))

# What the checks of the other tools are about; `request` stands for the members that a failure names.
ABOUT = {
    "status_code_conformance": {"reply"},
    "content_type_conformance": {"reply"},
    "response_headers_conformance": {"reply"},
    "response_schema_conformance": {"reply"},
    "call_is_answered_by_the_envelope": {"reply", "request"},
    "not_a_server_error": {"reply", "request"},
    "error": {"reply", "request"},
    "ignored_auth": {"credentials"},
    "missing_required_header": {"credentials"},
    "credentials_are_needed": {"credentials"},
    "unsupported_method": {"form"},
    "allow_header_conformance": {"form"},
    "other_methods_place_no_call": {"form"},
    "negative_data_rejection": {"request", "form"},
    "invalid_call_is_refused": {"request", "form"},
    "positive_data_acceptance": {"request"},
    "known_call_is_accepted": {"request"},
    "unknown_user_is_refused": {"user"},
    "ChannelsAreFresh": {"reply", "sequence"},
    "CallbackComesOnce": {"callback"},
    "CallbackIsWellFormed": {"callback"},
    "CallbackTellsTheTruth": {"callback"},
    "NothingStraysToTheReceiver": {"callback", "sequence"},
}


def is_attributed(game: Game) -> bool:
    """Does one of the new failures point at the part that the defect breaks?"""
    broken = broken_by(game.server)
    return any(broken & pointed_at(said) for said in game.heard.new)


def is_exact(game: Game) -> bool:
    """Is what failed just what the defect's row says? Only this kit can be asked that."""
    defect, failing = DEFECTS[game.server], {said.check for said in game.heard.new}
    return defect.kills in failing and failing <= {defect.kills, *(check for check, _ in defect.also)}


def broken_by(defect: str) -> set[str]:
    """The part of the contract that a defect breaks."""
    return part_of(DEFECTS[defect].kills)


def part_of(check: str) -> set[str]:
    """The part of the contract that a check of this kit is about; none for a check that the table does not know."""
    return set(next((parts for beginning, parts in _PART_OF_CHECK.items() if check.startswith(beginning)), ()))


def pointed_at(said: Said) -> set[str]:
    """The parts of the contract that a failure points at."""
    parts = set(ABOUT.get(said.check, {"reply"} if said.check.startswith("response") else set()))
    if "request" in parts:
        parts |= set(_parts_named(said))
    return parts - {"request"}


def _parts_named(said: Said) -> Iterator[str]:
    names = [said.text]
    if len(said.members) <= MOST_MEMBERS:
        names += said.members
    for name in names:
        yield from (_PART_OF_MEMBER[found] for found in _MEMBER.findall(name))
