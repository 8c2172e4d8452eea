"""The receiver role end to end, on this machine: what is played, judged, written down and kept secret."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from basix_contract.checks import Belief, Outcome
from basix_contract.errors import HarnessError, UsageError
from basix_contract.suite import ReceiverOptions, RunResult, conclude, run_receiver
from basix_contract.suite.deliver import _conduct
from basix_contract.suite.deliver._observer import read_belief
from tests.defects.receiver_matrix import placing
from tests.defects.receivers.application import Application, Incoming, Result, served
from tests.suite.hostile import (
    Answer,
    close_silently,
    garbage,
    hostile,
    page,
    read_request,
    refused_url,
    reset,
    stall,
)

GOOD_ROWS = ("CU-401", "CU-402")


def play(url: str, folder: Path, **options: Any) -> RunResult:
    """Run the receiver role, and hold that its journal judged again says the same."""
    result = run_receiver(ReceiverOptions(url=url, report=folder, **options))
    again = conclude(result.journal)
    assert (again.verdict, again.exit_code, again.requirements) == (
        result.verdict,
        result.exit_code,
        result.requirements,
    )
    return result


def verdicts(result: RunResult) -> dict[str, str]:
    """The verdict of each row."""
    return {row.id: row.verdict for row in result.requirements}


def events(result: RunResult) -> list[dict[str, Any]]:
    """What the journal of a run holds."""
    return [json.loads(line) for line in result.journal.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunResult]:
    """The whole plan against a receiver that keeps the contract, observed."""
    with served(Application()) as base:
        folder = tmp_path_factory.mktemp("good")
        yield play(f"{base}/hook/{{case}}?key=s3cr3t-of-ours", folder, observer_url=f"{base}/calls/{{case}}")


def test_a_good_receiver_conforms(good_run: RunResult) -> None:
    """Every row but those that are only observed passes, and the exit code is 0."""
    assert (good_run.verdict, good_run.exit_code) == ("conforms", 0)
    assert set(verdicts(good_run).values()) == {"pass", "observed"}
    assert len(good_run.requirements) == 31
    assert (good_run.planned, good_run.calls_placed) == (good_run.executed, 0)


def test_a_run_is_short(good_run: RunResult) -> None:
    """The default run takes at most ten seconds; most of it is waiting for slow senders and late beliefs."""
    assert good_run.duration_s < 10


def test_everything_is_written_down_before_it_is_sent(good_run: RunResult) -> None:
    """Each request stands in the journal before its answer, under the id the report names."""
    seen: set[str] = set()
    for event in events(good_run):
        if event["event"] == "about-to-send":
            seen.add(event["exchange"])
        if event["event"] in ("reply", "silence"):
            assert event["exchange"] in seen
    assert good_run.requests_sent == len(seen) > 300


def test_of_a_long_body_the_journal_keeps_the_beginning(good_run: RunResult) -> None:
    """Eight megabytes are sent, and a few kilobytes written down."""
    huge = next(event for event in events(good_run) if event.get("exchange") == "huge-body.1" and "request" in event)

    assert huge["request"]["cut_from"] > 8_000_000
    assert good_run.journal.stat().st_size < 2_000_000


def test_what_all_urls_share_is_a_secret(good_run: RunResult) -> None:
    """A value that stands in the query of every URL is in no line of the journal."""
    text = good_run.journal.read_text("utf-8")

    assert "s3cr3t-of-ours" not in text
    assert "key=redacted_query_0" in good_run.target


def test_every_case_has_a_url_of_its_own(good_run: RunResult) -> None:
    """No two calls share a case, and no case is one of another run."""
    cases = [event["case"] for event in events(good_run) if event["event"] == "call"]

    assert len(set(cases)) == len(cases) > 150
    assert len({case[:11] for case in cases}) == 1


def test_without_an_observer_a_run_is_partial(tmp_path: Path) -> None:
    """What the application believes cannot be seen then, and silence never conforms."""
    with served(Application()) as base:
        result = play(f"{base}/hook/{{case}}", tmp_path, only=("CU-440", "CU-401"))

    assert (result.verdict, result.exit_code) == ("partial", 0)
    assert verdicts(result)["CU-440"] == "not-testable"


def test_leaving_the_observer_out_on_purpose_is_no_fault(tmp_path: Path) -> None:
    """The rows about beliefs are disabled then; the verdict is partial, and the exit code 0."""
    options = ReceiverOptions(url="http://127.0.0.1:1/", without_observer=True)
    assert "CU-440" not in options.rows
    with served(Application()) as base:
        result = play(f"{base}/hook/{{case}}", tmp_path, only=options.rows[:2])

    assert (result.verdict, result.exit_code) == ("partial", 0)
    assert verdicts(result)["CU-446"] == "disabled"


def test_calls_that_share_a_url_cannot_be_told_apart(tmp_path: Path) -> None:
    """Without {case} the answers are judged and the beliefs are not."""
    with served(Application()) as base:
        result = play(f"{base}/hook/all", tmp_path, only=("CU-441",), observer_url=f"{base}/calls/{{case}}")

    assert verdicts(result)["CU-441"] == "not-testable"
    assert "put {case} into --url" in next(row.detail for row in result.requirements if row.id == "CU-441")


class _Registered(Application):
    """Remembers what it was told of its calls."""

    told: list[tuple[str, Any]]

    def __init__(self) -> None:
        super().__init__()
        self.told = []

    def place(self, case: str, reply: dict[str, Any] | None) -> None:
        self.told.append((case, reply))
        super().place(case, reply)


def test_a_command_issues_urls_and_is_told_replies(tmp_path: Path) -> None:
    """Each call is placed once with its reply, and one whose callback comes first once without and once with it."""
    application = _Registered()
    with served(application) as base:
        result = play("", tmp_path, only=("CU-412",), url_command=placing(base))

    assert verdicts(result)["CU-412"] == "pass"
    replies: dict[str, list[Any]] = {}
    for case, reply in application.told:
        replies.setdefault(case, []).append(reply)
    late = [told for told in replies.values() if told[0] is None]
    assert [len(told) for told in late] == [2, 2]
    assert all(len(told[1]["uuids"]) == 2 for told in late)
    assert all(len(told) == 1 for told in replies.values() if told[0] is not None)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("false", "false ended with exit code 1"),
        ("no-such-command-here", "no-such-command-here cannot be started"),
        ("echo nonsense", "must begin with http"),
        ("echo http://10.0.0.1/{case}", "leads to another machine"),
        ("'", "is no command"),
        ("", "there is no receiver"),
    ],
)
def test_a_command_that_gives_no_url_is_bad_usage(command: str, said: str, tmp_path: Path) -> None:
    """What was printed, or the lack of it, is told before anything is sent."""
    with pytest.raises(UsageError) as caught:
        run_receiver(ReceiverOptions(url_command=command, report=tmp_path, only=GOOD_ROWS))

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"url": "http://receiver.example/hook"}, "--url: receiver.example is not this machine"),
        ({"url": "http://{case}.example/hook"}, "{case} stands in the host"),
        ({"url": "http://me:secret@127.0.0.1/hook"}, "the URL carries credentials"),
        ({"url": "http://127.0.0.1/a b"}, "percent-encoded"),
        ({"url": "127.0.0.1:8000"}, "must begin with http"),
        ({"observer_url": "http://127.0.0.1/x", "observer_command": "y"}, "there can be one observer"),
        ({"observer_url": "http://127.0.0.1/x"}, "put {case} into it"),
        ({"observer_url": "http://pbx.example/{case}"}, "--observer-url: pbx.example is not this machine"),
        ({"timeout_s": 0.0}, "--timeout"),
        ({"only": ("CU-999",)}, "no requirement CU-999"),
    ],
)
def test_options_that_make_no_sense_are_told(options: dict[str, Any], said: str, tmp_path: Path) -> None:
    """Nothing is sent, and no secret repeated."""
    with pytest.raises(UsageError) as caught:
        run_receiver(ReceiverOptions(**{"url": "http://127.0.0.1:1/", "report": tmp_path, **options}))

    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


# ── receivers that are not there, or not for long ──


def test_nothing_listening_is_exit_3_after_one_attempt(tmp_path: Path) -> None:
    """A receiver on which nothing listens is unreachable, and that is found out by one request."""
    result = play(refused_url(), tmp_path, only=GOOD_ROWS)

    assert (result.exit_code, result.requests_sent) == (3, 1)
    assert result.reason == "the receiver is unreachable: no connection"


@pytest.mark.parametrize("answer", [reset, close_silently, garbage], ids=lambda answer: answer.__name__)
def test_a_receiver_that_answers_nothing_fails(answer: Answer, tmp_path: Path) -> None:
    """It is there and takes no callback: that is its fault, and not that of the way to it."""
    with hostile(answer) as target:
        result = play(target.base_url, tmp_path, only=GOOD_ROWS)

    assert (result.verdict, result.exit_code) == ("does-not-conform", 1)
    assert {verdicts(result)[row] for row in GOOD_ROWS} == {"fail"}


def test_a_receiver_that_hangs_is_left_alone_soon(tmp_path: Path) -> None:
    """After three answers that do not come the run ends with a verdict, however much was planned."""
    with hostile(stall) as target:
        result = play(target.base_url, tmp_path, timeout_s=0.1, without_observer=True)

    assert (result.exit_code, result.ending, result.requests_sent) == (1, "target lost", 3)
    assert verdicts(result)["CU-401"] == "fail"


def test_a_receiver_that_dies_is_found_dead(tmp_path: Path) -> None:
    """What came before counts, what came after could not be tested, and the run ends."""
    with hostile(page, dies_after=20) as target:
        result = play(target.base_url, tmp_path, without_observer=True)

    assert (result.exit_code, result.ending) == (1, "target lost")
    assert verdicts(result)["CU-401"] == "pass"
    assert verdicts(result)["CU-424"] == "not-testable"
    assert target.connections == 20


def test_a_page_is_an_answer(tmp_path: Path) -> None:
    """The contract asks for a 2xx and nothing else: HTML does."""
    with hostile(page) as target:
        result = play(target.base_url, tmp_path, only=GOOD_ROWS)

    assert {verdicts(result)[row] for row in GOOD_ROWS} == {"pass"}


def flood(connection: Any) -> None:
    """Answer 200, and never stop."""
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


def flood_of_fields(connection: Any) -> None:
    """Begin an answer whose head never ends."""
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X: " + b"x" * 65_536 + b"\r\n")


@pytest.mark.parametrize(("answer", "verdict"), [(flood, "pass"), (flood_of_fields, "fail")])
def test_a_receiver_that_floods_has_its_verdict(answer: Answer, verdict: str, tmp_path: Path) -> None:
    """An answer is read as far as it is worth reading; a head without end is no answer."""
    with hostile(answer) as target:
        result = play(target.base_url, tmp_path, only=GOOD_ROWS)

    assert verdicts(result)["CU-401"] == verdict
    assert result.executed == result.planned
    assert result.journal.stat().st_size < 1_000_000


class _HangsOnJunk(Application):
    def refuse(self, _incoming: Incoming, /) -> int:
        time.sleep(1.0)
        return super().refuse(_incoming)


def test_what_hangs_on_one_thing_is_tried_on_others(tmp_path: Path) -> None:
    """Two answers that do not come end a scenario, and not the run."""
    with served(_HangsOnJunk()) as base:
        result = play(f"{base}/hook/{{case}}", tmp_path, only=("CU-424", "CU-427"), timeout_s=0.2)

    assert (verdicts(result)["CU-424"], verdicts(result)["CU-427"]) == ("fail", "pass")
    assert result.ending == "complete"
    withheld = [event for event in events(result) if event["event"] == "withheld"]
    assert withheld
    assert {event["reason"] for event in withheld} == {"2 of its kind got no answer in time"}


class _SlowToBelieve(Application):
    """Answers at once, and books a while later."""

    def take(self, incoming: Incoming, result: Result) -> int:
        threading.Timer(0.6, self.book, (incoming.case, result)).start()
        return 202


def test_an_application_may_answer_first_and_work_later(tmp_path: Path) -> None:
    """What it believes is waited for, for a while."""
    with served(_SlowToBelieve()) as base:
        result = play(f"{base}/hook/{{case}}", tmp_path, only=("CU-440",), observer_url=f"{base}/calls/{{case}}")

    assert verdicts(result)["CU-440"] == "pass"


# ── observers ──


@pytest.mark.parametrize(
    ("text", "belief"),
    [
        ("", Belief(problem="it is no JSON")),
        ("not JSON", Belief(problem="it is no JSON")),
        ("[" * 100_000, Belief(problem="it is no JSON")),
        ("[]", Belief(problem="it is no JSON object")),
        ('{"outcomes": 7}', Belief(problem="outcomes is no list of objects")),
        ('{"outcomes": ["answered"]}', Belief(problem="outcomes is no list of objects")),
        ('{"outcome": "won"}', Belief(problem="'won' is none of answered, not-answered, pending, unknown")),
        (
            '{"outcomes": [{"result": "answered"}]}',
            Belief(problem="None is none of answered, not-answered, pending, unknown"),
        ),
        ("{}", Belief()),
        ('{"outcome": null}', Belief()),
        ('{"outcome": "pending", "since": 7}', Belief()),
        ('{"outcomes": []}', Belief()),
        ('{"outcomes": [{"outcome": "unknown"}]}', Belief()),
        ('{"outcome": "answered"}', Belief((Outcome("answered"),))),
        ('{"outcome": "answered", "uuid": 7}', Belief((Outcome("answered"),))),
        ('{"outcome": "answered", "uuid": "u"}', Belief((Outcome("answered", "u"),))),
        (
            '{"outcomes": [{"outcome": "answered", "uuid": "u"}, {"outcome": "not-answered"}]}',
            Belief((Outcome("answered", "u"), Outcome("not-answered"))),
        ),
    ],
)
def test_what_an_observer_says_is_taken_as_it_is_said(text: str, belief: Belief) -> None:
    """One outcome that stands alone, a list of them, or none; what it cannot mean is told."""
    assert read_belief(text) == belief


@pytest.mark.parametrize(
    ("command", "verdict", "detail"),
    [
        ("""printf '{"outcome": "answered", "case": "%s"}' {case}""", "pass", ""),
        ("false", "not-testable", "the observer cannot be understood: false ended with exit code 1"),
    ],
)
def test_a_command_can_observe(command: str, verdict: str, detail: str, tmp_path: Path) -> None:
    """What it prints for a case is what the application believes; where it fails, nothing is proven."""
    with hostile(page) as target:
        result = play(f"{target.base_url}/{{case}}", tmp_path, only=("CU-440",), observer_command=command)

    row = next(row for row in result.requirements if row.id == "CU-440")
    assert row.verdict == verdict
    assert detail in row.detail


def test_an_observer_that_is_down_proves_nothing(tmp_path: Path) -> None:
    """Where nobody can be asked, nothing is said of beliefs."""
    with hostile(page) as target:
        result = play(
            f"{target.base_url}/{{case}}", tmp_path, only=("CU-440",), observer_url=f"{refused_url()}/{{case}}"
        )

    assert "no connection" in next(row.detail for row in result.requirements if row.id == "CU-440")


# ── our own faults ──


def test_a_fault_of_ours_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash of the kit is told as such, and what was journaled stays and blames the kit."""

    def crash(*_: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(_conduct.ReceiverConductor, "_announce_call", crash)
    with served(Application()) as base, pytest.raises(RuntimeError):
        run_receiver(ReceiverOptions(url=f"{base}/hook/{{case}}", report=tmp_path, only=GOOD_ROWS))

    result = conclude(tmp_path / "journal.ndjson")
    assert (result.verdict, result.exit_code) == ("harness-error", 5)
    assert result.reason == "the kit itself failed with RuntimeError"


def test_a_callback_of_ours_that_breaks_the_contract_is_our_fault(tmp_path: Path) -> None:
    """What must be taken must be a callback: where it is none, the receiver is not to blame."""
    with served(Application()) as base:
        result = play(f"{base}/hook/{{case}}", tmp_path, only=GOOD_ROWS)
    lines = result.journal.read_text("utf-8").replace('result_code\\": 0', 'result_code\\": \\"0\\"')
    result.journal.write_text(lines, "utf-8")

    again = conclude(result.journal)
    assert (again.verdict, again.exit_code) == ("harness-error", 5)
    assert "our own callback answered.1 breaks the contract" in again.reason


def test_a_journal_that_cannot_be_written_stops_everything(tmp_path: Path) -> None:
    """Nothing is sent unrecorded."""
    (tmp_path / "file").write_text("", "utf-8")
    with hostile(page) as target, pytest.raises((UsageError, HarnessError)):
        run_receiver(ReceiverOptions(url=target.base_url, report=tmp_path / "file", only=GOOD_ROWS))

    assert target.connections == 0


@pytest.mark.parametrize("lost", ["expects", "call", "title", "is_timed"])
def test_a_journal_that_does_not_hold_together_is_refused(lost: str, tmp_path: Path) -> None:
    """An event that lacks what its kind must have makes the whole no journal."""
    with served(Application()) as base:
        result = play(f"{base}/hook/{{case}}", tmp_path, only=GOOD_ROWS)
    written = [{name: value for name, value in event.items() if name != lost} for event in events(result)]
    result.journal.write_text("\n".join(map(json.dumps, written)), "utf-8")

    with pytest.raises(UsageError, match=r"does not hold together at a '(call|planned)' event"):
        conclude(result.journal)
