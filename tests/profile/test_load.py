"""A profile file is read whole or not at all; what is wrong is said with its key, and no value is repeated."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from basix_contract.errors import UsageError
from basix_contract.profile import Profile, build_profile, load_profile, parse_profile

PROFILES = Path(__file__).parents[2] / "conformance" / "profiles"
SECRET = "s3cret-t0ken"


def _complaint(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        parse_profile(text, where="my.toml")
    return str(caught.value)


def test_an_empty_profile_is_one() -> None:
    """Every key has a default: a thin profile is partial, not wrong."""
    assert parse_profile("") == build_profile({}) == Profile()


def test_tables_and_lists_become_values() -> None:
    """Whole numbers stand for seconds too, and lists keep their order."""
    profile = parse_profile(
        """
        [target]
        reply_timeout_s = 3
        [[users]]
        name = "a"
        groups = ["x", "y"]
        [[users]]
        id = 2
        outcome = "never-answers"
        [absent]
        users = [{ name = "nobody" }, { id = 9 }]
        """
    )

    assert profile.target.reply_timeout_s == 3.0
    assert isinstance(profile.target.reply_timeout_s, float)
    assert [user.name for user in profile.users] == ["a", ""]
    assert profile.users[0].groups == ("x", "y")
    assert profile.users_who("never-answers") == (profile.users[1],)
    assert profile.absent.users == ({"name": "nobody"}, {"id": 9})
    assert profile.destinations_of("pstn") == ()


@pytest.mark.parametrize("name", ["mock.toml", "live.example.toml"])
def test_the_shipped_profiles_are_read(name: str) -> None:
    """The embedded mock's, and the one to be filled in."""
    assert load_profile(PROFILES / name).users


@pytest.mark.parametrize("kind", ["missing", "folder", "bytes"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, kind: str) -> None:
    """Missing, a folder, or no text: the path and what to give instead."""
    path = tmp_path / "profile.toml"
    if kind == "folder":
        path.mkdir()
    if kind == "bytes":
        path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="the profile cannot be read") as caught:
        load_profile(path)

    assert str(path) in str(caught.value)
    assert caught.value.fix == "give the path of a TOML profile"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "not valid TOML"),
        ("[target]\nbase_ur = 'x'", "unknown key target.base_ur (did you mean target.base_url?)"),
        ("[targets]", "unknown key targets (did you mean target?)"),
        ("[target]\nzzz = 1", "unknown key target.zzz (known here: base_url, domain"),
        ("[[users]]\nnmae = 'x'", "unknown key users[0].nmae (did you mean users[0].name?)"),
        ("target = 1", "[target] must be a table, not a whole number"),
        ("users = {}", "users must be a list, not a table"),
        ("users = ['x']", "[users[0]] must be a table, not a text"),
        ("[absent]\nusers = ['x']", "absent.users[0] must be a table, not a text"),
        ("[absent]\nusers = [{name = 1.5}]", "absent.users[0].name must be text or a whole number, not a number"),
        ("[[destinations]]\nkind = 'pstn'", "destinations[0].value is missing (add it)"),
        ("[limits]\nmax_calls = true", "limits.max_calls must be a whole number, not a boolean"),
        ("[limits]\nmax_calls = 1.5", "limits.max_calls must be a whole number, not a number"),
        ("[limits]\nmin_interval_s = '1'", "limits.min_interval_s must be a number, not a text"),
        ("[limits]\nmin_interval_s = true", "limits.min_interval_s must be a number, not a boolean"),
        ("[limits]\nmin_interval_s = 1" + "0" * 400, "limits.min_interval_s must be a number, not a whole number"),
        ("[live]\nattended = 1", "live.attended must be true or false, not a whole number"),
        ("[live]\nconsent = 2026-01-01", "live.consent must be text, not a date or time"),
        ("[[users]]\nname = 'x'\ngroups = 'sales'", "users[0].groups must be a list, not a text"),
        ("[[users]]\nname = 'x'\noutcome = 'anwers'", "(did you mean 'answers'?)"),
        ("[[users]]\nname = 'x'\noutcome = 'zzz'", "users[0].outcome must be one of 'answers', 'never-answers'"),
        ("[[users]]\nname = 'x'\noutcome = 1", "not a whole number"),
        ("[[destinations]]\nvalue = '1'\noutcome = 'buzy'", "(did you mean 'busy'?)"),
        ("[[groups]]\nname = 'x'\nkind = 'call_center'", "groups[0].kind must be one of 'ring', 'hunt', 'CALL_CENTER'"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(text: str, said: str) -> None:
    """One line: the file, the key, what is wanted and what to do."""
    complaint = _complaint(text)

    assert complaint.startswith("my.toml: ")
    assert said in complaint
    assert "\n" not in complaint


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("[target]\nreply_timeout_s = 0", "target.reply_timeout_s", "more than 0"),
        ("[target]\nreply_timeout_s = -1.0", "target.reply_timeout_s", "more than 0"),
        ("[target]\nreply_timeout_s = inf", "target.reply_timeout_s", "at most 600"),
        ("[target]\nreply_timeout_s = nan", "target.reply_timeout_s", "more than 0"),
        ("[callback]\ngrace_s = -0.1", "callback.grace_s", "0 or more"),
        ("[limits]\nmax_calls = -1", "limits.max_calls", "0 or more"),
        ("[limits]\nmax_concurrent = 0", "limits.max_concurrent", "1 or more"),
        ("[limits]\nmin_interval_s = -1", "limits.min_interval_s", "0 or more"),
        ("[[users]]\nid = -1", "users[0].id", "0 or more"),
        ("[[users]]\nid = 99999999999999999", "users[0].id", "at most"),
        ("[[users]]\nname = 'x'\n[[users]]\nname = 'y'\nterminals = -1", "users[1].terminals", "0 or more"),
        ("[[users]]\nname = 'x'\noutcome_after_s = -1", "users[0].outcome_after_s", "0 or more"),
        ("[[users]]\noutcome = 'busy'", "users[0]", "it names nobody"),
        ("[[groups]]\nkind = 'hunt'", "groups[0]", "it names nobody"),
        ('[[users]]\nname = "a\\nb"', "users[0].name", "control character"),
        ('[[users]]\nname = "a\\u0000"', "users[0].name", "control character"),
        ("[[destinations]]\nvalue = ''", "destinations[0].value", "must not be empty"),
        ("[target]\nbase_url = 'pbx.example/api'", "target.base_url", "must begin with http"),
        ("[target]\nbase_url = 'ftp://pbx.example/'", "target.base_url", "must begin with http"),
        ("[target]\nbase_url = 'https://'", "target.base_url", "must begin with http"),
        ("[target]\nbase_url = 'https://pbx.example:99999/'", "target.base_url", "not valid"),
        ("[target]\nbase_url = 'https://pbx.example/?x=1'", "target.base_url", "no query"),
        ("[target]\nbase_url = 'https://u:s3cret-t0ken@pbx.example/'", "target.base_url", "carries credentials"),
        ("[target]\ntoken_env = 's3cret-t0ken'", "target.token_env", "a variable's name"),
        ("[callback]\nlisten = '127.0.0.1'", "callback.listen", "host:port"),
        ("[callback]\nlisten = '127.0.0.1:70000'", "callback.listen", "0 to 65535"),
        ("[callback]\nlisten = '127.0.0.1:-1'", "callback.listen", "host:port"),
        ("[callback]\nlisten = 'http://127.0.0.1:80'", "callback.listen", "host:port"),
        ("[callback]\nlisten = '127.0.0.1:８０'", "callback.listen", "host:port"),
        ("[callback]\npublic_url = 'callbacks.example'", "callback.public_url", "must begin with http"),
        ("[live]\nconsent = 'https://pbx.example'", "live.consent", "host's name alone"),
        ("[absent]\nusers = [{}]", "absent.users[0]", "it names nobody"),
        ("[absent]\nusers = [{name = ''}]", "absent.users[0]", "it names nobody"),
        ("[absent]\nusers = [{nmae = 'x'}]", "absent.users[0]", "no selector"),
        ("[absent]\ngroups = [{email = 'x'}]", "absent.groups[0]", "no selector"),
        ("[unsupported]\nrows = ['CU-1']", "unsupported.rows[0]", "CU-001"),
    ],
)
def test_nonsense_is_found_when_the_file_is_read(text: str, key: str, said: str) -> None:
    """Negative times, ports that do not exist, rows that name nobody: the key, what it may be, and what to do."""
    complaint = _complaint(text)

    assert complaint.startswith(f"my.toml: {key}: ")
    assert said in complaint
    assert complaint.endswith(")")
    assert SECRET not in complaint


@pytest.mark.parametrize(
    "text",
    [
        "[callback]\nlisten = '[::1]:0'",
        "[callback]\nlisten = ':8080'",
        "[callback]\nlisten = 'localhost:0'",
        "[callback]\ngrace_s = 0",
        "[limits]\nmax_calls = 0",
        "[target]\nbase_url = 'http://[::1]:8090/basix/api/'",
        "[[users]]\nname = '山田　太郎'",
        "[unsupported]\nrows = ['CU-001']",
        "[live]\nconsent = '2001:db8::1'",
    ],
)
def test_what_makes_sense_is_taken(text: str) -> None:
    """The bounds themselves, IPv6, and names in any script."""
    assert parse_profile(text) != Profile() or "grace_s" in text


@pytest.mark.parametrize(
    "text",
    [
        f"[target]\ntoken = ['{SECRET}']",
        f"[target]\ntoken = {{ value = '{SECRET}' }}",
        f"[target]\ntoken_env = ['{SECRET}']",
        f"[target]\ndomain = 7\ntoken = '{SECRET}'",
        f"[target]\ntoken = '{SECRET}",
        f"[target]\ntoken = {SECRET}",
        f"[target]\nreply_timeout_s = '{SECRET}'",
        f"[[users]]\nid = '{SECRET}'",
        f"[[users]]\nname = 'x'\noutcome = '{SECRET}'",
        f"[[users]]\nname = ['{SECRET}']",
        f"[[destinations]]\nvalue = ['{SECRET}']",
        f"[absent]\nusers = ['{SECRET}']",
        f"[target]\nbase_url = '{SECRET}'",
        f"[target]\nbase_url = 'http://pbx:{SECRET}/'",
        f"[callback]\nlisten = '{SECRET}'",
        f"[unsupported]\nrows = ['{SECRET}']",
        f"[live]\nconsent = '/{SECRET}'",
        f"[absent]\nusers = [{{ name = '{SECRET}', x = '{SECRET}' }}]",
    ],
)
def test_no_value_is_ever_repeated(text: str) -> None:
    """What stands in a profile may be a token or a person's number: no complaint holds any of it."""
    assert SECRET not in _complaint(text)


def test_a_token_is_not_shown_with_the_profile() -> None:
    """A profile in a traceback or a log shows no token."""
    profile = parse_profile(f"[target]\ntoken = '{SECRET}'")

    assert profile.target.token == SECRET
    assert SECRET not in repr(profile)
    assert dataclasses.is_dataclass(profile)
