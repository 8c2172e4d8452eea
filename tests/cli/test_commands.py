"""What can be asked, and what bad questions are answered with."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import subprocess

import pytest

from basix_contract import __version__
from basix_contract.cli import EXIT_CODES
from basix_contract.cli._ledger import explain_text
from basix_contract.contract import Requirement, load_ledger
from tests.cli.conftest import Command


def test_help_shows_examples_and_exit_codes(command: Command) -> None:
    """--help goes to stdout with every command, examples to paste, and what each exit code means."""
    ended = command("--help")

    assert (ended.code, ended.err) == (0, "")
    for word in ("conformance", "mock", "explain", "requirements", "Examples:", "basix-contract mock"):
        assert word in ended.out
    for code, meaning in EXIT_CODES.items():
        assert f"{code:>5}  {meaning}\n" in ended.out


COMMANDS = (
    ("bundle",),
    ("call",),
    ("claim",),
    ("completion",),
    ("conformance",),
    ("conformance", "client"),
    ("conformance", "receiver"),
    ("conformance", "server"),
    ("contract-diff",),
    ("diff",),
    ("docs",),
    ("doctor",),
    ("explain",),
    ("listen",),
    ("mock",),
    ("observe",),
    ("profile",),
    ("profile", "check"),
    ("profile", "init"),
    ("profile", "schema"),
    ("replay",),
    ("requirements",),
    ("trigger",),
    ("verify",),
)


@pytest.mark.parametrize("tokens", COMMANDS, ids=" ".join)
def test_every_command_has_help(command: Command, tokens: tuple[str, ...]) -> None:
    """Each command tells its options on stdout; no option is a negation, none shows a Python value."""
    ended = command(*tokens, "--help")

    assert (ended.code, ended.err) == (0, "")
    assert f"Usage: basix-contract {' '.join(tokens)}" in ended.out
    assert "--no-" not in ended.out
    assert "--empty-" not in ended.out
    assert "default: " not in ended.out


@pytest.mark.parametrize("tokens", COMMANDS, ids=" ".join)
def test_every_command_shows_examples_and_exit_codes(command: Command, tokens: tuple[str, ...]) -> None:
    """Each help text ends with commands that can be pasted as they stand, and with what its exit codes mean."""
    _, _, end = command(*tokens, "--help").out.partition("\nExamples:\n")
    examples, _, codes = end.partition("\nExit codes:\n")

    for example in examples.replace("\\\n", "").strip().splitlines():
        words = shlex.split(example.partition("|")[0].replace('eval "$(', "").replace(')"', ""))
        assert words[: 1 + len(tokens)] == ["basix-contract", *tokens]
    assert examples
    assert codes.startswith("    0  ")
    assert "    2  " in codes


def test_every_command_is_looked_at(command: Command) -> None:
    """No command is missing from the cases above."""
    listed = re.findall(r"^│ (\w[\w-]*) ", command("--help").out, re.MULTILINE)

    assert listed == sorted({tokens[0] for tokens in COMMANDS})


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_the_commands(command: Command, shell: str) -> None:
    """`completion` prints a script that knows every command and its options."""
    ended = command("completion", shell)

    assert (ended.code, ended.err) == (0, "")
    for word in ("basix-contract", "conformance", "replay", "known-failing", "list-defects"):
        assert word in ended.out


def test_bash_takes_its_completion(command: Command) -> None:
    """Bash reads the script without a complaint, and completes an option with it."""
    script = command("completion", "bash").out + (
        "COMP_WORDS=(basix-contract conformance server --known); COMP_CWORD=3; _basix_contract; echo ${COMPREPLY[*]}"
    )
    ended = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, timeout=20, check=True)

    assert (ended.stdout, ended.stderr) == ("--known-failing\n", "")


def test_the_version_names_kit_and_contract(command: Command) -> None:
    """--version tells both versions on one line."""
    ended = command("--version")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"basix-contract {__version__} (contract {load_ledger().contract})\n"


@pytest.mark.parametrize("tokens", [(), ("conformance",), ("profile",)])
def test_asking_for_nothing_is_bad_usage(command: Command, tokens: tuple[str, ...]) -> None:
    """Without a command there is help, and exit code 2: nothing was done."""
    ended = command(*tokens)

    assert ended.code == 2
    assert "Usage: basix-contract" in ended.out


@pytest.mark.parametrize(
    ("tokens", "line"),
    [
        (("nope",), 'Unknown command "nope".'),
        (("conformance", "server", "--tarjet", "x"), "Did you mean --target? Try: basix-contract conformance server"),
        (("conformance", "server", "--seed", "x"), "--seed"),
        (("conformance", "server", "extra"), "extra"),
        (("requirements", "--role", "boss"), '"server", "client", "receiver"'),
        (("explain",), "Try: basix-contract explain --help"),
        (("explain", "CU-999"), "no requirement CU-999 (did you mean CU-"),
        (("explain", "callback/uid"), "did you mean callback/uuid?"),
        (("mock", "--port", "65536"), "65535"),
        (("mock", "--error-style", "5xx"), '"200", "4xx"'),
    ],
)
def test_bad_usage_is_one_line(command: Command, tokens: tuple[str, ...], line: str) -> None:
    """A command or option that does not exist or fit ends with 2, and one line says what would."""
    ended = command(*tokens)

    assert (ended.code, ended.out) == (2, "")
    assert line in ended.err
    assert ended.err.startswith("basix-contract: ")
    assert ended.err.count("\n") == 1


def test_an_empty_variable_is_none(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that CI passes on empty is as good as none; one that cannot be read is bad usage."""
    monkeypatch.setenv("BASIX_SEED", "")
    assert command("explain", "CU-001").code == 0
    assert command("conformance", "server", "--only", "CU-999").err.startswith("basix-contract: no requirement")

    monkeypatch.setenv("BASIX_SEED", "seven")
    ended = command("conformance", "server", "--only", "CU-999")
    assert ended.code == 2
    assert "BASIX_SEED" in ended.err


# ── the ledger ──


def test_a_requirement_is_explained_in_full(command: Command) -> None:
    """`explain` shows statement, level, source, readings, checks, and what the row needs and is needed by."""
    ended = command("explain", "cu-002")

    assert (ended.code, ended.err) == (0, "")
    row = load_ledger().by_id("CU-002")
    flat = " ".join(ended.out.split())
    assert ended.out.startswith("CU-002  MUST  server, since contract 1.0\n")
    for part in (row.statement, "; ".join(row.source), *row.checks, *row.needs):
        assert part in flat
    assert "a JSON object: passes, and is what our mock does" in flat
    assert "a JSON string that holds JSON text: breaks it" in flat
    assert "needed by CU-003" in flat


@pytest.mark.parametrize("row", list(load_ledger()), ids=lambda row: row.id)
def test_every_requirement_can_be_explained(command: Command, row: Requirement) -> None:
    """Rows judged, pending and excluded are all told, on lines that fit a screen."""
    ended = command("explain", row.id)

    assert ended.code == 0
    assert max(map(len, ended.out.splitlines())) <= 96


def test_a_check_explains_its_requirement(command: Command) -> None:
    """`explain` takes the id of a check as well, as reports name it."""
    assert command("explain", "callback/uuid").out == command("explain", "CU-148").out


def test_what_nobody_judges_says_why(command: Command) -> None:
    """A row that is excluded names its reason, one that is pending the suite that will judge it."""
    ledger = load_ledger()
    excluded = next(row for row in ledger if row.excluded)
    pending = dataclasses.replace(excluded, excluded=None, pending="suite of clients")

    assert "judged by  nothing (" in command("explain", excluded.id).out
    assert "judged by  nothing yet: the suite of clients will bring its checks" in explain_text(ledger, pending)


def test_the_ledger_is_a_line_for_each_row(command: Command) -> None:
    """`requirements` lists every row once, and only those asked for."""
    everything = command("requirements").out.splitlines()
    some = command("requirements", "--role", "receiver", "--level", "SHOULD").out.splitlines()

    assert [line[:6] for line in everything] == [row.id for row in load_ledger()]
    assert some
    assert all(line[8:].startswith("receiver  SHOULD   ") for line in some)


def test_the_ledger_is_json_as_well(command: Command) -> None:
    """`requirements --json` gives everything the ledger holds, in one document."""
    document = json.loads(command("requirements", "--json").out)

    ledger = load_ledger()
    assert document["contract"] == ledger.contract
    assert [row["id"] for row in document["requirements"]] == [row.id for row in ledger]
    second = document["requirements"][1]
    assert second["readings"][0] == {"reading": "a JSON object", "allowed": True, "mock": True}
    reasons = {row["excluded"]["reason"] for row in document["requirements"] if row["excluded"]}
    assert reasons <= {"not-observable", "out-of-contract", "needs-a-person"}
