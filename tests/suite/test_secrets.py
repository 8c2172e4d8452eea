"""Secrets and people's data never leave memory: not in the journal, in no encoding that crosses the wire."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from basix_contract.mock import MockServer
from basix_contract.profile import load_profile, parse_profile
from basix_contract.report import write_report
from basix_contract.suite import ServerOptions, conclude, run_server
from tests.suite.planted import PLANTED, TALKATIVE, found_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = parse_profile(PLANTED).target.token


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a run that used every one of them, against a PBX that tells much of what it knows."""
    folder = tmp_path_factory.mktemp("secrets")
    profile = folder / "profile.toml"
    profile.write_text(PLANTED, encoding="utf-8")
    with MockServer(load_profile(profile), defects=(TALKATIVE,)) as pbx:
        result = run_server(ServerOptions(target=pbx.base_url, profile=profile, report=folder / "report"))
    assert result.calls_placed > 50
    return result.journal


@pytest.mark.parametrize(
    "spelt",
    [
        SECRET.encode(),
        SECRET.encode("latin-1"),
        SECRET.encode("utf-16"),
        SECRET.encode("utf-16-be"),
        quote(SECRET, safe="").encode(),
        json.dumps(SECRET).encode(),
        SECRET.encode().hex().encode(),
        *(base64.b64encode(b"x" * offset + SECRET.encode() + b"yz") for offset in range(3)),
    ],
)
def test_a_planted_value_would_be_found(spelt: bytes) -> None:
    """The search finds a planted token in every encoding it is said to search, at every place: so it can fail."""
    assert SECRET in {text for text, _ in found_in(b"before " + spelt + b" behind")}


def test_no_planted_value_is_found_in_the_journal(journal: Path) -> None:
    """Token, domain, e-mail, numbers, names and labels are nowhere in the journal, in no encoding."""
    written = journal.read_bytes()

    assert found_in(written) == []
    assert found_in(b"\n".join(_base64_bodies(written))) == []


def test_no_planted_value_is_found_in_the_report(journal: Path) -> None:
    """What is made of the journal holds no more than the journal does: neither the page nor any file beside it."""
    written = write_report(conclude(journal), journal.parent)
    unpacked = b"\n".join(base64.b64decode(body) for body in re.findall(rb'\["([\w+/=]+)"\]', written[2].read_bytes()))

    assert unpacked, "the page holds bodies that are no text"
    assert not [path.name for path in written if found_in(path.read_bytes() + unpacked)]


def _base64_bodies(written: bytes) -> Iterator[bytes]:
    for line in written.split(b"\n"):
        for holder in (json.loads(line or b"{}"), json.loads(line or b"{}").get("request", {})):
            body = holder.get("body") if isinstance(holder, dict) else None
            if isinstance(body, dict) and "base64" in body:
                yield base64.b64decode(body["base64"])


def test_the_same_value_has_the_same_pseudonym_everywhere(journal: Path) -> None:
    """A pseudonym is stable within a run, so that a reader still sees who is who."""
    written = journal.read_text(encoding="utf-8")

    assert "redacted_users_0_name" in written
    assert "redacted_users_0_email" in written
    assert "redacted_destinations_0" in written


def test_credentials_are_never_written_down_even_for_the_mock(tmp_path: Path) -> None:
    """The Authorization field is left out of every journal, the embedded mock's too."""
    result = run_server(ServerOptions(report=tmp_path / "report", only=("CU-033",)))

    written = result.journal.read_text(encoding="utf-8")
    assert "Basic " not in written.replace("Basic scheme", "")
    assert base64.b64encode(b"acme.example:mock-token-3fK9").decode() not in written
