"""What will be sent, known in full before the first byte leaves: scenarios and their steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from basix_contract.checks import Intent
    from basix_contract.messages import Headers

CALLBACK_URL = "{callback_url}"
"""Stands for the step's own callback URL until the receiver's address and the run's nonce are known."""

CALLBACK_PLACE = "{callback_place}"
"""Stands for the same without scheme and slashes, for URLs that are wrong in just those."""

CALLBACK_SLASHES = "{callback_slashes}"
"""Stands for the same as JSON text in which every slash has a backslash before it."""

Consequence = Literal["cannot-ring", "may-ring", "rings"]

# Phases are played in this order, and one begins when every reply of the one before has come; those who ring
# for long begin after `crowd` and nobody waits for them before the end.
Phase = Literal[
    "alone", "crowd", "long", "together", "burst", "generated", "robustness", "limits", "unbounded", "credentials"
]
PHASES: tuple[Phase, ...] = get_args(Phase)


@dataclass(frozen=True, slots=True)
class Question:
    """What a person who watches the telephones is asked once a call is over, for a row of the ledger.

    `told` is the same with the names that people go by, for a terminal only.
    """

    row: str
    text: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request: `body` is a JSON value, or bytes to be sent as they are; None sends no body.

    `query` is put behind the path. `authorization` replaces the right credentials' field value; the empty text
    sends none.
    `callback_tail` is what stands in the callback URL after the token; `callback_answers` are the statuses
    with which the receiver answers this step's callbacks, the last one for all that follow. One that `is_beside` is
    sent while the call before it to the same telephone still rings. `waits_s` is how long its end is waited for,
    where that is less than its hunt may last. `talk_s` is how long an answered call goes on after that, and
    `questions` are asked once it is over.
    """

    id: str
    title: str
    intent: Intent
    body: Any = None
    method: str = "POST"
    media_type: str = "application/json"
    headers: Headers = ()
    authorization: str | None = None
    query: str = ""
    callback_tail: str = ""
    callback_answers: tuple[int, ...] = (200,)
    is_beside: bool = False
    waits_s: float | None = None
    talk_s: float = 0.0
    questions: tuple[Question, ...] = ()

    @property
    def consequence(self) -> Consequence:
        """What this request does to people: whom it names decides, not what the target ought to do."""
        if not self.intent.user:
            return "cannot-ring"
        return "rings" if self.intent.expect == "accept" else "may-ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Steps played in order; when `is_settled`, each waits for the call before it to be over."""

    id: str
    phase: Phase = "together"
    steps: tuple[Step, ...]
    is_settled: bool = False
    is_parallel: bool = field(default=False)
