"""Invalid bodies have exactly one breach, the one they are labelled with."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from basix_contract.contract import load_ledger
from basix_contract.errors import UsageError
from basix_contract.profile import Profile
from basix_contract.strategies import Defect, defects, invalid_requests, sample
from tests.contract.variants import Tree, variant
from tests.strategies.judging import MOCK, PLACE, URL, gate_of, refusal, violations
from tests.strategies.test_valid import USERS, schema_of

OURS: dict[str, Any] = {"callback_url": URL, "callback_place": PLACE}
CASES: dict[str, tuple[Profile | None, dict[str, Any]]] = {
    "no profile": (None, {}),
    "a profile": (MOCK, OURS),
    "a profile, and invention": (MOCK, OURS | {"allows_invention": True}),
}


@cache
def drawn(case: str) -> list[tuple[Any, Defect]]:
    """Invalid bodies of one case."""
    profile, options = CASES[case]
    return sample(invalid_requests(profile, **options), 800, 13)


@cache
def listed(case: str) -> tuple[Defect, ...]:
    """The defects of one case."""
    profile, options = CASES[case]
    return defects(profile, **{key: value for key, value in options.items() if key != "callback_url"})


@pytest.mark.parametrize("case", CASES)
def test_each_body_has_exactly_its_one_breach(case: str) -> None:
    """Both judges find one violation, at the defect's place; none for a defect that is beyond the schema."""
    for body, defect in drawn(case):
        expected = [] if defect.is_beyond_schema else [defect.pointer]
        assert [found.pointer for found in violations(body)] == expected, (defect.label, body)


@pytest.mark.parametrize("case", CASES)
def test_every_defect_is_drawn(case: str) -> None:
    """The defects that are drawn are those that are listed, and no two have one label."""
    assert {defect for _, defect in drawn(case)} == {*listed(case)}
    assert len({defect.label for defect in listed(case)}) == len(listed(case))


@pytest.mark.parametrize("case", CASES)
def test_each_defect_names_its_row(case: str) -> None:
    """Requirement, level, check and description are those of one MUST or SHOULD row for servers."""
    for defect in listed(case):
        row = load_ledger().by_id(defect.requirement)
        assert (row.role, row.level, row.statement) == ("server", defect.level, defect.description)
        assert defect.level in ("MUST", "SHOULD")
        assert defect.check in row.checks


def test_every_row_that_a_body_can_break_is_broken() -> None:
    """No rejection that depends on the body alone is left out."""
    broken = {defect.requirement for defect in listed("a profile")}

    assert broken == {
        *("CU-023", "CU-050", "CU-051", "CU-052", "CU-053", "CU-054", "CU-055", "CU-067", "CU-068"),
        *("CU-080", "CU-091", "CU-092", "CU-102", "CU-109", "CU-112"),
    }


def test_there_is_a_defect_for_each_selector() -> None:
    """Each user selector is empty, null, of each wrong type, and names nobody."""
    labels = Counter(name for defect in listed("a profile") for name in USERS if defect.label.startswith(f"{name} "))

    assert min(labels[name] for name in USERS) >= 6


def test_the_rest_of_the_body_varies(profile: Profile) -> None:
    """One defect is drawn in bodies of every shape."""
    strategy = invalid_requests(profile, callback_url=URL, only="answer_timeout is below its minimum")
    bodies = [body for body, _ in sample(strategy, 200, 1)]

    assert {body["answer_timeout"] for body in bodies} == {0, -1, -180, -(2**31)}
    assert len({frozenset(body) for body in bodies}) > 40


def test_one_defect_can_be_asked_for(profile: Profile) -> None:
    """`only` draws the one that it names, and an unknown label is an error with the nearest one."""
    for defect in listed("a profile")[::9]:
        strategy = invalid_requests(profile, callback_url=URL, callback_place=PLACE, only=defect.label)
        assert {found for _, found in sample(strategy, 3, 1)} == {defect}

    with pytest.raises(UsageError, match="did you mean 'user_id is empty'"):
        invalid_requests(only="user_id empty")
    with pytest.raises(UsageError, match="nothing is labelled 'zzz'"):
        invalid_requests(only="zzz")


def test_the_gate_lets_a_profiles_defects_pass(profile: Profile) -> None:
    """Before a given target too, nothing in an invalid body reaches anybody whom the profile does not name."""
    gate = gate_of(profile)

    assert {refusal(gate, body) for body, _ in drawn("a profile")} == {""}


def test_strangers_are_proven_absent(profile: Profile) -> None:
    """Without invention, who is named and not there is on the profile's list of the absent."""
    absent = {(key, value) for row in profile.absent.users for key, value in row.items()}
    absent |= {(key, value) for row in profile.absent.groups for key, value in row.items()}
    for body, defect in drawn("a profile"):
        if defect.is_beyond_schema:
            name = defect.pointer.removeprefix("/")
            assert (name.partition("_")[2], body[name]) in absent


def test_invented_strangers_are_nobody(profile: Profile) -> None:
    """Invention adds strangers for every selector, and none of them is somebody's, in another case or padded."""
    named = set()
    for body, defect in drawn("a profile, and invention"):
        if defect.is_beyond_schema:
            name = defect.pointer.removeprefix("/")
            kind, _, key = name.partition("_")
            rows = profile.users if kind == "user" else profile.groups
            assert str(body[name]).strip().casefold() not in {str(getattr(row, key)).casefold() for row in rows}
            named.add(name)

    assert named >= {*USERS, "group_id", "group_name", "group_label", "group_extension", "group_did"}


def test_without_a_place_no_host_is_named(profile: Profile) -> None:
    """A wrong callback_url has a host only where the caller says which one is ours."""
    labels = [defect.label for defect in defects(profile) if defect.label.startswith("callback_url is ")]
    wrong = [
        body["callback_url"] for label in labels for body, _ in sample(invalid_requests(profile, only=label), 12, 2)
    ]
    texts = {url for url in wrong if isinstance(url, str)}

    assert texts == {"http://", "https://", "/result_receiver", "/", "not a url", "callback please"}
    marked = invalid_requests(profile, callback_place="{mark}", only="callback_url is of another scheme")
    assert {body["callback_url"] for body, _ in sample(marked, 40, 1)} == {"ftp://{mark}", "mailto:{mark}"}


def test_nobody_is_answered_for_without_being_named() -> None:
    """A body that names nobody in particular switches auto_answer on for nobody."""
    for body, defect in drawn("a profile"):
        if isinstance(body, dict) and defect.check.startswith("selectors/"):
            assert body.get("auto_answer") is not True


def test_what_the_profile_excepts_is_not_broken(profile: Profile) -> None:
    """Rows under [unsupported] have no defects."""
    lacking = replace(profile, unsupported=replace(profile.unsupported, rows=("CU-112", "CU-053")))
    broken = {defect.requirement for defect in defects(lacking)}

    assert not broken & {"CU-112", "CU-053"}
    assert "CU-052" in broken


def test_a_drawn_body_is_the_callers_own() -> None:
    """Changing a body that was drawn changes no later one."""
    strategy = invalid_requests(only="called_number is null")
    before = json.dumps([body for body, _ in sample(strategy, 60, 3)])
    for body, _ in sample(strategy, 60, 3):
        body["destination"].clear()

    assert json.dumps([body for body, _ in sample(strategy, 60, 3)]) == before


def test_defects_follow_the_document(tmp_path: Path) -> None:
    """A parameter that is gone has no defects, a new one has, and what a document allows is no defect of it."""

    def change(tree: Tree) -> None:
        properties = schema_of(tree)["properties"]
        properties["group_resolver"]["enum"] += ["any", "any:", "CALL_CENTER", "**"]
        properties["volume"] = {"type": "integer", "minimum": 1, "x-basix-role": "option"}
        properties["mood"] = {"type": "string", "x-basix-role": "option"}
        del properties["callback_url"]
        del properties["user_name"]
        schema_of(tree)["anyOf"] = [part for part in schema_of(tree)["anyOf"] if "user_name" not in part["required"]]

    other = variant(tmp_path, change)
    labels = {defect.label: defect.requirement for defect in defects(document=other)}

    assert not [label for label in labels if label.startswith(("callback_url", "user_name", "name_name"))]
    rules = invalid_requests(document=other, only="group_resolver is no known rule")
    assert {body["group_resolver"] for body, _ in sample(rules, 40, 1)} == {"anyany", "CALL_CENTERCALL_CENTER", "****"}
    assert labels["volume is below its minimum"] == labels["mood is a list"] == "CU-112"


def test_a_document_without_objects_has_no_defects_of_them(tmp_path: Path) -> None:
    """Where a destination is a text only, nothing can be wrong with an object."""

    def change(tree: Tree) -> None:
        tree["components"]["schemas"]["Destination"] = {"oneOf": [{"$ref": "#/components/schemas/DestinationText"}]}

    assert "CU-091" not in {defect.requirement for defect in defects(document=variant(tmp_path, change))}
