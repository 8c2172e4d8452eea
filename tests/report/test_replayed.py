"""One exchange played again, in full, and the curl line that does the same by hand."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basix_contract.checks import Intent
from basix_contract.report import replay_text
from basix_contract.report._curl import curl_line
from basix_contract.report._journaled import SentRequest
from tests.report.runs import HEADERS, UUID, callback, exchange, requirement, run, write_journal

URL = "http://127.0.0.1:8090/basix/api/call_user"
CONTROL = exchange("groups/control.1", "the good call", {"result_code": 0, "uuids": [UUID]})
CASE = exchange(
    "groups/unknown.1",
    "an absent group_name",
    {"result_code": 500, "error": {"id": "group_not_found"}},
    callbacks=(callback({"result_code": 0, "uuid": UUID}),),
)
FAILED = requirement("CU-057", "fail", detail="accepted", evidence=("groups/unknown.1",))


def test_a_replay_is_told_in_full(tmp_path: Path) -> None:
    """Request, reply and callbacks of the good call and the case, the verdict beside the earlier one, and by hand."""
    journal = write_journal(
        tmp_path / "journal.ndjson",
        **{
            "groups/control.1": {"text": '{"user_id": 9000000000000001}'},
            "groups/unknown.1": {"text": '{"user_name": "redacted_users_0_name"}'},
        },
    )
    result = run(
        FAILED,
        requirement("CU-001", "disabled"),
        exchanges=(CONTROL, CASE),
        journal=journal,
        verdict="does-not-conform",
        exit_code=1,
        reason="1 requirement fail",
    )

    assert (
        replay_text(result, {"CU-057": "pass"}, files=(Path("build/report.json"),))
        == f"""\
replayed against http://127.0.0.1:8090/basix/api, seed 7

groups/control.1  the good call  (the good call beside it)
  → POST {URL}
      Content-Type: application/json
      Accept: application/json
      Authorization: redacted_credentials
      {{"user_id": 9000000000000001}}
  ← 200  (0.100 s after the request)
      {{"result_code": 0, "uuids": ["{UUID}"]}}
  ⇐ no callback came

groups/unknown.1  an absent group_name
  → POST {URL}
      Content-Type: application/json
      Accept: application/json
      Authorization: redacted_credentials
      {{"user_name": "redacted_users_0_name"}}
  ← 200  (0.100 s after the request)
      {{"result_code": 500, "error": {{"id": "group_not_found"}}}}
  ⇐ POST /t  (0.500 s after the request)
      {{"result_code": 0, "uuid": "{UUID}"}}

Verdict
  fail (it was pass) CU-057 MUST  Something holds.
      accepted

By hand
  curl -sS -X POST {URL} -u DOMAIN:TOKEN -H 'Content-Type: application/json' \
--data-binary '{{"user_name": "redacted_users_0_name"}}'
  (put values of the profile where redacted_… or 90000000000000… stands)

report  build: report.json
does-not-conform · exit code 1: 1 requirement fail
"""
    )


def test_what_judges_every_exchange_is_told_where_nothing_judges_this_one() -> None:
    """An exchange that no requirement is about shows what it shows, and nothing of what it could not."""
    rows = (requirement("CU-001", "pass"), requirement("CU-004", "not-testable", detail="no data"))

    text = replay_text(run(*rows, exchanges=(CASE,)), {})

    assert "Verdict\n  pass CU-001 MUST  Something holds.\n" in text
    assert "CU-004" not in text
    assert "By hand" not in text


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"silence": "nothing within 3 s"}, "← no reply: nothing within 3 s"),
        ({}, "← no reply: the run was cut short"),
        ({"withheld": "gate[budget]: 0 calls"}, "not sent: gate[budget]: 0 calls"),
        ({"callbacks": (callback(None, problem="no JSON\x1b"),)}, "unreadable: no JSON\\x1b"),
    ],
)
def test_how_an_exchange_can_go(members: dict[str, object], told: str) -> None:
    """An exchange without reply, that was not sent, or with an unreadable callback, is told as it went."""
    text = replay_text(run(exchanges=(exchange("x.1", "a", **members),)), {})

    assert told in text
    assert text.replace("\n", "").isprintable()


def test_what_stands_for_credentials_is_told(tmp_path: Path) -> None:
    """The curl line of a refusal of credentials says that others than the right ones belong there."""
    journal = write_journal(tmp_path / "journal.ndjson", **{"auth/near-miss.1": {"text": "{}"}})
    intent = Intent(probe="auth/near-miss", expect="refuse")
    case = exchange("auth/near-miss.1", "an empty token", intent=intent)

    assert "(put in what it was sent with in place of DOMAIN:TOKEN: an empty token)" in replay_text(
        run(exchanges=(case,), journal=journal), {}
    )


def test_a_body_that_was_too_long_is_told(tmp_path: Path) -> None:
    """Of a body that the journal has cut, the text says how much is missing, and that the line sends the beginning."""
    request = {"method": "POST", "url": URL, "headers": [], "body": {"text": "x" * 9}, "cut_from": 5000}
    event = {"event": "about-to-send", "exchange": "groups/unknown.1", "request": request}
    journal = tmp_path / "journal.ndjson"
    journal.write_text(json.dumps(event) + "\n", "utf-8")

    text = replay_text(run(exchanges=(CASE,), journal=journal), {})

    assert "(the journal holds the first 9 of 5000 bytes)" in text
    assert "this line sends its beginning" in text


def test_an_empty_body_is_told(tmp_path: Path) -> None:
    """A request without a body says so, and its curl line sends none."""
    journal = write_journal(tmp_path / "journal.ndjson", **{"groups/unknown.1": {"text": ""}})

    text = replay_text(run(exchanges=(CASE,), journal=journal), {})

    assert "Authorization: redacted_credentials\n      (no body)\n" in text
    assert "--data-binary" not in text


# ── curl ──


def sent(body: bytes, headers: tuple[tuple[str, str], ...] = HEADERS) -> SentRequest:
    """A request with this body."""
    return SentRequest(method="POST", url=URL, headers=headers, body=body, whole_length=len(body))


CURL = """\
#!/bin/sh
while [ $# -gt 1 ]; do shift; done
if [ "$1" = @- ]; then cat; else printf %s "$1"; fi
"""


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a curl that writes the body it was given, and sends nothing."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "curl").write_text(CURL, "utf-8")
    (folder / "curl").chmod(0o755)
    return folder


@settings(deadline=None, max_examples=50)  # each starts three processes
@given(body=st.binary(min_size=1, max_size=60) | st.text(min_size=1, max_size=30).map(str.encode))
def test_a_shell_sends_exactly_the_body(shell: Path, body: bytes) -> None:
    """Whatever the body, quotes and NUL included, the line pasted into a shell sends its bytes."""
    ended = subprocess.run(
        ["/bin/sh", "-c", curl_line(sent(body))],
        env={"PATH": f"{shell}:{os.environ['PATH']}"},
        capture_output=True,
        timeout=20,
        check=True,
    )

    assert ended.stdout == body


def test_a_file_is_never_read() -> None:
    """A body that begins with @ would name a file to curl; it goes another way."""
    assert curl_line(sent(b"@/etc/passwd")).startswith("printf %s QC9ldGMvcGFzc3dk | base64 -d | curl ")


def test_no_credentials_no_user() -> None:
    """A request that bore no credentials has none in its line; other fields stay."""
    line = curl_line(sent(b"{}", (("Content-Type", "text/plain"), ("X-It's", "a"))))

    assert line == f"""curl -sS -X POST {URL} -H 'Content-Type: text/plain' -H 'X-It'"'"'s: a' --data-binary '{{}}'"""
