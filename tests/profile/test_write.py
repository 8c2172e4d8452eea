"""A profile is written as TOML for people, and reads back as it was."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basix_contract.errors import UsageError
from basix_contract.profile import (
    OUTCOMES,
    Absent,
    Callback,
    Destination,
    Group,
    Limits,
    Live,
    Profile,
    Target,
    Unsupported,
    User,
    load_profile,
    parse_profile,
    write_profile,
)
from basix_contract.profile._keys import KEYS
from tests.profile.test_load import PROFILES

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)
_SOME_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12)
_SECONDS = st.floats(0, 600, exclude_min=True)
_NOBODY: st.SearchStrategy[dict[str, str | int]] = st.dictionaries(
    st.sampled_from(("id", "name", "did")), _SOME_TEXT | st.integers(0, 2**40), min_size=1, max_size=2
)

PROFILES_DRAWN = st.builds(
    Profile,
    target=st.builds(
        Target,
        base_url=st.sampled_from(("", "http://127.0.0.1:1/x")),
        domain=_TEXT,
        token=_TEXT,
        reply_timeout_s=_SECONDS,
    ),
    callback=st.builds(Callback, listen=st.sampled_from(("127.0.0.1:0", "[::1]:80")), grace_s=st.floats(0, 600)),
    limits=st.builds(
        Limits, max_calls=st.none() | st.integers(0, 999), max_concurrent=st.integers(1, 9), stop_file=_TEXT
    ),
    live=st.builds(Live, consent=st.sampled_from(("", "pbx.example")), attended=st.booleans()),
    users=st.lists(
        st.builds(
            User,
            id=st.none() | st.integers(0, 2**53),
            name=_SOME_TEXT,
            label=_TEXT,
            extension=_TEXT,
            did=_TEXT,
            email=_TEXT,
            terminals=st.none() | st.integers(0, 5),
            outcome=st.sampled_from(OUTCOMES),
            outcome_after_s=_SECONDS,
            auto_answer=st.booleans(),
            groups=st.lists(_TEXT, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    groups=st.lists(
        st.builds(Group, name=_SOME_TEXT, kind=st.sampled_from(("ring", "hunt", "CALL_CENTER"))), max_size=2
    ).map(tuple),
    destinations=st.lists(
        st.builds(
            Destination,
            value=_SOME_TEXT,
            kind=st.sampled_from(("pstn", "user")),
            calling_number=_TEXT,
            outcome=st.sampled_from(("", "busy")),
            ends_by_itself=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    absent=st.builds(
        Absent, users=st.lists(_NOBODY, max_size=2).map(tuple), groups=st.lists(_NOBODY, max_size=1).map(tuple)
    ),
    unsupported=st.builds(Unsupported, rows=st.lists(st.just("CU-001"), max_size=2).map(tuple)),
)


@given(PROFILES_DRAWN)
def test_a_written_profile_reads_back_as_it_was(profile: Profile) -> None:
    """Every value survives, whatever stands in it."""
    assert parse_profile(write_profile(profile)) == profile


@pytest.mark.parametrize("name", ["mock.toml", "live.example.toml"])
def test_the_shipped_profiles_survive_being_written(name: str) -> None:
    """What is shipped can be written by the kit as well."""
    profile = load_profile(PROFILES / name)

    assert parse_profile(write_profile(profile)) == profile


def test_an_empty_profile_shows_what_may_be_filled_in() -> None:
    """What was not given stands there as a comment; uncommented it reads, and rings nobody."""
    text = write_profile(Profile())
    uncommented = "\n".join(
        line.removeprefix("# ") if line.startswith(("# [[", "# name", "# value", "# kind")) else line
        for line in text.splitlines()
    )
    profile = parse_profile(uncommented)

    assert profile.users[0].name == profile.destinations[0].value == "fill-in"
    assert "# users = [" in text
    assert all(f"[{table}]" in text for table in ("target", "callback", "limits", "live", "absent", "unsupported"))


def test_every_key_is_explained() -> None:
    """Each table and key of a profile has its line of meaning, and no line is left over."""
    assert set(KEYS) == set(
        _keys(Profile(users=(User(),), groups=(Group(),), destinations=(Destination(value="x"),)), "")
    )


def _keys(value: Any, path: str) -> list[str]:
    found = [path] if path else []
    rows = value if isinstance(value, tuple) and value and is_dataclass(value[0]) else (value,)
    for row in rows:
        if is_dataclass(row):
            for spot in fields(row):
                found += _keys(getattr(row, spot.name), f"{path}.{spot.name}".lstrip("."))
    return found


def test_each_meaning_stands_beside_its_key() -> None:
    """The first row of each kind is explained, the others are not."""
    profile = load_profile(PROFILES / "mock.toml")
    lines = write_profile(profile).splitlines()

    assert sum(KEYS["users.did"] in line.partition("# ")[2] for line in lines) == 1
    assert all(
        f"# {KEYS[key]}" in "\n".join(lines) for key in KEYS if key.startswith(("target", "callback", "limits", "live"))
    )


def test_a_long_value_keeps_its_distance() -> None:
    """However long a value is, a blank stands between it and what it means."""
    target = Target(base_url="http://127.0.0.1:8090/a/rather/long/path/to/the/api")

    assert f'api" # {KEYS["target.base_url"]}' in write_profile(Profile(target=target))


def test_a_token_is_written_for_this_machine_only() -> None:
    """A file with a token for elsewhere is not written, and the token not told."""
    target = Target(base_url="https://pbx.acme-telephony.jp/", token="s3cret")
    with pytest.raises(UsageError, match=r"target\.token") as caught:
        write_profile(Profile(target=target))

    assert "s3cret" not in str(caught.value)
    assert 'token = "s3cret"' in write_profile(Profile(target=replace(target, base_url="")))
