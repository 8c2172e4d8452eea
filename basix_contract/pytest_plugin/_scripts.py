"""What the next calls of a test's mock PBX are going to be like, written down before they come."""

from __future__ import annotations

import dataclasses
import difflib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, get_args

from basix_contract.errors import UsageError
from basix_contract.messages import Request
from basix_contract.mock import Call
from basix_contract.profile import User

OutcomeKind = Literal["answers", "never-answers", "rejects", "busy", "limited"]
ReplyKind = Literal["normal", "lost", "never", "garbled"]
CallbackKind = Literal["once", "twice", "never", "early", "contradictory"]


_NOTHING_SAID = ("", None, None, "", "normal", "once")


class ScriptParts(TypedDict, total=False):
    """What can be said of one call."""

    outcome: OutcomeKind
    after_s: float
    terminals: int
    error_id: str
    refused: str
    reply: ReplyKind
    callback: CallbackKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What becomes of one call; what is left out is as the directory has it."""

    outcome: OutcomeKind | Literal[""] = ""
    after_s: float | None = None
    terminals: int | None = None
    error_id: str = ""
    refused: str = ""
    reply: ReplyKind = "normal"
    callback: CallbackKind = "once"

    def __post_init__(self) -> None:
        """Refuse what is no such thing, and what cannot go together."""
        _ensure_known("outcome", self.outcome, ("", *get_args(OutcomeKind)))
        _ensure_known("reply", self.reply, get_args(ReplyKind))
        _ensure_known("callback", self.callback, get_args(CallbackKind))
        others = (self.outcome, self.after_s, self.terminals, self.error_id, self.reply, self.callback)
        if self.refused and others != _NOTHING_SAID:
            raise UsageError("a call that is refused has nothing else", where="next_call", fix="give `refused` alone")
        if self.error_id and self.outcome in ("", "answers", "limited"):
            raise UsageError(
                "error_id is what a callback says of a call nobody answered",
                where="next_call",
                fix='give an outcome like "rejects" with it, or `refused` for an error reply',
            )

    def cast(self, user: User) -> User:
        """Return the user as this call finds them."""
        changes: dict[str, Any] = {"outcome": self.outcome or user.outcome}
        if self.after_s is not None:
            changes["outcome_after_s"] = self.after_s
        if self.terminals is not None:
            changes["terminals"] = self.terminals
        return dataclasses.replace(user, **changes)


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that placed no call: the error id it got, why, and what it asked for."""

    error_id: str
    reason: str
    request: Request


@dataclass(slots=True)
class ScriptLine:
    """The scripts of one mock: those that wait, and those of the calls already placed."""

    waiting: deque[Script] = field(default_factory=deque)
    played: dict[str, Script] = field(default_factory=dict)
    refusals: list[Refused] = field(default_factory=list)

    def of(self, call: Call | None) -> Script:
        """Return the script of a call; a plain one for any that has none."""
        return self.played.get(call.id, _PLAIN) if call is not None else _PLAIN


def _ensure_known(name: str, given: str, known: Sequence[str]) -> None:
    if given in known:
        return
    near = difflib.get_close_matches(given, known, n=1, cutoff=0.5)
    choices = ", ".join(repr(choice) for choice in known if choice)
    fix = f"did you mean {near[0]!r}?" if near else f"it takes {choices}"
    raise UsageError(f"{name} cannot be {given!r}", where="next_call", fix=fix)


_PLAIN = Script()
