"""Request bodies conform, follow the document they are drawn from and, with a profile, must be accepted."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from basix_contract.contract import Document, load_document
from basix_contract.errors import UsageError
from basix_contract.profile import Destination, Group, Profile, User
from basix_contract.strategies import covering, destinations, requests, sample
from tests.contract.variants import Tree, operation_of, variant
from tests.strategies.judging import MOCK, URL, conforms_to, gate_of, refusal, texts_in, violations

DOCUMENT = load_document()
USERS, GROUPS = DOCUMENT.user_selectors, DOCUMENT.group_selectors
BODIES = sample(requests(), 1200, 11)


def schema_of(tree: Tree) -> Tree:
    """The schema of the request body, in a variant's tree."""
    schema: Tree = tree["components"]["schemas"]["CallUserRequest"]
    return schema


def members(bodies: list[dict[str, Any]]) -> set[str]:
    """The parameters that occur."""
    return {name for body in bodies for name in body}


# ── without a profile ──


def test_every_body_conforms_for_both_judges() -> None:
    """openapi-core and jsonschema-rs find nothing in any body."""
    assert [body for body in BODIES if violations(body)] == []


def test_every_set_of_selectors_is_drawn() -> None:
    """All 63 sets of user selectors come up, and every group selector with several of them."""
    sets = {tuple(name for name in USERS if name in body) for body in BODIES}
    pairs = Counter(name for body in BODIES for name in body if name in GROUPS)

    assert len(sets) == 2 ** len(USERS) - 1
    assert min(pairs[name] for name in GROUPS) > 50


def test_every_parameter_is_given_and_left_out() -> None:
    """Every parameter occurs, and every optional one is absent now and then."""
    counts = Counter(name for body in BODIES for name in body)
    required = {parameter.name for parameter in DOCUMENT.parameters if parameter.is_required}

    assert set(counts) == {parameter.name for parameter in DOCUMENT.parameters}
    assert {name for name, count in counts.items() if count == len(BODIES)} == required


def test_every_form_of_destination_is_drawn() -> None:
    """Texts, inline identities, and objects with every subset of the end user's members."""
    drawn = [body["destination"] for body in BODIES] + sample(destinations(), 600, 2)
    objects = [value for value in drawn if isinstance(value, dict)]
    people = {tuple(sorted(value["end_user"])) for value in objects if "end_user" in value}

    assert any(isinstance(value, str) and not value.startswith("{") for value in drawn)
    assert any(isinstance(value, str) and value.startswith("{name=") for value in drawn)
    assert {tuple(sorted(value)) for value in objects} == {
        ("called_number",),
        ("called_number", "calling_number"),
        ("called_number", "end_user"),
        ("called_number", "calling_number", "end_user"),
    }
    assert len(people) == 2**5 - 1


TELLING: dict[str, Callable[[str], bool]] = {
    "another script": lambda text: not text.isascii(),
    "beyond the basic plane": lambda text: any(ord(letter) > 0xFFFF for letter in text),
    "right to left": lambda text: any("\u0590" <= letter <= "\u06ff" for letter in text),
    "decomposed": lambda text: "\u0308" in text,
    "a leading zero": lambda text: text.startswith("0") and text.isdigit() and len(text) > 1,
    "a separator of the inline form": lambda text: "=" in text and "," in text and "{" in text,
    "a parameter's name": lambda text: any(parameter.name == text for parameter in DOCUMENT.parameters),
    "256 characters": lambda text: len(text) == 256,
    "thousands of characters": lambda text: len(text) > 4000,
    "a line end": lambda text: "\n" in text,
    "NUL": lambda text: "\0" in text,
    "quotes": lambda text: "'" in text and '"' in text,
    "a percent code": lambda text: "%00" in text,
    "full-width digits": lambda text: "１" in text,
}


@pytest.mark.parametrize("what", TELLING)
def test_texts_reach_where_code_breaks(what: str) -> None:
    """Telling texts of each kind occur in a sample of moderate size."""
    assert any(TELLING[what](text) for body in BODIES for text in texts_in(body))


def test_numbers_reach_their_boundaries() -> None:
    """Bounds, defaults and their neighbours are drawn, and what overflows 31, 32, 53 and 63 bits."""
    drawn = {body["answer_timeout"] for body in BODIES if "answer_timeout" in body}
    ids = {body["user_id"] for body in BODIES if isinstance(body.get("user_id"), int)}

    assert {1, 2, 179, 180, 181, 2**31, 2**53 + 1, 2**63} <= drawn
    assert {1, 2, 2**31 - 1, 2**63} <= ids


def test_values_are_random_too() -> None:
    """Half of the values come from no table: hardly any two bodies of 1,200 are alike."""
    assert len({json.dumps(body, sort_keys=True) for body in BODIES}) > 1150


def test_members_come_in_every_order() -> None:
    """The order of members varies: the destination is first, last and in between."""
    places = {list(body).index("destination") - len(body) for body in BODIES if len(body) > 3}

    assert len(places) > 3
    assert any(next(iter(body)) == "destination" for body in BODIES)


def test_a_drawn_body_is_the_callers_own() -> None:
    """Changing a body that was drawn changes no later one."""
    before = sample(requests(), 150, 3)
    for body in sample(requests(), 150, 3):
        if isinstance(body["destination"], dict):
            body["destination"]["called_number"] = None
            body["destination"].get("end_user", {}).clear()
        body.clear()

    assert sample(requests(), 150, 3) == before


def test_under_given_they_conform_as_well() -> None:
    """Hypothesis' own engine draws conforming bodies too."""
    seen = []

    @settings(max_examples=100, derandomize=True, deadline=None, database=None)
    @given(requests())
    def judge(body: dict[str, Any]) -> None:
        assert violations(body) == ()
        seen.append(body)

    judge()
    assert len(seen) >= 100


def test_a_failure_shrinks_to_little() -> None:
    """What shrinking leaves of a body is one selector, a destination and what the failure is about."""
    smallest: list[Any] = []

    @settings(max_examples=500, derandomize=True, deadline=None, database=None)
    @given(requests())
    def judge(body: dict[str, Any]) -> None:
        if any(ord(letter) > 0xFFFF for text in texts_in(body) for letter in text):
            smallest.append(body)
            raise AssertionError

    with pytest.raises(AssertionError):
        judge()
    assert len(smallest[-1]) <= 3
    assert len(json.dumps(smallest[-1])) < 250


def test_a_callback_url_that_is_given_is_the_only_one() -> None:
    """Without a profile too, a given callback_url is the one that is asked for."""
    drawn = {body.get("callback_url") for body in sample(requests(callback_url="{mark}"), 100, 1)}

    assert drawn == {None, "{mark}"}


# ── another document ──


def test_a_removed_parameter_is_not_drawn(tmp_path: Path) -> None:
    """What the document no longer has is in no body."""

    def change(tree: Tree) -> None:
        del schema_of(tree)["properties"]["user_did"]
        del schema_of(tree)["properties"]["answer_timeout"]
        del schema_of(tree)["anyOf"][4]
        schema_of(tree)["anyOf"] = [
            branch for branch in schema_of(tree)["anyOf"] if "user_did" not in branch["required"]
        ]

    other = variant(tmp_path, change)
    drawn = sample(requests(document=other), 400, 1)

    assert members(drawn) == members(BODIES) - {"user_did", "answer_timeout"}
    assert all(conforms_to(other, body) for body in drawn)
    assert members(list(covering(document=other))) == members(drawn)


def test_an_added_parameter_is_drawn(tmp_path: Path) -> None:
    """What the document has anew is in bodies, with the values its schema allows."""
    added = {
        "user_nickname": {"type": "string", "minLength": 2, "maxLength": 4, "x-basix-role": "user-selector"},
        "group_badge": {"type": "string", "pattern": "^[A-F]{2}-[0-9]{3}$", "x-basix-role": "group-selector"},
        "ring_volume": {"type": "integer", "minimum": 3, "maximum": 9, "x-basix-role": "option"},
        "colour": {"type": "string", "enum": ["red", "blue"], "x-basix-role": "option"},
        "version": {"const": 3, "x-basix-role": "option"},
    }
    other = variant(tmp_path, lambda tree: schema_of(tree)["properties"].update(added))
    drawn = sample(requests(document=other), 900, 1)

    def values(name: str) -> set[Any]:
        return {body[name] for body in drawn if name in body}

    assert all(conforms_to(other, body) for body in drawn)
    assert {len(text) for text in values("user_nickname")} == {2, 3, 4}
    assert not [body for body in drawn if "user_nickname" in body and not members([body]) & set(USERS)]
    assert values("ring_volume") == set(range(3, 10))
    assert values("colour") == {"red", "blue"}
    assert values("version") == {3}
    assert len(values("group_badge")) > 10
    assert set(added) <= members(list(covering(document=other)))


def test_a_widened_enum_is_drawn(tmp_path: Path) -> None:
    """A rule that is added to the resolver is drawn, and is a kind of group of its own."""

    def change(tree: Tree) -> None:
        schema_of(tree)["properties"]["group_resolver"]["enum"].append("any:hunt")

    other = variant(tmp_path, change)
    rules = {body.get("group_resolver") for body in sample(requests(document=other), 400, 1)}

    assert rules == {None, "*", "any:CALL_CENTER", "any:hunt"}
    assert "any:hunt" in {body.get("group_resolver") for body in covering(document=other)}


def test_other_members_of_a_destination_are_drawn(tmp_path: Path) -> None:
    """Members that the object form or the end user has anew are drawn, those taken away are not."""

    def change(tree: Tree) -> None:
        schemas = tree["components"]["schemas"]
        schemas["DestinationObject"]["properties"]["trunk"] = {"type": "string", "enum": ["a", "b"]}
        schemas["EndUser"]["properties"]["age"] = {"type": "integer", "minimum": 0, "maximum": 150}
        del schemas["EndUser"]["properties"]["prefecture"]

    other = variant(tmp_path, change)
    objects = [value for value in sample(destinations(document=other), 600, 1) if isinstance(value, dict)]

    assert {value.get("trunk") for value in objects} == {None, "a", "b"}
    assert {name for value in objects for name in value.get("end_user", {})} == {
        "id",
        "name",
        "organization",
        "avatar",
        "age",
    }


@pytest.mark.parametrize("form", ["DestinationText", "DestinationObject"])
def test_a_document_may_have_one_form_of_destination_only(tmp_path: Path, form: str) -> None:
    """Without the one form, all destinations have the other."""

    def change(tree: Tree) -> None:
        tree["components"]["schemas"]["Destination"] = {"oneOf": [{"$ref": f"#/components/schemas/{form}"}]}

    drawn = sample(destinations(document=variant(tmp_path, change)), 200, 1)

    assert {type(value) for value in drawn} == {str if form == "DestinationText" else dict}


def test_a_document_may_be_plainer(tmp_path: Path) -> None:
    """Without an inline grammar there is no inline form, without an end user there are bare objects."""

    def change(tree: Tree) -> None:
        schemas = tree["components"]["schemas"]
        del schemas["DestinationText"]["x-basix-inline"]
        del schemas["DestinationObject"]["properties"]["end_user"]

    other = variant(tmp_path, change)
    drawn = sample(destinations(document=other), 300, 1)

    assert not any(isinstance(value, str) and value.startswith("{name=") for value in drawn)
    assert {name for value in drawn if isinstance(value, dict) for name in value} == {"called_number", "calling_number"}


def test_the_callback_is_found_by_its_own_key(tmp_path: Path) -> None:
    """Which parameter takes the callback's URL is read from the key of the callback."""

    def change(tree: Tree) -> None:
        properties = schema_of(tree)["properties"]
        properties["result_url"] = properties.pop("callback_url")
        callbacks = operation_of(tree)["callbacks"]["callFinished"]
        callbacks["{$request.body#/result_url}"] = callbacks.pop("{$request.body#/callback_url}")

    other = variant(tmp_path, change)
    drawn = sample(requests(document=other, callback_url="{mark}"), 100, 1)

    assert {body.get("result_url") for body in drawn} == {None, "{mark}"}


# ── with a profile ──


def drawn_from(profile: Profile, n: int = 300, **options: Any) -> list[dict[str, Any]]:
    """A covering set and random bodies, which are to have the same properties."""
    return [*covering(profile, **options), *sample(requests(profile, **options), n, 5)]


PLAYED = drawn_from(MOCK, 500, callback_url=URL)
INVENTED = drawn_from(MOCK, 500, callback_url=URL, allows_invention=True)


def test_a_profiles_bodies_conform() -> None:
    """Both judges find nothing in any body, however freely it was made up."""
    assert [body for body in (*PLAYED, *INVENTED) if violations(body)] == []


def test_only_the_profiles_people_are_named(profile: Profile) -> None:
    """Selectors are those of one user who answers: one alone, or the vendor's pair."""
    answering = profile.users_who("answers")
    named = []
    for body in PLAYED:
        own = {name.removeprefix("user_"): body[name] for name in USERS if name in body}
        fitting = [user for user in answering if all(getattr(user, name) == value for name, value in own.items())]
        assert len(fitting) == 1
        named.append((fitting[0].name, tuple(sorted(own))))

    assert {name for name, _ in named} == {user.name for user in answering}
    assert {own for _, own in named} == {
        *((name.removeprefix("user_"),) for name in USERS),
        ("email", "name"),
    }


def test_only_groups_of_that_user_are_named(profile: Profile) -> None:
    """At most one group is named, the user is in it, and a resolver fits one of the user's groups."""
    seen = set()
    for body in PLAYED:
        user = owner(profile, body)
        own = [group for group in profile.groups if group.name in user.groups]
        given = {name: body[name] for name in GROUPS if name in body}
        assert len(given) <= 1
        for name, value in given.items():
            seen.add((name, value if name == "group_resolver" else ""))
            assert any(fits(group, name, value) for group in own)

    assert seen == {
        *((name, "") for name in GROUPS[:-1]),
        ("group_resolver", "*"),
        ("group_resolver", "any:CALL_CENTER"),
    }


def owner(profile: Profile, body: dict[str, Any]) -> User:
    """The user a body names."""
    return next(
        user
        for user in profile.users
        if all(getattr(user, name.removeprefix("user_")) == body[name] for name in USERS if name in body)
    )


def fits(group: Group, name: str, value: Any) -> bool:
    """Whether a group selector means this group."""
    if name == "group_resolver":
        return bool(value in ("*", f"any:{group.kind}"))
    return bool(getattr(group, name.removeprefix("group_")) == value)


def test_only_the_profiles_destinations_are_called(profile: Profile) -> None:
    """Numbers are the profile's, calling numbers those of their row, and nobody is connected to themselves."""
    rows = {row.value: row for row in profile.destinations}
    for body in PLAYED:
        place = body["destination"]
        if isinstance(place, dict):
            row = rows[place["called_number"]]
            assert row.kind == "pstn"
            assert place.get("calling_number", row.calling_number) == row.calling_number
            assert place.get("end_user", {"name": "x"})
        else:
            row = rows[place.rpartition("}")[2]]
        user = owner(profile, body)
        assert row.value not in (user.name, user.extension)


def test_only_willing_users_are_answered_for(profile: Profile) -> None:
    """auto_answer is true for users whose row allows it, and for no other."""
    switched = [(body.get("auto_answer"), owner(profile, body).auto_answer) for body in PLAYED]

    assert (True, True) in switched
    assert (True, False) not in switched


def test_numbers_and_texts_are_those_a_server_must_take() -> None:
    """Timeouts run from 1 to 180, names shown are printable ASCII of up to 64, no text is blank or longer."""
    bodies = PLAYED
    seconds = {body["answer_timeout"] for body in bodies if "answer_timeout" in body}
    names = {body["calling_name"] for body in bodies if "calling_name" in body}
    texts = {text for body in bodies if isinstance(body["destination"], dict) for text in texts_in(body)}

    assert all(isinstance(value, int) for value in seconds)
    assert (min(seconds), max(seconds)) == (1, 180)
    assert {2, 179} <= seconds
    assert all(name.isascii() and name.isprintable() for name in names)
    assert {len(name) for name in names} >= {1, 63, 64}
    assert all(text.strip() == text and 0 < len(text) <= 64 for text in texts)


def test_the_user_has_the_time_to_answer(profile: Profile) -> None:
    """No timeout ends before the user answers, by half a second at least."""
    slow = replace(profile.users[0], outcome_after_s=4.7)
    bodies = drawn_from(replace(profile, users=(slow,)))

    assert min(body["answer_timeout"] for body in bodies if "answer_timeout" in body) == 6


def test_the_gate_lets_everything_pass(profile: Profile) -> None:
    """Before a given target too, no body holds anything that the gate refuses."""
    gate = gate_of(profile)
    refused = {refusal(gate, body) for body in PLAYED}

    assert refused == {""}


def test_where_things_may_be_made_up_texts_go_further(profile: Profile) -> None:
    """Invention adds texts with numbers, addresses and parameters' names, which the gate would hold back."""
    gate = gate_of(profile)

    assert any(refusal(gate, body) for body in INVENTED)
    assert any(parameter.name in texts_in(body) for parameter in DOCUMENT.parameters for body in INVENTED)


def test_a_callback_is_asked_for_only_with_the_callers_url(profile: Profile) -> None:
    """Without a URL no body has one; with one, some bodies have that one."""
    assert not any("callback_url" in body for body in drawn_from(profile, 100))
    assert {body.get("callback_url") for body in PLAYED} == {None, URL}


def test_what_the_profile_excepts_is_not_drawn(profile: Profile) -> None:
    """Rows under [unsupported] take what they are about out of the bodies."""
    rows = ("CU-044", "CU-047", "CU-064", "CU-066", "CU-088", "CU-089", "CU-086", "CU-106", "CU-104", "CU-108")
    lacking = replace(profile, unsupported=replace(profile.unsupported, rows=rows))
    bodies = drawn_from(lacking, callback_url=URL)

    assert not members(bodies) & {"user_did", "group_did", "calling_name", "auto_answer", "callback_url"}
    assert not any("user_email" in body and "user_name" in body for body in bodies)
    assert "any:CALL_CENTER" not in {body.get("group_resolver") for body in bodies}
    assert all(text.isascii() for body in bodies for text in texts_in(body))
    assert not any(isinstance(body["destination"], str) and "{" in body["destination"] for body in bodies)
    assert not any("calling_number" in body["destination"] for body in bodies if isinstance(body["destination"], dict))


def test_doubtful_selectors_are_not_drawn(profile: Profile) -> None:
    """A label outside ASCII need not be found, and one that two users share may mean either."""
    first, second, *rest = profile.users
    twins = (replace(first, label="Twin"), replace(second, label="Twin"), *rest)
    bodies = drawn_from(replace(profile, users=twins))

    assert "Twin" not in {body.get("user_label") for body in bodies}
    assert all(str(body[name]).isascii() for body in bodies for name in (*USERS, *GROUPS) if name in body)


@pytest.mark.parametrize(
    "change",
    [
        {"users": ()},
        {"users": (User(id=1, outcome="busy"),)},
        {"users": (User(),)},
        {"users": (User(label="ユーザ"),)},
        {"destinations": ()},
        {"destinations": (Destination(value="jessica", kind="user"),), "users": (User(name="jessica"),)},
    ],
)
def test_a_profile_without_anybody_to_ring_is_said_so(profile: Profile, change: dict[str, Any]) -> None:
    """A profile from which no body can be made is an error that tells what to add."""
    with pytest.raises(UsageError, match="nobody to ring"):
        requests(replace(profile, **change))


def test_a_small_profile_is_enough() -> None:
    """One user and one extension give bodies, without numbers to call in the object form."""
    small = Profile(users=(User(name="jessica"),), destinations=(Destination(value="2003", kind="extension"),))
    bodies = drawn_from(small, 60)

    assert {body["destination"] for body in bodies} == {"2003"}
    assert members(bodies) == {"user_name", "destination", "answer_timeout", "calling_name", "auto_answer"}


def test_a_profile_follows_the_document_too(profile: Profile, tmp_path: Path) -> None:
    """A parameter the document no longer has is not drawn; one the ledger does not know need not be accepted."""

    def change(tree: Tree) -> None:
        del schema_of(tree)["properties"]["calling_name"]
        schema_of(tree)["properties"]["volume"] = {"type": "integer", "x-basix-role": "option"}
        schema_of(tree)["properties"]["user_badge"] = {"type": "string", "x-basix-role": "user-selector"}

    other = variant(tmp_path, change)

    assert not members(drawn_from(profile, 200, document=other)) & {"calling_name", "volume", "user_badge"}


def test_destinations_of_a_profile(profile: Profile) -> None:
    """Destinations by themselves are those of its bodies."""
    rows = {row.value for row in profile.destinations}
    drawn = sample(destinations(profile), 400, 1)
    called = {value["called_number"] if isinstance(value, dict) else value.rpartition("}")[2] for value in drawn}

    assert called == rows


def test_documents_are_read_once(tmp_path: Path) -> None:
    """The same document gives the same strategy, whoever asks; another one its own."""
    other: Document = variant(tmp_path, lambda tree: schema_of(tree)["properties"].pop("auto_answer"))

    assert sample(requests(document=other), 50, 1) != sample(requests(), 50, 1)
    assert sample(requests(document=load_document()), 50, 1) == sample(requests(), 50, 1)
    assert [*itertools.islice(covering(document=load_document()), 5)] == [*covering()[:5]]
