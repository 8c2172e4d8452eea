"""People in the loop: who watches the telephones is asked, and what they say is written down and judged."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from basix_contract.suite._result import CheckVerdict, RequirementVerdict, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from basix_contract.contract import Requirement
    from basix_contract.suite._journal import Event

Answer = Literal["yes", "no", "skip"]

_UNASKED = "only a person who watches the telephones can tell, and nobody was asked"
_NO: Mapping[str, Verdict] = {"MUST": "fail", "SHOULD": "warn"}


class Attendant(Protocol):
    """A person at the terminal: `name` says who, for the record."""

    @property
    def name(self) -> str:
        """Who answers."""
        ...

    def ask(self, question: str) -> Answer:
        """Return the answer to a question; it may take as long as it takes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What a person said of a row, of which call, who it was and when."""

    answer: str
    who: str
    at: str
    exchange: str


def asks_person(row: Requirement) -> bool:
    """Tell whether a row is judged by asking a person."""
    return row.excluded is not None and bool(row.excluded.asks)


def check_of(row: str) -> str:
    """Return the name under which a person's answer stands among the checks of a row."""
    return f"person/{row}"


async def answer_of(attendant: Attendant, question: str) -> Answer:
    """Ask beside the event loop; a run that is interrupted does not wait for the answer."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[Answer] = loop.create_future()

    def note(answer: Answer) -> None:
        if not told.done():
            told.set_result(answer)

    def ask() -> None:
        answer = attendant.ask(question)
        with contextlib.suppress(RuntimeError):  # the run is over, nobody waits any more
            loop.call_soon_threadsafe(note, answer)

    threading.Thread(target=ask, name="basix-question", daemon=True).start()
    return await told


def testimonies(events: Iterable[Event]) -> dict[str, Testimony]:
    """Return what was said, by row; of several answers the last one counts."""
    return {
        str(event["row"]): Testimony(
            answer=str(event["answer"]), who=str(event["who"]), at=str(event["at"]), exchange=str(event["exchange"])
        )
        for event in events
        if event["event"] == "asked"
    }


def judge_by_person(row: Requirement, said: Mapping[str, Testimony]) -> RequirementVerdict:
    """Judge a row by what a person said; where nobody did, it is to be reviewed, and never green."""
    found = said.get(row.id)
    verdict = _verdict(row, found)
    detail = f"{found.who} said {found.answer} at {found.at}" if found else _UNASKED
    evidence = (found.exchange,) if found else ()
    return RequirementVerdict(
        id=row.id,
        level=row.level,
        role=row.role,
        statement=row.statement,
        verdict=verdict,
        detail=detail,
        checks=(CheckVerdict(id=check_of(row.id), verdict=verdict, detail=detail, evidence=evidence),),
    )


def _verdict(row: Requirement, found: Testimony | None) -> Verdict:
    if found is None or found.answer not in ("yes", "no"):
        return "needs-review"
    if row.level not in _NO:
        return "observed"
    return "pass" if found.answer == "yes" else _NO[row.level]
