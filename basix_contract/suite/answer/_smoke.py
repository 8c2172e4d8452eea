"""`--smoke`: a few calls that tell whether an adapter does its part, before a client is blamed for what it does not."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.checks import CLIENT_CHECKS
from basix_contract.profile import Profile
from basix_contract.suite._files import shipped
from basix_contract.suite._journal import Journal, read_journal
from basix_contract.suite._redact import Redactor
from basix_contract.suite.answer._adapter import ProcessAdapter
from basix_contract.suite.answer._play import play
from basix_contract.suite.answer._recall import recall_client
from basix_contract.suite.answer._scenarios import filled, read_scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.checks import ClientHistory
    from basix_contract.suite.answer._recall import ClientRecall

_POINTS = (
    ("outcome/success", "it places a call and reports its success, with the uuids of the reply"),
    ("given/every-parameter", "the parameters arrive under their names"),
    ("sign-in/basic-at-once", "domain and token arrive"),
    ("given/text", "texts of any script arrive, quotes and backslashes too"),
    ("sign-in/special-characters", "a token with blanks, quotes and colons arrives whole"),
    ("outcome/error-id", "an error is reported with its error_id and result_code"),
    ("hostile/not-json", "a reply that is no JSON is reported as exception, unknown or error"),
    ("hostile/finished", "every call is reported once, within its timeout_s and a second"),
    ("outcome/together", "calls given together are each reported under their own case"),
)


@dataclass(frozen=True, slots=True)
class SmokePoint:
    """One thing an adapter must do; `problem` says what was seen instead, and is empty where it does it."""

    what: str
    problem: str = ""


def smoke_client(command: tuple[str, ...]) -> tuple[SmokePoint, ...]:
    """Try an adapter and return what it does and what not; raises UsageError when it cannot be started."""
    adapter = ProcessAdapter(command)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.ndjson"
        with Journal(path, Redactor(Profile(), "")) as journal:
            play(filled(read_scenarios(shipped("scenarios/adapter")), 0), adapter, journal, 0)
        told = recall_client(read_journal(path))
    return (*_points(told.history(), told), _farewell(has_left=adapter.left_by_itself))


def _points(history: ClientHistory, told: ClientRecall) -> Iterator[SmokePoint]:
    for check, what in _POINTS:
        finding = CLIENT_CHECKS[check](history)
        problem = {"held": "", "not-testable": "not tried: the first call came to nothing"}
        yield SmokePoint(what, problem.get(finding.status, finding.detail))
    noise = f"{told.noise[0]} ({len(told.noise)} in all)" if told.noise else ""
    yield SmokePoint("its standard output holds answers and nothing else", noise)


def _farewell(*, has_left: bool) -> SmokePoint:
    problem = "" if has_left else "it was still there half a second later, and was ended"
    return SmokePoint("it ends when its standard input is closed", problem)
