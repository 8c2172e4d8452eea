"""The document's own mistakes: as printed they are refused, as mended in the specification they hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.spec.judges import ACCEPTED, CALLBACK, OPERATION, REFUSED, judge_callback, judge_request

FIXTURES = Path(__file__).parent / "fixtures"
REQUEST_EXAMPLES = OPERATION["requestBody"]["content"]["application/json"]["examples"]
CALLBACK_EXAMPLES = CALLBACK["post"]["requestBody"]["content"]["application/json"]["examples"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """One broken text, and what has to change in it to make the specification's example."""

    fixture: str
    printed: str
    mended: str
    example: Any
    judge: Callable[[str], dict[str, bool]]


ERRATA = {
    "A58: no quotation mark before destination": Erratum(
        fixture="example-2-as-printed.txt",
        printed=' destination":',
        mended=' "destination":',
        example=REQUEST_EXAMPLES["example-2"]["value"],
        judge=judge_request,
    ),
    "A03: name_name selects nobody": Erratum(
        fixture="example-6-with-name-name.txt",
        printed="name_name",
        mended="user_name",
        example=REQUEST_EXAMPLES["example-6"]["value"],
        judge=judge_request,
    ),
    "A43: a callback URL with one slash": Erratum(
        fixture="example-5-with-one-slash.txt",
        printed="https:/somewhere",
        mended="https://somewhere",
        example=REQUEST_EXAMPLES["example-5"]["value"],
        judge=judge_request,
    ),
    "A41: words where the callback has a uuid": Erratum(
        fixture="example-5-answered-as-printed.txt",
        printed="ONE_OF_THE_UUIDS_MENTIONED_IN_THE_METHOD_REPLY",
        mended="ede7b23e-c172-445e-832e-963b11ba2b96",
        example=CALLBACK_EXAMPLES["example-5-answered"]["value"],
        judge=judge_callback,
    ),
}


@pytest.fixture(params=list(ERRATA.values()), ids=list(ERRATA))
def erratum(request: pytest.FixtureRequest) -> Erratum:
    """Each erratum in turn."""
    assert isinstance(request.param, Erratum)
    return request.param


def test_a_broken_text_is_refused(erratum: Erratum) -> None:
    """What the document prints wrongly is outside the contract for both engines."""
    assert erratum.judge((FIXTURES / erratum.fixture).read_text()) == REFUSED


def test_the_mended_example_is_accepted(erratum: Erratum) -> None:
    """The specification's version of a broken text is inside the contract for both engines."""
    assert erratum.judge(json.dumps(erratum.example)) == ACCEPTED


def test_nothing_but_the_mistake_is_mended(erratum: Erratum) -> None:
    """One replacement turns the printed text into the specification's example."""
    printed = (FIXTURES / erratum.fixture).read_text()

    assert printed.count(erratum.printed) == 1
    assert json.loads(printed.replace(erratum.printed, erratum.mended)) == erratum.example


def test_every_broken_text_is_judged() -> None:
    """No fixture lies about unused."""
    assert {path.name for path in FIXTURES.iterdir()} == {row.fixture for row in ERRATA.values()}


def test_the_body_of_example_3_counts_not_its_heading() -> None:
    """The calling number is the one the printed body sends, as text with its leading zero (A29)."""
    assert REQUEST_EXAMPLES["example-3"]["value"]["destination"]["calling_number"] == "05068680000"
