"""A recording: what an application sends is judged as far as it tells by itself, and its secrets are not kept."""

from __future__ import annotations

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from basix_contract.errors import UsageError
from basix_contract.suite import Invitation, RecordOptions, conclude, record_client

if TYPE_CHECKING:
    from pathlib import Path

    from basix_contract.suite import RequirementVerdict, RunResult

JSON = "application/json"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
BASIC = "Basic dGVzdDEuYmFzaXgubmUuanA6czNjcjN0LXRva2Vu"  # test1.basix.ne.jp:s3cr3t-token

# What the vendor's public clients send: a ticket system on the server side, and a browser.
REDMINE = (
    {"destination": "0312341234", "user_name": "jessica", "user_email": "jessica@acme.example"},
    {"destination": "0312341234", "user_name": "jessica", "user_email": "jessica@acme.example", "group_name": "sales"},
    {"destination": "thomas", "user_name": "jessica", "user_email": "jessica@acme.example"},
    {"destination": "営業 第一", "user_name": "jessica", "user_email": "jessica@acme.example"},
    {"destination": "thomas", "user_name": "jessica", "user_email": ""},
)
BROWSER = {"user_id": 10001001, "destination": "media_plug"}


def sent(base_url: str, body: object, path: str = "/call_user", **fields: str) -> dict[str, Any]:
    """Send a request and return the JSON of its answer; a field's name may hold underscores."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    request = urllib.request.Request(base_url + path, raw, named, method="POST")  # noqa: S310 - the kit's own URL
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 - the same
        answer: dict[str, Any] = json.loads(response.read())
    return answer


def recorded(folder: Path, *requests: dict[str, Any], only: tuple[str, ...] = ()) -> RunResult:
    """What a recording of these requests comes to."""
    with ThreadPoolExecutor(1) as pool:

        def invite(invitation: Invitation) -> None:
            pool.submit(lambda: [sent(invitation.base_url, **request) for request in requests])

        options = RecordOptions(report=folder, most_requests=len(requests), for_s=20.0, only=only)
        return record_client(options, invite)


def row_of(result: RunResult, id_: str) -> RequirementVerdict:
    """What came of one requirement."""
    return next(row for row in result.requirements if row.id == id_)


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """A recording of what the vendor's clients send."""
    redmine = [{"body": body, "Content_Type": JSON, "Authorization": BASIC} for body in REDMINE]
    browser = {"body": BROWSER, "Content_Type": FORM, "Cookie": "basix=0a1b2c", "X_Requested_With": "XMLHttpRequest"}
    return recorded(tmp_path_factory.mktemp("vendor"), *redmine, browser)


def test_the_vendor_s_own_clients_conform(vendor: RunResult) -> None:
    """Nothing that the vendor's public clients send breaks a requirement; a recording proves no more than it can."""
    assert (vendor.verdict, vendor.exit_code) == ("partial", 0)
    assert not [row for row in vendor.requirements if row.verdict in ("fail", "warn", "not-testable")]
    assert {row.id for row in vendor.requirements if row.verdict == "pass" and row.level == "MUST"} == {
        "CU-301",
        "CU-302",
        "CU-303",
        "CU-307",
        "CU-308",
        "CU-309",
        "CU-310",
        "CU-311",
        "CU-322",
        "CU-365",
    }


def test_what_the_browser_does_is_observed(vendor: RunResult) -> None:
    """A cookie in place of Basic, and JSON labelled as a form, are recorded and not judged."""
    row = row_of(vendor, "CU-306")

    assert row.verdict == "observed"
    assert row.detail == "JSON labelled as a form (1), a cookie in place of Basic (1)"


def test_the_vendor_is_given_advice(vendor: RunResult) -> None:
    """Two selectors and an empty address get the advice that the ledger has for them, and only they do."""
    advised = {row.id: row.detail for row in vendor.requirements if row.level == "ADVICE" and row.verdict == "observed"}

    assert set(advised) == {"CU-370", "CU-378"}
    assert advised["CU-370"].startswith("request 1: user_name and user_email together")
    assert advised["CU-378"] == "request 5: user_email is sent as ''"


def test_secrets_are_not_kept(vendor: RunResult) -> None:
    """Neither credentials nor cookies of the application are in the journal."""
    journal = vendor.journal.read_text("utf-8")

    for secret in ("s3cr3t-token", "test1.basix.ne.jp", BASIC.removeprefix("Basic "), "0a1b2c"):
        assert secret not in journal


def test_a_recording_is_judged_again_in_the_same_way(vendor: RunResult) -> None:
    """Offline, a recording's verdicts are the same."""
    assert conclude(vendor.journal).requirements == vendor.requirements


@pytest.mark.parametrize(
    ("request_", "row", "said"),
    [
        ({"path": "/call_user/"}, "CU-302", "it went to /basix/api/call_user/"),
        ({"Authorization": ""}, "CU-303", "the request has no Authorization field"),
        ({"Authorization": "Bearer s3cr3t-token"}, "CU-303", "it signs in by bearer"),
        ({"Authorization": "Basic ***"}, "CU-303", "its Basic credentials cannot be read"),
        ({"Content_Type": FORM}, "CU-307", "content type"),
        ({"body": b"{'destination': 1}"}, "CU-308", "its body is not JSON"),
        ({"body": {"user_name": "x", "group_name": ["x"], "destination": "1"}}, "CU-309", "group_name is a list"),
        ({"body": {"user_name": "x", "destination": "1", "answer_timeout": 0}}, "CU-309", "answer_timeout is 0"),
        ({"body": {"user_name": "", "destination": "1"}}, "CU-310", "it names no user"),
        ({"body": {"user_name": "x", "destination": ""}}, "CU-311", "its destination is missing or empty"),
        (
            {"body": {"user_name": "x", "destination": "1", "callback_url": "somewhere.com/x"}},
            "CU-322",
            "callback_url 'somewhere.com/x' is no absolute http or https URL",
        ),
        ({"path": "/call_user?t=s3cr3t-token"}, "CU-365", "the token stands in the URL"),
    ],
)
def test_a_fault_is_told(tmp_path: Path, request_: dict[str, Any], row: str, said: str) -> None:
    """What a recorded request does wrong is told by the row it breaks, and by no other."""
    good = {"body": {"user_name": "jessica", "destination": "thomas"}, "Content_Type": JSON, "Authorization": BASIC}
    result = recorded(tmp_path, {**good, **request_})

    assert [(found.id, found.verdict) for found in result.requirements if found.verdict == "fail"] == [(row, "fail")]
    assert said in row_of(result, row).detail
    assert result.exit_code == 1


def test_what_is_no_call_is_not_judged(tmp_path: Path) -> None:
    """Requests for other methods of the API get a 404 and are no calls."""

    def use(invitation: Invitation) -> None:
        with pytest.raises(OSError, match="404"):
            sent(invitation.base_url, {}, path="/gen_ws_ticket")
        sent(invitation.base_url, BROWSER, Content_Type=JSON, Authorization=BASIC)

    with ThreadPoolExecutor(1) as pool:

        def invite(invitation: Invitation) -> None:
            pool.submit(use, invitation)

        result = record_client(RecordOptions(report=tmp_path, most_requests=1, for_s=20.0), invite)

    assert len(result.history.calls) == 1
    assert [request.target for request in result.history.strays] == ["/basix/api/gen_ws_ticket"]
    assert result.exit_code == 0


def test_a_recording_of_nothing_proves_nothing(tmp_path: Path) -> None:
    """Where no request came, nothing was executed: exit code 6."""
    result = record_client(RecordOptions(report=tmp_path, for_s=0.05), lambda _invitation: None)

    assert result.exit_code == 6
    assert result.reason == "nothing was executed"


def test_only_what_is_asked_for_is_judged(tmp_path: Path) -> None:
    """`only` leaves other rows out of a recording."""
    result = recorded(tmp_path, {"body": BROWSER, "Content_Type": FORM, "Authorization": BASIC}, only=("CU-301",))

    assert result.exit_code == 0
    assert {row.id for row in result.requirements if row.verdict != "disabled"} == {"CU-301"}


@pytest.mark.parametrize("listen", ["127.0.0.1:many", "nowhere", "127.0.0.1:99999"])
def test_an_address_that_cannot_be_listened_on_is_bad_usage(tmp_path: Path, listen: str) -> None:
    """An address is refused with the reason."""
    with pytest.raises(UsageError, match="cannot listen on"):
        record_client(RecordOptions(report=tmp_path, listen=listen), lambda _invitation: None)
