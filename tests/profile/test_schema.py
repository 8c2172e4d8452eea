"""The published JSON Schema of a profile: what it takes the kit takes, and what it refuses the kit refuses."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given

import basix_contract.profile
from basix_contract.errors import UsageError
from basix_contract.profile import Profile, parse_profile, profile_schema, write_profile
from tests.profile.test_load import PROFILES
from tests.profile.test_write import PROFILES_DRAWN

PUBLISHED = Path(basix_contract.profile.__file__).with_name("profile.schema.json")


def _accepts(text: str) -> bool:
    return jsonschema_rs.validator_for(profile_schema()).is_valid(tomllib.loads(text))


def test_the_published_schema_is_current() -> None:
    """The file in the package is what the code says; to mend it, write the text of this test's left side there."""
    assert PUBLISHED.read_text("utf-8") == json.dumps(profile_schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_schema_is_one() -> None:
    """It is valid itself, and every key has its meaning."""
    jsonschema_rs.meta.validate(profile_schema())

    assert list(_nameless(profile_schema())) == []


def _nameless(schema: dict[str, Any]) -> list[str]:
    found = []
    for name, part in schema.get("properties", {}).items():
        found += [name] if not part.get("description") else []
        found += _nameless(part) if part.get("type") == "object" else []
    return found


@pytest.mark.parametrize("name", ["mock.toml", "live.example.toml"])
def test_the_shipped_profiles_are_accepted(name: str) -> None:
    """What is shipped keeps to the schema."""
    assert _accepts((PROFILES / name).read_text("utf-8"))


@given(PROFILES_DRAWN)
def test_whatever_the_kit_reads_the_schema_accepts(profile: Profile) -> None:
    """Profiles the kit writes and reads are profiles by the schema."""
    assert _accepts(write_profile(profile))


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "[target]\nx = 1",
        "[target]\ntoken = 1",
        "[target]\nreply_timeout_s = 0",
        "[limits]\nmax_calls = -1",
        "[limits]\nmax_concurrent = 0",
        "[[users]]\noutcome = 'busy'",
        "[[users]]\nname = 'x'\noutcome = 'zzz'",
        "[[users]]\nid = 'x'",
        "[[users]]\nid = -1",
        "[[groups]]\nkind = 'ring'",
        "[[groups]]\nname = 'x'\nkind = 'x'",
        "[[destinations]]\nkind = 'pstn'",
        "[[destinations]]\nvalue = ''",
        "[absent]\nusers = [{}]",
        "[absent]\nusers = [{ x = 1 }]",
        "[absent]\ngroups = [{ email = 'x' }]",
        "[live]\nattended = 1",
        "users = {}",
        "[unsupported]\nrows = [1]",
    ],
)
def test_what_the_schema_refuses_the_kit_refuses(text: str) -> None:
    """Wrong keys, types, bounds and choices are wrong for both."""
    assert not _accepts(text)
    with pytest.raises(UsageError):
        parse_profile(text)
