"""Switches: listed, described, read from text, and never such that a correct mock breaks the contract."""

from __future__ import annotations

import math
from typing import Any

import pytest

from basix_contract.contract import load_document
from basix_contract.errors import UsageError
from basix_contract.mock import ERROR_IDS, MAGIC, SWITCHES, Directory, Settings
from basix_contract.mock._words import attribute_of, shipped_words
from basix_contract.profile import Profile, Target, User, parse_profile
from tests.mock.conftest import Ask, Start, error_of


def test_every_switch_is_described() -> None:
    """Name, default and summary stand in one table; an open point is named where there is one."""
    for name, switch in SWITCHES.items():
        assert switch.name == name
        assert switch.default == getattr(Settings(), name)
        assert switch.summary
        assert not switch.choices or switch.default in switch.choices
        assert not switch.open_point or switch.open_point[0] == "A"


def test_settings_are_read_from_text() -> None:
    """As a command line gives them: words, numbers, true and false in any case."""
    texts = {"error_style": "4xx", "strict_unknown_parameters": "TRUE", "latency_s": "0.5", "uuid_version": "3"}
    settings = Settings.from_text({**texts, "callback_repeats": "2"})
    assert settings == Settings(
        error_style="4xx", strict_unknown_parameters=True, latency_s=0.5, uuid_version=3, callback_repeats=2
    )
    assert Settings.from_text({}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("error_stile", "4xx", "unknown switch 'error_stile' .did you mean 'error_style'?"),
        ("zzz", "4xx", "unknown switch 'zzz' .list them with"),
        ("error_style", "500", "error_style cannot be '500' .it takes one of 200, 4xx"),
        ("callback_repeats", "x", "callback_repeats cannot be 'x' .it takes a whole number"),
        ("latency_s", "x", "latency_s cannot be 'x' .it takes a number"),
        ("latency_s", "-1", "latency_s cannot be -1.0"),
        ("latency_s", "nan", "latency_s cannot be nan"),
        ("error_result_code", "0", "error_result_code cannot be 0"),
    ],
)
def test_what_a_switch_does_not_take_is_refused_with_advice(name: str, text: str, message: str) -> None:
    """The message names the switch and what it takes."""
    with pytest.raises(UsageError, match=message):
        Settings.from_text({name: text})


def test_no_wait_is_endless() -> None:
    """An infinite number of seconds is refused, also when settings are changed."""
    with pytest.raises(UsageError, match="talk_s"):
        Settings().but({"talk_s": math.inf})


@pytest.mark.parametrize("switch", [switch for switch in SWITCHES.values() if switch.choices])
def test_a_good_call_is_placed_under_every_setting(start: Start, ask: Ask, switch: Any) -> None:
    """No reading of an open point refuses what the document plainly allows."""
    for choice in switch.choices:
        server = start(**{switch.name: choice}, callback_timeout_s=0.2)
        reply = ask(server, user_name="bob", destination="0312341234", answer_timeout=30, auto_answer=False)
        assert reply.status_code == 200
        assert reply.json()["result_code"] == 0


def test_a_profile_makes_a_directory(profile: Profile) -> None:
    """Users whom the profile says do not exist are not in it, magic ones are unless left out."""
    ghosts = Profile(
        target=Target(domain="d", token="t"), users=(User(name="ghost", outcome="unknown"), User(name="real"))
    )
    bare = Directory.from_profile(ghosts, has_magic=False)
    assert [user.name for user in bare.users] == ["real"]
    assert bare.destinations == ()
    full = Directory.from_profile(profile)
    assert {magic.name for magic in MAGIC.values() if magic.kind == "user"} <= {user.name for user in full.users}
    assert "mock-token" not in repr(full)


@pytest.mark.parametrize("target", ["", 'domain = "d"', 'token = "t"'])
def test_a_profile_without_credentials_makes_none(target: str) -> None:
    """A mock that lets everybody in is not offered."""
    with pytest.raises(UsageError, match=r"target\.domain"):
        Directory.from_profile(parse_profile(f"[target]\n{target}\n"))


def test_a_users_own_entry_wins_over_a_magic_one(start: Start, ask: Ask) -> None:
    """Whoever is really called so is rung."""
    mine = Profile(
        target=Target(domain="acme.example", token="mock-token-3fK9"),
        users=(User(name="magic-limit", terminals=5),),
    )
    server = start(Directory.from_profile(mine))
    assert len(ask(server, user_name="magic-limit").json()["uuids"]) == 5


def test_magic_names_do_what_the_table_says(start: Start, ask: Ask) -> None:
    """Every magic destination and user can be tried, and the limit is one of them."""
    server = start()
    assert error_of(ask(server, user_name="magic-limit")) == "channel_limit_reached"
    for magic in MAGIC.values():
        expected = "destination_not_found" if magic.outcome == "unknown" else None
        assert error_of(ask(server, user_name="bob", destination=magic.name)) == expected


def test_error_ids_are_lower_snake_case_and_say_whether_they_are_documented() -> None:
    """Only two ids are known of the real PBX; all others are invented and marked so (A49)."""
    documented = {name for name, error in ERROR_IDS.items() if error.is_documented}
    assert documented == {"channel_limit_reached", "authentication_required"}
    assert all(name.replace("_", "").islower() and error.summary for name, error in ERROR_IDS.items())


def test_the_mock_knows_the_documents_parameters() -> None:
    """Names and roles come from the document, so that a new selector is known without a change here."""
    words = shipped_words()
    assert words.parameters == tuple(parameter.name for parameter in load_document().parameters)
    assert (words.base_path, words.method_path) == ("/basix/api", "/call_user")
    assert [attribute_of(name) for name in words.user_selectors] == [
        "id",
        "name",
        "label",
        "extension",
        "did",
        "email",
    ]
    assert words.resolver == "group_resolver"
    assert words.rules == ("*", "any:CALL_CENTER")
    assert words.end_user_keys == ("id", "name", "organization", "avatar", "prefecture")
