"""Bodies whose acceptance is open have one thing in them that the ledger observes, or says should be taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from basix_contract.contract import load_ledger
from basix_contract.errors import UsageError
from basix_contract.profile import Profile
from basix_contract.strategies import defects, open_requests, openings, sample
from tests.contract.variants import Tree, variant
from tests.strategies.judging import URL, gate_of, refusal
from tests.strategies.test_valid import GROUPS, USERS, schema_of


def drawn(profile: Profile, label: str, **options: Any) -> list[dict[str, Any]]:
    """Some bodies with one opening."""
    return [body for body, _ in sample(open_requests(profile, only=label, **options), 50, 1)]


@pytest.mark.parametrize("allows_invention", [False, True])
def test_every_opening_is_drawn(profile: Profile, *, allows_invention: bool) -> None:
    """The openings that are drawn are those that are listed; each is a row for servers, and no defect's label."""
    known = openings(profile, allows_invention=allows_invention)
    strategy = open_requests(profile, callback_url=URL, allows_invention=allows_invention)
    labels = {opening.label for opening in known}

    assert {opening for _, opening in sample(strategy, 500, 1)} == {*known}
    assert len(labels) == len(known)
    assert not labels & {defect.label for defect in defects(profile, allows_invention=allows_invention)}
    for opening in known:
        row = load_ledger().by_id(opening.requirement)
        assert (row.role, row.level, row.statement) == ("server", opening.level, opening.description)
        assert opening.check in row.checks


def test_what_only_the_body_can_leave_open_is_there(profile: Profile) -> None:
    """Every OBSERVE and SHOULD row about what a body may hold is served, and the one about unusual values."""
    rows = {opening.requirement: opening.level for opening in openings(profile, allows_invention=True)}

    assert set(rows) == {
        *("CU-046", "CU-048", "CU-049", "CU-056", "CU-057", "CU-069", "CU-070", "CU-071", "CU-072"),
        *("CU-090", "CU-093", "CU-094", "CU-095", "CU-096", "CU-097"),
        *("CU-101", "CU-103", "CU-105", "CU-107", "CU-111", "CU-212"),
    }
    assert {id_ for id_, level in rows.items() if level == "MUST"} == {"CU-212"}


def test_the_gate_lets_a_profiles_openings_pass(profile: Profile) -> None:
    """Before a given target too, nothing in an open body reaches anybody whom the profile does not name."""
    gate = gate_of(profile)
    bodies = sample(open_requests(profile, callback_url=URL), 700, 3)

    assert {refusal(gate, body) for body, _ in bodies} == {""}


def test_several_selectors_are_one_users(profile: Profile) -> None:
    """Several selectors agree, and are neither a single one nor the vendor's pair."""
    every, several = drawn(profile, "every user selector"), drawn(profile, "several user selectors")
    for body in (*every, *several):
        own = {name.removeprefix("user_"): body[name] for name in USERS if name in body}
        assert any(all(getattr(user, key) == value for key, value in own.items()) for user in profile.users)

    assert {len([name for name in USERS if name in body]) for body in every} == {6}
    assert {len([name for name in USERS if name in body]) for body in several} == {2, 3, 4, 5}
    assert not [body for body in several if {*USERS} & {*body} == {"user_name", "user_email"}]


def test_groups_are_open_in_their_own_ways(profile: Profile) -> None:
    """Several groups are one group's selectors; a foreign group is not the user's; a resolver may find none."""
    groups = {group.id: group for group in profile.groups}
    several = [
        {name: body[name] for name in GROUPS if name in body} for body in drawn(profile, "several group selectors")
    ]
    foreign = drawn(profile, "group_name of a group without the user")
    alone = drawn(profile, "group_resolver for a user in no group")
    both = drawn(profile, "group_resolver beside a group")

    assert all(groups[own["group_id"]].name == own["group_name"] for own in several)
    assert {body["group_name"] for body in foreign} == {"sales", "support"}
    assert {body["group_resolver"] for body in alone} == {"*", "any:CALL_CENTER"}
    assert {len([name for name in GROUPS if name in body]) for body in both} == {2}


def test_spellings_keep_to_the_person(profile: Profile) -> None:
    """A number as text and a text as number are the same digits; no leading zero is lost."""
    extensions = {user.extension for user in profile.users}

    assert {str(body["user_extension"]) for body in drawn(profile, "user_extension is of another JSON type")} <= {
        extension for extension in extensions if not extension.startswith("0")
    }
    assert {type(body["user_id"]) for body in drawn(profile, "user_id is of another JSON type")} == {str}
    assert drawn(profile, "user_email is empty beside user_name")[0]["user_email"] == ""
    spelt = drawn(profile, "user_name is in another case or padded", allows_invention=True)
    assert {body["user_name"].strip().casefold() for body in spelt} == {
        user.name for user in profile.users_who("answers")
    }


def test_without_a_profile_there_are_openings_too() -> None:
    """What needs nobody in particular is drawn of invented bodies."""
    labels = {opening.label for _, opening in sample(open_requests(), 500, 1)}

    assert labels == {opening.label for opening in openings()}
    assert {"every user selector", "several group selectors", "an empty end_user", "answer_timeout is huge"} <= labels


def test_what_the_profile_excepts_is_not_drawn(profile: Profile) -> None:
    """Rows under [unsupported] have no openings."""
    lacking = replace(profile, unsupported=replace(profile.unsupported, rows=("CU-090", "CU-101")))

    assert not {opening.requirement for opening in openings(lacking)} & {"CU-090", "CU-101"}


def test_openings_follow_the_document(profile: Profile, tmp_path: Path) -> None:
    """What a document does not have is not open in it, and what the ledger says nothing of is not drawn."""

    def change(tree: Tree) -> None:
        schemas = tree["components"]["schemas"]
        schemas["Destination"] = {"oneOf": [{"$ref": "#/components/schemas/DestinationText"}]}
        del schemas["DestinationText"]["x-basix-inline"]
        schema_of(tree)["properties"]["mood"] = {"type": "string", "x-basix-role": "option"}

    left = {opening.requirement for opening in openings(profile, document=variant(tmp_path, change))}

    assert not left & {"CU-090", "CU-093", "CU-096"}
    assert "CU-107" in left
    with pytest.raises(UsageError, match="nothing is labelled"):
        open_requests(profile, only="mood is empty, longer or not ASCII", document=variant(tmp_path, change))
