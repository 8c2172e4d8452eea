"""The person at the terminal, who says what only a person can see or hear."""

from __future__ import annotations

import getpass

from basix_contract.cli._output import printable, tell
from basix_contract.cli._questions import ask, has_somebody_to_ask
from basix_contract.errors import UsageError
from basix_contract.suite import Answer, Attendant

_ANSWERS: dict[str, Answer] = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "s": "skip", "skip": "skip"}


class TerminalAttendant:
    """Asks on stderr and reads stdin; whoever does not answer any more skips the rest."""

    def __init__(self) -> None:
        self._name = ""

    @property
    def name(self) -> str:
        """Who answers, as they said before the first question."""
        return self._name or _login()

    def ask(self, question: str) -> Answer:
        """Return the answer to a question that is asked until it is understood."""
        try:
            if not self._name:
                self._name = printable(ask("Who is watching the telephones? Your name, for the record", _login()))
            while True:
                given = ask(f"{printable(question)} y/n/skip", "skip").lower()
                if given in _ANSWERS:
                    return _ANSWERS[given]
                tell("y, n or skip")
        except UsageError:
            return "skip"


def attendant() -> Attendant | None:
    """Return the person at the terminal; None where there is nobody."""
    return TerminalAttendant() if has_somebody_to_ask() else None


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "somebody"
