"""The pages beside the scenario files tell every key that a scenario may have, and none that it may not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest

from basix_contract.checks import Allowed, Held
from basix_contract.profile import Connection
from basix_contract.suite.answer import _cases, _filling, _replies, _scenarios
from basix_contract.suite.deliver import _spec
from basix_contract.suite.deliver._scenario import PHASES, ReplyTold
from basix_contract.suite.deliver._uuids import FORMS

FOLDER = Path(__file__).parents[2] / "conformance" / "scenarios"
PAGES = {role: (FOLDER / role / "README.md").read_text("utf-8") for role in ("client", "receiver")}
OF_CLIENT_CALL = set(_scenarios._OF_CASE)

KEYS: dict[tuple[str, str], Iterable[str]] = {
    ("client", "key of a scenario"): set(_scenarios._OF_SCENARIO) - OF_CLIENT_CALL,
    ("client", "key of a call"): OF_CLIENT_CALL,
    ("client", "key of a reply"): _replies._KEYS,
    ("receiver", "key of a scenario"): _spec._SCENARIO_KEYS,
    ("receiver", "key of a step"): _spec._STEP_KEYS,
    ("receiver", "key of a `filler`"): _spec._FILLER_KEYS,
    ("receiver", "key of a `pace`"): _spec._PACE_KEYS,
    ("receiver", "key of a `hang_up`"): _spec._HANG_UP_KEYS,
}
WORDS: dict[tuple[str, str], Iterable[str]] = {
    ("client", "order"): _cases.ORDERS,
    ("client", "allows"): _cases.ALLOWED,
    ("client", "ending"): _cases.ENDINGS,
    ("receiver", "phase"): PHASES,
    ("receiver", "reply"): get_args(ReplyTold),
    ("receiver", "uuid_form"): FORMS,
    ("receiver", "connection"): get_args(Connection),
    ("receiver", "expects"): get_args(Allowed),
    ("receiver", "believes"): get_args(Held),
}


def told(page: str, header: str) -> list[str]:
    """The keys in the first column of the table under this header; values beside them, as in `chunked: N`, aside."""
    table = page.partition(f"| {header} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [key.partition(":")[0] for line in table for key in re.findall(r"`([^`]+)`", line.split("|")[1])]


def row(page: str, key: str) -> str:
    """The line of the page whose first column has this key."""
    return next(line for line in page.splitlines() if line.startswith("|") and f"`{key}`" in line.split("|")[1])


@pytest.mark.parametrize(("role", "header"), KEYS)
def test_every_key_is_told_once(role: str, header: str) -> None:
    """The table of the page has the keys that the reader of the files takes, each once."""
    assert sorted(told(PAGES[role], header)) == sorted(KEYS[role, header])


@pytest.mark.parametrize(("role", "key"), WORDS)
def test_every_word_is_told(role: str, key: str) -> None:
    """Where a key takes one of a few words, its line has all of them."""
    assert [word for word in WORDS[role, key] if f"`{word}`" not in row(PAGES[role], key)] == []


def test_every_slot_is_told() -> None:
    """The client's page has each slot that is filled."""
    names = _filling._SLOT.pattern.partition("(")[2].partition(")")[0].split("|")

    assert [name for name in names if not re.search(rf"`\{{{name}(\*\d+)?\}}`", PAGES["client"])] == []
    assert [url for url in (_cases.MOVED_URL, _cases.ELSEWHERE_URL) if f"`{url}`" not in PAGES["client"]] == []
