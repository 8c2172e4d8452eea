"""Secrets and people's data never leave memory: not in the journal, in no encoding that crosses the wire."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest

from basix_contract.messages import Request
from basix_contract.mock import Behaviour, Call, Defect, MockServer, Reply
from basix_contract.profile import Profile, load_profile, parse_profile
from basix_contract.report import write_report
from basix_contract.suite import ServerOptions, conclude, run_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TOKEN = "s3cr3t/tök+en=="
_PLANTED = """
[target]
domain = "secret-domain.example"
token = "s3cr3t/tök+en=="
reply_timeout_s = 3.0
[callback]
grace_s = 0.3
[[users]]
id = 73197319
name = "wilhelmina.private"
label = "ヴィルヘルミナ Zweig"
extension = "84213"
did = "05098761234"
email = "wilhelmina+calls@secret-mail.example"
terminals = 2
outcome_after_s = 0.02
groups = ["hush-hush"]
[[users]]
id = 73197320
name = "ottokar.private"
terminals = 1
outcome_after_s = 0.02
[[groups]]
id = 8642
name = "hush-hush"
label = "Very Quiet"
kind = "CALL_CENTER"
[[destinations]]
value = "0398765432"
calling_number = "0312348765"
[absent]
users = [{ name = "nobody-at-all" }]
"""


class Talkative(Behaviour):
    """Tells in every reply, in several spellings, whatever the request said."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Add what was heard to the body."""
        shaped = super().shape_reply(reply, request, call)
        heard = request.body.decode("utf-8", "replace")
        fields = [value for _, value in request.headers]
        body = {**json.loads(shaped.body), "heard": [heard, heard.upper(), quote(heard), fields, _encoded(heard)]}
        if call is not None:
            body["user"] = dataclasses.asdict(call.request.user)
        return dataclasses.replace(shaped, body=json.dumps(body).encode())


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


_TALKATIVE = Defect(id="talkative", family="response", summary="repeats", kills="none", behaviour=Talkative)


@pytest.fixture(scope="module")
def planted() -> Profile:
    """A profile in which every value is one that must not be found anywhere."""
    return parse_profile(_PLANTED)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a run that used every one of them, against a PBX that tells much of what it knows."""
    folder = tmp_path_factory.mktemp("secrets")
    profile = folder / "profile.toml"
    profile.write_text(_PLANTED, encoding="utf-8")
    with MockServer(load_profile(profile), defects=(_TALKATIVE,)) as pbx:
        result = run_server(ServerOptions(target=pbx.base_url, profile=profile, report=folder / "report"))
    assert result.calls_placed > 50
    return result.journal


def secrets(profile: Profile) -> Iterator[str]:
    """Every value of a profile that names a person, a number or an access."""
    yield from (profile.target.token, profile.target.domain)
    for user in profile.users:
        yield from (str(user.id), user.name, user.label, user.extension, user.did, user.email)
    for group in profile.groups:
        yield from (group.name, group.label)
    for destination in profile.destinations:
        yield from (destination.value, destination.calling_number)


def encodings(text: str) -> Iterator[bytes]:
    """Every way a text is spelt on its way through headers, JSON and URLs."""
    raw = text.encode()
    yield from (raw, json.dumps(text)[1:-1].encode(), quote(text, safe="").encode(), quote_plus(text).encode())
    yield from (raw.hex().encode(), text.encode("utf-16-le"), text.upper().encode())
    yield from (core for offset in range(3) if len(core := _core(raw, offset)) > 7)


def _core(raw: bytes, offset: int) -> bytes:
    """What is the same in the base64 of every text that holds these bytes at such an offset."""
    whole = base64.b64encode(b"\0" * offset + raw + b"\0" * 3)
    return whole[(0, 2, 3)[offset] : (len(raw) + offset) // 3 * 4]


def test_no_planted_value_is_found_in_the_journal(planted: Profile, journal: Path) -> None:
    """Token, domain, e-mail, numbers, names and labels are nowhere in the journal, in no encoding."""
    written = journal.read_bytes()
    unpacked = b"\n".join(_base64_bodies(written))

    assert not planted_in(written + unpacked, planted)


def test_no_planted_value_is_found_in_the_report(planted: Profile, journal: Path) -> None:
    """What is made of the journal holds no more than the journal does: neither the page nor any file beside it."""
    written = write_report(conclude(journal), journal.parent)
    unpacked = b"\n".join(base64.b64decode(body) for body in re.findall(rb'\["([\w+/=]+)"\]', written[2].read_bytes()))

    assert unpacked, "the page holds bodies that are no text"
    assert not [path.name for path in written if planted_in(path.read_bytes() + unpacked, planted)]


def planted_in(content: bytes, planted: Profile) -> list[tuple[str, bytes]]:
    """Every planted value that stands somewhere, with its spelling there."""
    lowered = content.lower()
    return [
        (text, spelling)
        for text in secrets(planted)
        if text
        for spelling in encodings(text)
        if spelling.lower() in lowered
    ]


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
