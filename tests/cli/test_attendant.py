"""The person at the terminal: asked until understood, named once, and never waited for where there is nobody."""

from __future__ import annotations

import getpass
import io
import sys

import pytest

from basix_contract.cli._attendant import TerminalAttendant, attendant


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Have somebody type these lines, and then go away."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_a_person_is_asked_for_a_name_once_and_for_an_answer_until_it_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """y, n and skip are answers; an empty line skips."""
    typed(monkeypatch, "Olive", "maybe", "y", "NO", "", "s")
    person = TerminalAttendant()

    assert [person.ask(f"Did it ring {turn}?") for turn in range(4)] == ["yes", "no", "skip", "skip"]
    assert person.name == "Olive"
    told = capsys.readouterr().err
    assert told.count("for the record") == 1
    assert "y, n or skip\n" in told
    assert "Did it ring 1? y/n/skip [skip]: " in told


def test_whoever_goes_away_skips_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for at the end of the input."""
    typed(monkeypatch, "Olive")

    assert TerminalAttendant().ask("Did it ring?") == "skip"


def test_a_name_that_is_not_given_is_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or somebody, where there is none."""
    monkeypatch.setattr(getpass, "getuser", lambda: "popeye")
    assert TerminalAttendant().name == "popeye"

    def nobody() -> str:
        raise OSError

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert TerminalAttendant().name == "somebody"


def test_without_a_terminal_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe is no person."""
    typed(monkeypatch, "Olive")
    assert attendant() is None

    monkeypatch.setattr("basix_contract.cli._attendant.has_somebody_to_ask", lambda: True)
    assert isinstance(attendant(), TerminalAttendant)
