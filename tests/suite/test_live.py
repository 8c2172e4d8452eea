"""A run on telephones that count as real: nothing beyond the plan, nothing after the brake, nothing a second time."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from basix_contract.errors import UsageError
from basix_contract.mock import MockServer
from basix_contract.profile import _live as live_rules
from basix_contract.suite import RunResult, ServerOptions, conclude, preview, run_server
from basix_contract.suite._options import given_target, read_profile
from basix_contract.suite._run import plan_for
from basix_contract.suite._scenario import Step
from tests.suite.hostile import Answer, hostile, page, redirect_to, reset, server_error, stall
from tests.suite.standin import TOKEN_ENV, Recorded, at, options, planned, recording, standin

WRONG = 3
FEW = ("CU-002", "CU-041", "CU-030")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """What leaves for the target."""
    return recording(monkeypatch)


@pytest.fixture
def pbx(tmp_path: Path, sent: Recorded) -> Iterator[tuple[MockServer, Path]]:
    """A stand-in and its profile, with everything that leaves for it recorded."""
    assert not sent.requests
    with standin(tmp_path) as found:
        yield found


def rechecked(result: RunResult) -> RunResult:
    """The result, after its journal has given the same one again."""
    again = conclude(result.journal)
    assert (again.verdict, again.exit_code, again.requirements) == (
        result.verdict,
        result.exit_code,
        result.requirements,
    )
    return result


def events(journal: Path, kind: str) -> list[dict[str, Any]]:
    """Return the events of one kind."""
    return [event for line in journal.read_text("utf-8").splitlines() if (event := json.loads(line))["event"] == kind]


# ── the whole run ──


def test_a_live_run_sends_what_its_plan_says_and_nothing_else(
    pbx: tuple[MockServer, Path], sent: Recorded, tmp_path: Path
) -> None:
    """Every request that left is one of the plan, in its order and once; calls stay in the budget, and ring briefly."""
    asked = options(pbx[1], tmp_path)
    told = preview(asked)
    result = rechecked(run_server(asked))

    assert (result.exit_code, result.verdict, result.ending) == (6, "partial", "complete")
    assert not sent.seen - planned(asked)
    assert [row.id for row in result.requirements if row.verdict in ("fail", "harness-error", "warn")] == []
    assert len(sent.requests) == sum(not step.withheld for step in told.steps)
    assert len(pbx[0].calls) <= 40
    assert all(1 <= call.answer_timeout_s <= 20 for call in pbx[0].calls)
    played = [event["exchange"] for event in events(result.journal, "about-to-send")]
    assert played == [step.id for step in told.steps if step.id in set(played)]


def test_a_small_budget_is_spent_on_as_many_points_as_it_reaches_for(
    pbx: tuple[MockServer, Path], sent: Recorded, tmp_path: Path
) -> None:
    """Every point is planned once before any is planned twice; what is compared with a good call keeps that call."""
    small, large = (plan_of(options(pbx[1], tmp_path, max_calls=calls)) for calls in (40, 40_000))
    profile = pbx[1].read_text("utf-8")
    pbx[1].write_text(profile.replace("max_calls = 40", "max_calls = 40000"), "utf-8")
    whole = plan_of(options(pbx[1], tmp_path))

    assert small == large
    assert {step.intent.probe for step in small} == {step.intent.probe for step in whole}
    assert len(small) < len(whole) / 2
    ids = {step.id for step in small}
    assert {step.intent.control for step in small} - {""} <= ids
    assert not sent.requests


def plan_of(asked: ServerOptions) -> list[Step]:
    """Return the steps of a plan."""
    profile = read_profile(asked)
    return [step for scene in plan_for(profile, given_target(profile, asked), asked).whole() for step in scene.steps]


def test_wrong_credentials_are_few_last_and_announced(
    pbx: tuple[MockServer, Path], sent: Recorded, tmp_path: Path
) -> None:
    """Three wrong pairs at most, after everything else but the right pair that shows that it still works."""
    asked = options(pbx[1], tmp_path, only=("CU-030", "CU-031", "CU-032", "CU-033", "CU-034"))
    run_server(asked)

    steps = preview(asked).steps
    assert sum(step.has_wrong_credentials for step in steps) == WRONG
    right = sent.requests[0].headers["authorization"]
    signed = [request.headers.get("authorization", right) != right for request in sent.requests]
    assert sum(signed) == WRONG
    assert not any(signed[: -WRONG - 1])


def test_a_profile_may_forbid_wrong_credentials(sent: Recorded, tmp_path: Path) -> None:
    """Where an account is locked soon, none are tried."""
    with standin(tmp_path, quiet_hours='quiet_hours = ""\nwrong_credentials = 0') as (_, profile):
        run_server(options(profile, tmp_path, only=("CU-030",)))

    assert len({request.headers.get("authorization", "") for request in sent.requests} - {""}) == 1


def test_a_resumed_run_has_what_is_left_of_the_budget(
    pbx: tuple[MockServer, Path], sent: Recorded, tmp_path: Path
) -> None:
    """Calls of the run that was broken off count, and none of its requests is sent again."""
    stop = tmp_path / "stop"
    sent.on_request = at(12, stop.touch)
    first = run_server(options(pbx[1], tmp_path, only=FEW))
    stop.unlink()
    resumed = run_server(options(pbx[1], tmp_path, only=FEW, resume=first.journal, report=tmp_path / "second"))

    counted = Counter(event["exchange"] for event in events(resumed.journal, "about-to-send"))
    withheld = {event["exchange"] for event in events(first.journal, "withheld")}
    assert {name for name, count in counted.items() if count > 1} <= withheld
    assert len(pbx[0].calls) <= 40
    assert not sent.seen - planned(options(pbx[1], tmp_path, only=FEW))


# ── the brake ──


def test_the_stop_file_ends_a_run_at_once(pbx: tuple[MockServer, Path], sent: Recorded, tmp_path: Path) -> None:
    """Once the file is there nothing more is sent; the journal is kept, the exit code is 130."""
    stop = tmp_path / "stop"
    sent.on_request = at(9, stop.touch)
    result = rechecked(run_server(options(pbx[1], tmp_path, only=FEW)))

    assert len(sent.requests) == 9
    assert (result.exit_code, result.ending, result.reason) == (130, "stopped", "stopped by the stop file")
    assert len(events(result.journal, "reply")) == 9
    assert events(result.journal, "withheld")[0]["reason"].startswith("gate[stopped]")


def test_a_signal_ends_a_run_at_once(pbx: tuple[MockServer, Path], sent: Recorded, tmp_path: Path) -> None:
    """`kill` and a closed terminal are as good as Ctrl-C: nothing more is sent, and the journal says so."""
    sent.on_request = at(9, lambda: os.kill(os.getpid(), signal.SIGTERM))
    result = rechecked(run_server(options(pbx[1], tmp_path, only=FEW)))

    assert len(sent.requests) == 9
    assert (result.exit_code, result.ending) == (130, "interrupted")


def test_nobody_is_rung_once_the_quiet_hours_have_begun(
    sent: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hour is read before each request, and a run that comes into the quiet hours ends there."""
    now = datetime.now(UTC)
    quiet = f'quiet_hours = "{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=4):%H:%M}"'
    clock = {"now": now}
    monkeypatch.setattr(live_rules, "now_utc", lambda: clock["now"])
    later = now + timedelta(hours=3)
    sent.on_request = at(5, lambda: clock.update(now=later))
    with standin(tmp_path, quiet_hours=quiet) as (_, profile):
        result = rechecked(run_server(options(profile, tmp_path, only=FEW)))

    assert len(sent.requests) == 5
    assert (result.exit_code, result.ending) == (130, "quiet hours")


def test_a_run_does_not_begin_in_the_quiet_hours(sent: Recorded, tmp_path: Path) -> None:
    """One line says what time it is where the telephones are; nothing is sent or written."""
    now = datetime.now(UTC)
    quiet = f'quiet_hours = "{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"'
    with (
        standin(tmp_path, quiet_hours=quiet) as (_, profile),
        pytest.raises(UsageError, match=r"UTC there, within the quiet hours"),
    ):
        run_server(options(profile, tmp_path))

    assert not sent.requests
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize(
    ("changes", "more", "said"),
    [
        ({"consent": 'consent = ""'}, {}, "does not consent"),
        ({}, {"live": False}, "--live is missing"),
        ({"max_calls": ""}, {}, "no call budget"),
        ({"time_zone": ""}, {}, ""),
        ({"time_zone": "", "quiet_hours": ""}, {}, "when it is night"),
    ],
)
def test_each_condition_is_asked_of_a_tunnel_too(
    changes: dict[str, str], more: dict[str, Any], said: str, sent: Recorded, tmp_path: Path
) -> None:
    """What leads to real telephones needs full consent, whatever its host is called."""
    with standin(tmp_path, **changes) as (_, profile):
        asked = options(profile, tmp_path, only=("CU-004",), **more)
        if not said:
            assert run_server(asked).exit_code == 0
            return
        with pytest.raises(UsageError, match=said):
            run_server(asked)

    assert not sent.requests


# ── targets that misbehave ──


@pytest.mark.parametrize(
    ("answer", "code"), [(stall, 3), (reset, 3), (server_error, 1), (page, 1)], ids=["stall", "reset", "5xx", "page"]
)
def test_nothing_is_sent_twice_to_a_target_that_misbehaves(
    answer: Answer, code: int, sent: Recorded, tmp_path: Path
) -> None:
    """It stalls, resets, breaks down: no request is sent a second time, and the journal tells of each."""
    with hostile(answer) as target, standin(tmp_path) as (_, profile):
        result = rechecked(run_server(options(profile, tmp_path, target=target.base_url, only=FEW)))

    assert result.exit_code == code
    assert target.connections == len(sent.requests) == result.requests_sent
    assert not sent.seen - planned(options(profile, tmp_path, only=FEW))
    assert set(Counter(event["exchange"] for event in events(result.journal, "about-to-send")).values()) == {1}


def test_a_redirect_is_not_followed(sent: Recorded, tmp_path: Path) -> None:
    """Whoever points elsewhere is not believed: the other place is never called."""
    with (
        hostile(page) as elsewhere,
        hostile(redirect_to(elsewhere.base_url)) as target,
        standin(tmp_path) as (_, profile),
    ):
        result = rechecked(run_server(options(profile, tmp_path, target=target.base_url, only=FEW)))

    assert elsewhere.connections == 0
    assert target.connections == len(sent.requests)
    assert result.exit_code == 1


def test_a_locked_account_is_left_alone(pbx: tuple[MockServer, Path], sent: Recorded, tmp_path: Path) -> None:
    """An account that is locked after three wrong sign-ins is told by one request more, and none after that."""
    wrong: list[int] = []

    def lock(number: int) -> httpx.Response | None:
        request = sent.requests[number - 1]
        if request.headers.get("authorization", "") not in ("", sent.requests[0].headers["authorization"]):
            wrong.append(number)
        return httpx.Response(401, text="locked") if len(wrong) >= WRONG else None

    sent.on_request = lock
    result = rechecked(run_server(options(pbx[1], tmp_path, only=("CU-036", "CU-030"))))

    assert len(wrong) == WRONG
    assert len(sent.requests) == wrong[-1] + 1
    assert {row.id: row.verdict for row in result.requirements}["CU-036"] != "pass"


# ── calls that nobody but a person ends ──


class Person:
    """Somebody who answers every question alike, and remembers them."""

    name = "Olive"

    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self.asked: list[str] = []

    def ask(self, question: str) -> Any:
        """Answer."""
        self.asked.append(question)
        return self._answer


ENDLESS: dict[str, str] = {"ends_by_itself": "", "quiet_hours": 'quiet_hours = ""\nattended = true'}


def test_calls_that_go_on_are_placed_when_a_person_promises_to_end_them(sent: Recorded, tmp_path: Path) -> None:
    """Whoever promises it is in the journal."""
    with standin(tmp_path, **ENDLESS) as (_, profile):
        result = run_server(options(profile, tmp_path, only=("CU-004",), attendant=Person("yes")))

    assert result.exit_code == 0
    assert sent.requests
    assert events(result.journal, "run")[0]["promise"].startswith("Olive, 20")


@pytest.mark.parametrize("person", [None, Person("no"), Person("skip")])
def test_nothing_is_sent_where_nobody_promises_to_end_calls(
    person: Person | None, sent: Recorded, tmp_path: Path
) -> None:
    """The profile's word alone is not enough: somebody is there, or nothing is sent."""
    with standin(tmp_path, **ENDLESS) as (_, profile), pytest.raises(UsageError, match=r"destinations\[0\]"):
        run_server(options(profile, tmp_path, attendant=person))

    assert not sent.requests


# ── what only a person can tell ──

ASKED = ("CU-540", "CU-541", "CU-542", "CU-543", "CU-544")


@pytest.mark.parametrize(
    ("answer", "verdicts"),
    [
        ("yes", ["pass", "pass", "observed", "pass", "pass"]),
        ("no", ["fail", "fail", "observed", "fail", "warn"]),
        ("skip", ["needs-review"] * 5),
    ],
)
def test_a_person_judges_what_only_a_person_can(
    answer: str, verdicts: list[str], pbx: tuple[MockServer, Path], sent: Recorded, tmp_path: Path
) -> None:
    """Each question is asked once, after its call; the answer is in the journal with who and when."""
    person = Person(answer)
    result = rechecked(run_server(options(pbx[1], tmp_path, only=ASKED, attendant=person)))

    found = {row.id: row for row in result.requirements}
    assert [found[row].verdict for row in ASKED] == verdicts
    assert person.asked[2] == "Did the telephone of Jessica, front desk show 'Thomas Jenkins'?"
    told = events(result.journal, "asked")
    assert [event["row"] for event in told] == list(ASKED)
    assert {event["who"] for event in told} == {"Olive"}
    assert "Jessica" not in result.journal.read_text("utf-8")
    assert sent.requests


def test_without_a_person_the_questions_stay_open(pbx: tuple[MockServer, Path], sent: Recorded, tmp_path: Path) -> None:
    """They need review, which is never green; where no real telephone rings they are not there at all."""
    result = run_server(options(pbx[1], tmp_path, only=ASKED))

    assert result.counts["needs-review"] == 5
    assert sent.requests
    assert next(step.asks for step in preview(options(pbx[1], tmp_path, only=ASKED)).steps if step.asks)[2].startswith(
        "Did the"
    )


def test_the_token_is_read_from_the_environment(pbx: tuple[MockServer, Path], tmp_path: Path, monkeypatch: Any) -> None:
    """A live run without its token is bad usage."""
    monkeypatch.delenv(TOKEN_ENV)
    with pytest.raises(UsageError, match="is empty"):
        run_server(options(pbx[1], tmp_path))
