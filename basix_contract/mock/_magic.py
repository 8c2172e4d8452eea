"""Users and destinations with a fixed outcome that any mock knows, whatever its directory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from basix_contract.profile import Destination, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Magic:
    """A name that always ends the same way, as `user_name` or as `destination`."""

    name: str
    kind: Literal["user", "destination"]
    outcome: Literal["answers", "never-answers", "rejects", "busy", "limited", "unknown"]
    summary: str
    terminals: int = 2
    outcome_after_s: float = 0.05

    def as_user(self) -> User:
        """Return the directory's entry of a magic user."""
        return User(
            name=self.name,
            label=f"Magic: {self.summary}",
            terminals=self.terminals,
            outcome=self.outcome,
            outcome_after_s=self.outcome_after_s,
            auto_answer=True,
        )

    def as_destination(self) -> Destination:
        """Return the directory's entry of a magic destination."""
        return Destination(value=self.name, outcome=self.outcome)


_USERS = (
    Magic(name="magic-answers", kind="user", outcome="answers", summary="picks up on one of two terminals"),
    Magic(
        name="magic-answers-late",
        kind="user",
        outcome="answers",
        outcome_after_s=2.0,
        summary="picks up after two seconds",
    ),
    Magic(name="magic-busy", kind="user", outcome="busy", summary="is on another call: busy"),
    Magic(name="magic-rejects", kind="user", outcome="rejects", summary="turns the call down: rejected"),
    Magic(
        name="magic-no-answer",
        kind="user",
        outcome="never-answers",
        summary="rings until answer_timeout: no_answer",
    ),
    Magic(name="magic-limit", kind="user", outcome="limited", summary="refused at once: channel_limit_reached"),
    Magic(
        name="magic-unavailable",
        kind="user",
        outcome="answers",
        terminals=0,
        summary="has no terminal: user_unavailable",
    ),
)
_DESTINATIONS = (
    Magic(name="magic-picks-up", kind="destination", outcome="answers", summary="answers"),
    Magic(name="magic-line-busy", kind="destination", outcome="busy", summary="is busy when connected"),
    Magic(name="magic-turns-down", kind="destination", outcome="rejects", summary="turns the call down"),
    Magic(name="magic-rings-on", kind="destination", outcome="never-answers", summary="is never answered"),
    Magic(
        name="magic-nowhere",
        kind="destination",
        outcome="unknown",
        summary="leads nowhere: destination_not_found",
    ),
)

# A magic user is a destination as well, as any user is.
MAGIC: dict[str, Magic] = {magic.name: magic for magic in (*_USERS, *_DESTINATIONS)}
