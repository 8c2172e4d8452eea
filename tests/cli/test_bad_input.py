"""Whatever is asked wrongly ends with its exit code and one line that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Ended
from tests.report.runs import REPORT_FILES
from tests.suite.hostile import hostile, refused_url, unauthorized
from tests.suite.profiles import thin_profile

RUN = ("conformance", "server")
GIVEN = ("--target", "http://127.0.0.1:1/api", "--profile", "thin.toml")
JOURNAL = "build/conformance/server/journal.ndjson"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with what the cases name: a thin profile, and files that are not what they should be."""
    monkeypatch.chdir(tmp_path)
    text = thin_profile(tmp_path, reply_timeout_s="reply_timeout_s = 10.0").read_text("utf-8")
    files = {
        "misspelt.toml": text.replace("reply_timeout_s", "reply_timout_s"),
        "wrong-type.toml": text.replace('name = "jessica"', "name = 7"),
        "no-toml.toml": "[target\n",
        "no-token.toml": text.replace('token = "mock-token-3fK9"', 'token_env = "TEST_NO_TOKEN"'),
        "known.toml": '[[known]]\ncheck = "callback/uuid"\ndate = 2026-11-01\nlink = "x"\n',
        "stranger.toml": '[[known]]\ncheck = "callback/uid"\nreason = "x"\ndate = 2026-11-01\nlink = "x"\n',
        "other.ndjson": '{"event": "listening", "url": "http://127.0.0.1:1"}\n{"event": "call"}\n',
        "text.txt": "a word\n",
        "deep.toml": f"a = {ENDLESS}",
        "huge.toml": f"a = {'9' * 5_000}",
        "deep.ndjson": f"{ENDLESS}\n",
        "no-day.yaml": "openapi: 3.1.1\npaths: {}\nx-day: 2026-13-45\n",
        "deep.yaml": "a: " + "[" * 5_000 + "]" * 5_000,
        "nowhere.yaml": UNSOUND.replace("{}\n", "{$ref: '#/components/none'}\n"),
        "elsewhere.yaml": UNSOUND.replace("{}\n", "{$ref: 'other.yaml#/a'}\n"),
        "circle.yaml": UNSOUND.replace("{}\n", "{$ref: '#/paths/~1a/post/requestBody'}\n"),
        "no-table.yaml": UNSOUND.replace("responses: {}", "responses: 7"),
        "taken": "",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "latin.toml").write_bytes(b'[target]\ndomain = "caf\xe9"\n')
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "evidence.zip").write_bytes(b"PK")
    return tmp_path


ENDLESS = "[" * 100_000
UNSOUND = "openapi: 3.1.1\npaths:\n  /a:\n    post:\n      responses: {}\n      requestBody: {}\n"


CASES: dict[str, tuple[tuple[str, ...], str]] = {
    # profiles
    "an unknown key": (
        (*RUN, "--profile", "misspelt.toml"),
        "misspelt.toml: unknown key target.reply_timout_s (did you mean target.reply_timeout_s?)",
    ),
    "a wrong type": ((*RUN, "--profile", "wrong-type.toml"), "users[0].name must be text, not"),
    "no TOML": ((*RUN, "--profile", "no-toml.toml"), "no-toml.toml: not valid TOML: "),
    "no UTF-8": ((*RUN, "--profile", "latin.toml"), "latin.toml: the profile cannot be read: it is not UTF-8 text"),
    "a folder": ((*RUN, "--profile", "folder.toml"), "folder.toml: the profile cannot be read: Is a directory"),
    "no file": ((*RUN, "--profile", "gone.toml"), "gone.toml: the profile cannot be read: No such file"),
    "endless nesting": ((*RUN, "--profile", "deep.toml"), "deep.toml: not valid TOML: it is nested too deeply"),
    "a number beyond all bounds": ((*RUN, "--profile", "huge.toml"), "huge.toml: not valid TOML: Exceeds the limit"),
    "no token": (
        (*RUN, "--profile", "no-token.toml", "--target", "http://127.0.0.1:1"),
        "there is no API token: the environment variable TEST_NO_TOKEN is empty",
    ),
    # targets
    "no profile": ((*RUN, "--target", "http://127.0.0.1:1"), "played from a profile only (add --profile FILE)"),
    "no consent": (
        (*RUN, "--target", "https://pbx.example/api", "--profile", "thin.toml"),
        "pbx.example is not this machine and could ring real telephones: the profile does not consent to it",
    ),
    "no consent, but --live": (
        (*RUN, "--target", "https://pbx.example/api", "--profile", "thin.toml", "--live"),
        'the profile does not consent to it (set [live] consent = "pbx.example")',
    ),
    "no URL": ((*RUN, "--target", "pbx", "--profile", "thin.toml"), "must begin with http:// or https://"),
    "a host that is no name": (
        (*RUN, "--target", f"http://{'a' * 64}.example/api", "--profile", "thin.toml"),
        "the URL is not valid: look at its host and port",
    ),
    "numbers revealed without a plan": (("call", "--reveal"), "--reveal: there are numbers to reveal in a plan only"),
    "certificates that are not there": (
        ("trigger", "answered", "--to", "https://127.0.0.1:1", "--ca-file", "gone.pem"),
        "--ca-file: the certificates cannot be read: No such file",
    ),
    "credentials in the URL": (
        (*RUN, "--target", "http://a:b@127.0.0.1/api", "--profile", "thin.toml"),
        "URL carries credentials",
    ),
    # options
    "an unknown row": ((*RUN, "--only", "CU-999"), "no requirement CU-999 (did you mean CU-"),
    "an unknown row in a plan": ((*RUN, "--only", "CU-999", "--plan"), "no requirement CU-999 (did you mean CU-"),
    "an unknown option": ((*RUN, "--know-failing", "x"), "Did you mean --known-failing? Try: basix-contract"),
    "an unknown command": (("conformence", "server"), 'Unknown command "conformence". Did you mean "conformance"?'),
    "no calls": ((*RUN, "--max-calls", "0"), 'Invalid value "0" for --max-calls. Must be >= 1.'),
    "fewer calls": ((*RUN, "--max-calls", "-1"), 'Invalid value "-1" for --max-calls. Must be >= 1.'),
    "no number of calls": ((*RUN, "--max-calls", "x"), 'Invalid value for --max-calls: "x" is no whole number'),
    "no number after it": ((*RUN, "--max-calls"), "--max-calls requires an argument"),
    "half a seed": ((*RUN, "--seed", "0.5"), '"0.5" is no whole number'),
    "half a call": ((*RUN, "--max-calls", "1.5"), '"1.5" is no whole number'),
    "a report that is a file": ((*RUN, "--report", "taken"), "taken"),
    "a report in a file": ((*RUN, "--report", "taken/report"), "taken/report"),
    "known failures that are not there": ((*RUN, "--known-failing", "gone.toml"), "gone.toml: the file cannot be read"),
    "a known failure without a reason": ((*RUN, "--known-failing", "known.toml"), "known[0]: reason is missing"),
    "a known failure of no check": (
        (*RUN, "--known-failing", "stranger.toml"),
        "there is no check 'callback/uid' (did you mean 'callback/uuid'?)",
    ),
    # journals
    "a resumed run that is not there": ((*RUN, "--resume", "gone"), "gone: the journal cannot be read: No such file"),
    "a resumed run of another kind": ((*RUN, "--resume", "other.ndjson"), "other.ndjson: this is no journal of a run"),
    "a journal that is not there": (("verify", "gone"), "gone: the journal cannot be read: No such file"),
    "a journal that is a folder": (("verify", "folder.toml"), "the journal cannot be read: Is a directory"),
    "a journal of another kind": (("verify", "other.ndjson"), "other.ndjson: this is no journal of a run"),
    "a journal that is none": (("verify", "text.txt"), "text.txt:1: this line is no event"),
    "a journal that nests without end": (("verify", "deep.ndjson"), "deep.ndjson:1: this line is no event"),
    "a folder without a journal": (("bundle", "run"), "run/journal.ndjson: the journal cannot be read: No such file"),
    "a name that no file can have": (("diff", "a" * 300, "gone"), ": the run cannot be read: File name too long"),
    "a behaviour that nests without end": (("mock", "--like", "deep.toml"), "deep.toml: the likeness is no TOML"),
    # documents, pages
    "a day that is none": (("contract-diff", "no-day.yaml", "no-day.yaml"), "no-day.yaml: not YAML that can be read"),
    "a document that nests without end": (("contract-diff", "deep.yaml", "deep.yaml"), "deep.yaml: not YAML that can"),
    "a reference to nothing": (
        ("contract-diff", "nowhere.yaml", "nowhere.yaml"),
        "nowhere.yaml: this is no sound OpenAPI document: $ref '#/components/none' leads nowhere in this file",
    ),
    "a reference to another file": (
        ("contract-diff", "elsewhere.yaml", "elsewhere.yaml"),
        "elsewhere.yaml: this is no sound OpenAPI document: $ref 'other.yaml#/a' leads nowhere in this file",
    ),
    "a reference to itself": (
        ("contract-diff", "circle.yaml", "circle.yaml"),
        "circle.yaml: this is no sound OpenAPI document: it refers to itself without end",
    ),
    "no table where one belongs": (
        ("contract-diff", "no-table.yaml", "no-table.yaml"),
        "no-table.yaml: this is no sound OpenAPI document: ",
    ),
    "pages in a file": (("docs", "--out", "taken/site"), "taken/site: the pages cannot be written: Not a directory"),
    "no journal": (("verify",), "Try: basix-contract verify --help"),
    "nothing to replay from": (("replay", "x.1"), f"{JOURNAL}: the journal cannot be read: No such file"),
    "a replay of another kind": (("replay", "x.1", "--journal", "other.ndjson"), "this is no journal of a run"),
    "a run that is not there": (("diff", "gone", "gone"), "gone: the run cannot be read: No such file"),
    "a run that is none": (("diff", "text.txt", "text.txt"), "text.txt: this is neither a report nor a journal"),
    "a run of another kind": (("diff", "other.ndjson", "other.ndjson"), "other.ndjson: this is no journal of a run"),
    "one run alone": (("diff", "text.txt"), "Try: basix-contract diff --help"),
    "a shell of another kind": (("completion", "tcsh"), '"bash", "zsh", "fish"'),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_one_line(command: Command, folder: Path, case: str) -> None:
    """What cannot be done as asked ends with 2 and one line; nothing was sent, and nothing is left behind."""
    tokens, line = CASES[case]
    before = sorted(folder.rglob("*"))

    ended = command(*tokens)

    assert (ended.code, ended.out) == (2, "")
    assert line in ended.err
    assert ended.err.startswith("basix-contract: ")
    assert ended.err.count("\n") == 1
    assert sorted(folder.rglob("*")) == before


# ── what only the target can tell ──


def nothing_listens(command: Command) -> Ended:
    """Play against a port on which nothing listens."""
    return command(*RUN, "--target", refused_url(), "--profile", "thin.toml", "--report", "r")


def credentials_are_refused(command: Command) -> Ended:
    """Play against a PBX that knows other credentials."""
    with hostile(unauthorized) as target:
        return command(*RUN, "--target", target.base_url, "--profile", "thin.toml", "--report", "r")


@pytest.mark.parametrize(
    ("play", "reason"),
    [
        (nothing_listens, "the target is unreachable: no connection"),
        (credentials_are_refused, "the credentials were refused, nothing could be scored"),
    ],
)
def test_a_target_that_cannot_be_scored_is_3(command: Command, play: Callable[[Command], Ended], reason: str) -> None:
    """A target that is not there or lets nobody in ends with 3; the reason is the last line, the report is written."""
    ended = play(command)

    assert (ended.code, ended.err) == (3, "")
    assert ended.out.rstrip().splitlines()[-1].endswith(f"· exit code 3: {reason}")
    assert {path.name for path in Path("r").iterdir()} == REPORT_FILES | {"journal.ndjson"}
    assert command("verify", "r/journal.ndjson").code == 3
