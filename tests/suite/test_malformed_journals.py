"""A journal may come from anywhere: one that does not hold together is named, and is never the kit's own fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from basix_contract.errors import UsageError
from basix_contract.suite import RunResult, ServerOptions, conclude, observe, run_server
from basix_contract.suite._resume import read_earlier
from tests.suite.profiles import thin_profile

Event = dict[str, Any]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """A short run whose journal is whole."""
    folder = tmp_path_factory.mktemp("run")
    return run_server(ServerOptions(profile=thin_profile(folder), report=folder / "report", only=("CU-004",)))


def altered(result: RunResult, folder: Path, kind: str, change: Callable[[Event], object]) -> Path:
    """The journal with each event of a kind changed in place."""
    lines = [json.loads(line) for line in result.journal.read_text("utf-8").splitlines()]
    for event in lines:
        if event["event"] == kind:
            change(event)
    path = folder / "altered.ndjson"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in lines), "utf-8")
    return path


CHANGES: dict[str, tuple[str, Callable[[Event], object]]] = {
    "a time that is none": ("reply", lambda event: event.update(t="soon")),
    "a time without end": ("end", lambda event: event.update(t=float("inf"))),
    "an ending that is none": ("end", lambda event: event.update(reason=[])),
    "a lag that is none": ("end", lambda event: event.update(lag_s="x")),
    "a status that is none": ("reply", lambda event: event.update(status="200")),
    "a field without a value": ("reply", lambda event: event.update(headers=[["Date"]])),
    "a field that is a number": ("reply", lambda event: event.update(headers=[["Date", 7]])),
    "a body that is no body": ("reply", lambda event: event.update(body={"base64": "abc"})),
    "a request that is not told": ("about-to-send", lambda event: event.update(request="x")),
    "a request of odd fields": ("about-to-send", lambda event: event["request"].update(headers=[None])),
    "a call without a title": ("planned", lambda event: event.pop("title")),
    "a call without a scenario": ("planned", lambda event: event.pop("scenario")),
    "an intent of another kit": ("planned", lambda event: event["intent"].update(mood="good")),
    "an intent that lacks something": ("planned", lambda event: event["intent"].pop("probe")),
    "rows that are no list": ("run", lambda event: event.update(unsupported=True)),
    "known failures that are none": ("run", lambda event: event.update(known_failing=[[1]])),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_journal_that_does_not_hold_together_is_named(result: RunResult, tmp_path: Path, case: str) -> None:
    """Whatever is not as a kit would have written it ends in one sentence about the journal."""
    with pytest.raises(UsageError, match=r"of this event is not|does not hold together|does not say what was sent"):
        conclude(altered(result, tmp_path, *CHANGES[case]))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("planned", lambda event: event.pop("wire")),
        ("run", lambda event: event["profile"]["destinations"][0].pop("kind")),
    ],
)
def test_nothing_is_observed_in_it(
    result: RunResult, tmp_path: Path, kind: str, change: Callable[[Event], object]
) -> None:
    """Nobody is told how a server behaved from a journal that leaves out what was asked of it."""
    with pytest.raises(UsageError, match="does not hold together"):
        observe(altered(result, tmp_path, kind, change))


def test_it_is_not_taken_up_again(result: RunResult, tmp_path: Path) -> None:
    """Where a journal does not say what was sent, sending the rest could send that a second time."""
    journal = altered(result, tmp_path, "about-to-send", lambda event: event.pop("exchange"))
    lines = journal.read_text("utf-8").splitlines()
    journal.write_text("\n".join(line for line in lines if '"event": "end"' not in line), "utf-8")

    with pytest.raises(UsageError, match="does not hold together"):
        read_earlier(journal)
