"""The ledger: questions it answers, and files it refuses."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from basix_contract.contract import Exclusion, Ledger, Reading, load_document, load_ledger
from basix_contract.contract._rows import Requirement
from basix_contract.errors import SpecError, UsageError

ROWS = """
contract: "1.0.0"
requirements:
- id: CU-001
  role: server
  level: MUST
  statement: A call is answered.
  source: ["Response", "A20"]
  checks: [reply/answered, reply/object]
  needs: [CU-003]
  since: "1.0"
- id: CU-002
  role: client
  level: ADVICE
  statement: A client sends one selector.
  source: ["A01"]
  readings:
    - {reading: "one", allowed: true, mock: true}
    - {reading: "none", allowed: false}
    - {reading: "several"}
  pending: the client suite
  since: "1.1"
- id: CU-003
  role: server
  level: SHOULD
  statement: The channel limit holds.
  source: ["A52"]
  excluded: {reason: needs-a-person, why: only the PBX knows its limit}
  since: "1.0"
"""
CHECKS = ["reply/answered", "reply/object"]


def ledger_of(folder: Path, text: str) -> Ledger:
    """A ledger from YAML text."""
    path = folder / "rows.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return load_ledger(path)


@pytest.fixture(name="ledger")
def _ledger(tmp_path: Path) -> Ledger:
    return ledger_of(tmp_path, ROWS)


def test_rows_keep_the_order_of_the_file(ledger: Ledger) -> None:
    """Going through the ledger is going down the file."""
    assert [row.id for row in ledger] == ["CU-001", "CU-002", "CU-003"]
    assert len(ledger) == 3
    assert ledger.contract == "1.0.0"


def test_a_row_holds_what_the_file_says(ledger: Ledger) -> None:
    """Every field arrives, and what is absent is empty."""
    first, second, third = ledger
    assert first == Requirement(
        id="CU-001",
        role="server",
        level="MUST",
        statement="A call is answered.",
        source=("Response", "A20"),
        checks=("reply/answered", "reply/object"),
        needs=("CU-003",),
        since="1.0",
    )
    assert second.pending == "the client suite"
    assert second.readings == (
        Reading("one", is_allowed=True, is_taken_by_mock=True),
        Reading("none", is_allowed=False, is_taken_by_mock=False),
        Reading("several", is_allowed=True, is_taken_by_mock=False),
    )
    assert third.excluded == Exclusion("needs-a-person", "only the PBX knows its limit")
    assert (third.checks, third.pending, third.needs) == ((), "", ())


def test_a_row_is_found_by_its_id(ledger: Ledger) -> None:
    """An id that is mistyped names the nearest one."""
    assert ledger.by_id("CU-003").statement == "The channel limit holds."
    with pytest.raises(UsageError, match=r"no requirement CU-0033 \(did you mean CU-003\?\)"):
        ledger.by_id("CU-0033")
    with pytest.raises(UsageError, match=r"no requirement zzz$"):
        ledger.by_id("zzz")


def test_rows_are_told_apart_by_role(ledger: Ledger) -> None:
    """Each role has its own rows, and an unknown role has none."""
    assert [row.id for row in ledger.for_role("server")] == ["CU-001", "CU-003"]
    assert ledger.for_role("receiver") == ()


def test_a_check_leads_to_its_row(ledger: Ledger) -> None:
    """The requirement of a check is the row that names it."""
    assert ledger.requirement_of("reply/object").id == "CU-001"
    with pytest.raises(UsageError, match=r"no check reply/objekt \(did you mean reply/object\?\)"):
        ledger.requirement_of("reply/objekt")


def test_what_is_needed_comes_first(ledger: Ledger) -> None:
    """A row stands after what it needs, and otherwise where the file has it."""
    assert [row.id for row in ledger.in_needs_order()] == ["CU-003", "CU-001", "CU-002"]


def test_a_ledger_in_step_with_the_checks_has_no_orphans(ledger: Ledger) -> None:
    """Every check has one row, and every check of a row exists."""
    assert ledger.orphans(CHECKS) == ()


def test_orphans_are_told_both_ways(ledger: Ledger) -> None:
    """A check without a row and a row's check that does not exist each make one sentence."""
    assert ledger.orphans(["reply/answered", "reply/objects", "zzz"]) == (
        "CU-001 names the check reply/object, which does not exist (did you mean reply/objects?)",
        "the check reply/objects is named by no row",
        "the check zzz is named by no row",
    )


def test_a_check_of_two_rows_is_an_orphan_too(tmp_path: Path) -> None:
    """One check judges one row, so that a failure has one name."""
    shared = ROWS.replace("pending: the client suite", "checks: [reply/object]")
    assert ledger_of(tmp_path, shared).orphans(CHECKS) == (
        "the check reply/object is named by CU-001 and CU-002: one row may name it",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("role: client", "rolle: client", "CU-002: unknown key rolle (did you mean role?)"),
        ("role: client", "role: client\n  zzz: 1", "CU-002: unknown key zzz (known here: id, role, "),
        ("role: client", "role: pbx", "CU-002: role must be one of server, client, receiver, not 'pbx'"),
        ("role: client", "role: [client]", "CU-002: role must be one of server, client, receiver, not"),
        (
            "level: ADVICE",
            "level: MAY",
            "CU-002: level must be one of MUST, SHOULD, OBSERVE, ADVICE, not 'MAY'",
        ),
        ("id: CU-002", "id: CU-2", "CU-2: id must be text like CU-001, not 'CU-2'"),
        ("id: CU-002", "id: 2", "2: id must be text like CU-001, not 2"),
        ("- id: CU-002\n ", "-", "row 2: id is missing"),
        ("id: CU-002", "id: CU-001", "CU-001: the id is given twice"),
        ('since: "1.1"', "since: 1.1", 'CU-002: since must be text like "1.0", not 1.1'),
        ("  level: ADVICE\n", "", "CU-002: level is missing"),
        ("statement: A client sends one selector.", "statement: ' '", "CU-002: statement must be a text"),
        ('source: ["A01"]', "source: A01", "CU-002: source must be a list that is not empty"),
        ('source: ["A01"]', "source: []", "CU-002: source must be a list that is not empty"),
        ('source: ["A01"]', "source: [1]", "CU-002: source[0] must be a text"),
        ('source: ["A01"]', "source: [A01, A01]", "CU-002: source names A01 twice"),
        ("needs: [CU-003]", "needs: [CU-999]", "CU-001: needs CU-999, which has no row"),
        ("needs: [CU-003]", "needs: [CU-001]", "CU-001: the needs go round in a circle: CU-001 → CU-001"),
        ("needs: [CU-003]", "needs: [Cu-3]", "CU-001: needs[0] must be text like CU-001"),
        (
            "  pending: the client suite\n",
            "",
            "CU-002: exactly one of checks, excluded, pending must be given, not none",
        ),
        (
            "pending: the client suite",
            "pending: later\n  checks: [x]",
            "CU-002: exactly one of checks, excluded, pending must be given, not checks and pending",
        ),
        ("needs-a-person", "lazy", "CU-003: excluded.reason must be one of not-observable, out-of-contract"),
        (", why: only the PBX knows its limit", "", "CU-003: excluded.why is missing"),
        (
            "{reason: needs-a-person, why: only the PBX knows its limit}",
            "no",
            "CU-003: excluded must be a mapping",
        ),
        ("allowed: false", "allowed: 'no'", "CU-002: readings[1].allowed must be true or false"),
        ("allowed: false", "allowd: false", "CU-002: unknown key readings[1].allowd (did you mean allowed?)"),
        (
            "allowed: false",
            "allowed: false, mock: true",
            "CU-002: readings[1]: the mock takes a reading that is not",
        ),
        (
            '{reading: "several"}',
            "{reading: x, mock: true}",
            "CU-002: readings: the mock can take one reading only",
        ),
        ('contract: "1.0.0"', "contract: 1.0", 'contract must be text like "1.0.0", not 1.0'),
        ('contract: "1.0.0"\n', "", "contract is missing"),
        ('contract: "1.0.0"', 'contract: "1.0.0"\nrows: 1', "unknown key rows"),
    ],
)
def test_a_ledger_is_read_strictly(tmp_path: Path, old: str, new: str, said: str) -> None:
    """What is not right in a row is a SpecError that names file and row."""
    assert old in ROWS
    with pytest.raises(SpecError) as caught:
        ledger_of(tmp_path, ROWS.replace(old, new, 1))
    assert said in str(caught.value)
    assert str(tmp_path / "rows.yaml") in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "it must be a mapping"),
        ("", "it must be a mapping"),
        ('contract: "1.0.0"\nrequirements: []', "requirements must be a list of rows"),
        ('contract: "1.0.0"\nrequirements: {}', "requirements must be a list of rows"),
        ('contract: "1.0.0"\nrequirements: [5]', "row 1: it must be a mapping"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """A file of another shape is named, with what is missing."""
    with pytest.raises(SpecError, match=said):
        ledger_of(tmp_path, text)


def test_a_circle_is_named_whole(tmp_path: Path) -> None:
    """Rows that need each other are refused with the way round, wherever the circle is entered."""
    circle = ROWS.replace("pending: the client suite", "pending: later\n  needs: [CU-001]").replace(
        "  excluded:", "  needs: [CU-002]\n  excluded:"
    )
    with pytest.raises(SpecError, match="circle: CU-001 → CU-003 → CU-002 → CU-001"):
        ledger_of(tmp_path, circle)


def test_the_shipped_ledger_holds_together() -> None:
    """It is read once, needs only rows it has, and speaks of the shipped document."""
    ledger = load_ledger()
    assert load_ledger() is ledger
    assert ledger.contract == load_document().version
    ordered = [row.id for row in ledger.in_needs_order()]
    assert sorted(ordered) == sorted(row.id for row in ledger)
    place = {id_: index for index, id_ in enumerate(ordered)}
    assert all(place[need] < place[row.id] for row in ledger for need in row.needs)


def test_the_shipped_ledger_names_no_check_twice() -> None:
    """Given the checks it names itself, nothing is left over."""
    ledger = load_ledger()
    named = [check for row in ledger for check in row.checks]
    assert ledger.orphans(named) == ()
