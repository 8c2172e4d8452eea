"""Defects of what a callback tells: whether the user answered, on which channel, and why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import ANSWERED, Call, CallResult, LegEnd, TerminalPlan
from basix_contract.mock._defects._defect import Defect, row

_UUID_COLUMN = 32
# How SIP says what the mock's ids say (RFC 3261, section 21), and how FreeSWITCH does.
_SIP_CODES = {"no_answer": 480, "busy": 486, "rejected": 603}
_HANGUP_CAUSES = {"no_answer": "NO_ANSWER", "busy": "USER_BUSY", "rejected": "CALL_REJECTED"}
_SENTENCES = {"no_answer": "User did not answer", "busy": "User is busy", "rejected": "Call was rejected"}


class FirstTerminalIsFalse(Behaviour):
    """The index of the leg that answered is tested for truth, and the first leg has the index 0."""

    def result_of(self, call: Call, answered: int | None, ends: Sequence[LegEnd]) -> CallResult:
        """Take the first telephone's answer for none."""
        return super().result_of(call, answered or None, ends)


class CodeStaysZero(Behaviour):
    """The result code of a callback is never set from its initial 0."""

    def not_answered_body(self, call: Call, error_id: str) -> Any:
        """Return the body of a success, with the leg that was tried last."""
        return self.answered_body(call, call.legs[-1].uuid)


class TimeoutIsNoError(Behaviour):
    """The timer that ends a hunt sets no error, so that the callback is sent with its initial values."""

    def not_answered_body(self, call: Call, error_id: str) -> Any:
        """Return code 0 and an empty uuid where nobody picked up."""
        body = super().not_answered_body(call, error_id)
        return {"result_code": 0, "uuid": ""} if error_id == "no_answer" else body


class RingingIsAnswered(Behaviour):
    """Any provisional response ends the hunt: a telephone that begins to ring counts as picked up."""

    def terminal_plans(self, call: Call) -> tuple[TerminalPlan, ...]:
        """Let every telephone that would ring answer at once; a busy one does not ring."""
        plans = super().terminal_plans(call)
        return tuple(plan if plan.move == "busy" else TerminalPlan("answers", 0.01) for plan in plans)


class FinalIsAnswered(Behaviour):
    """Any final response ends the hunt with success, a busy telephone's too."""

    def terminal_plans(self, call: Call) -> tuple[TerminalPlan, ...]:
        """Let busy telephones answer."""
        plans = super().terminal_plans(call)
        return tuple(replace(plan, move="answers") if plan.move == "busy" else plan for plan in plans)


class LateLegsReject(Behaviour):
    """One rejection among several telephones ends the hunt as rejected, though another was picked up."""

    def result_of(self, call: Call, answered: int | None, ends: Sequence[LegEnd]) -> CallResult:
        """Take a leg that lost the race for one that refused."""
        has_loser = any(end.cause != ANSWERED for end in ends)
        return CallResult(error_id="rejected") if has_loser else super().result_of(call, answered, ends)


def _naming(name: Callable[[Call, str], dict[str, Any]]) -> type[Behaviour]:
    """Return a PBX whose success callbacks name the channel so."""

    class OtherUuid(Behaviour):
        def answered_body(self, call: Call, uuid: str) -> Any:
            return {"result_code": 0, **name(call, uuid)}

    return OtherUuid


class NewChannel(Behaviour):
    """What is named is the channel of the bridged call, which the reply could not know yet."""

    def callback_uuid(self, call: Call, result: CallResult) -> str:
        """Return a uuid drawn just now."""
        return self.new_uuid()


def _failing(tell: Callable[[str], dict[str, Any]]) -> type[Behaviour]:
    """Return a PBX whose failure callbacks say so why."""

    class OtherError(Behaviour):
        def not_answered_body(self, call: Call, error_id: str) -> Any:
            return {"result_code": self.error_code(error_id), **tell(error_id)}

    return OtherError


def _cause_of_a_refusal(error_id: str) -> dict[str, Any]:
    """Return the id of a refusal; where time ran out nobody sent a cause."""
    return {"error": {"id": "" if error_id == "no_answer" else error_id}}


_Rows = tuple[tuple[str, str, type[Behaviour]], ...]

_WRONG_UUIDS: _Rows = (
    ("names-new-channel", "the callback names a channel that came after the reply", NewChannel),
    (
        "lists-uuids",
        "a success callback has the list uuids in place of uuid",
        _naming(lambda call, _uuid: {"uuids": list(call.uuids)}),
    ),
    (
        "uuid-in-a-list",
        "the uuid of a success callback stands in a list",
        _naming(lambda _call, uuid: {"uuid": [uuid]}),
    ),
    (
        "uuid-without-hyphens",
        "the uuid of a success callback has lost its hyphens",
        _naming(lambda _call, uuid: {"uuid": uuid.replace("-", "")}),
    ),
    (
        "uuid-cut-short",
        "the uuid of a success callback is cut to the 32 characters of its column",
        _naming(lambda _call, uuid: {"uuid": uuid[:_UUID_COLUMN]}),
    ),
    (
        "uuid-of-the-record",
        "a success callback names the PBX's own number of the call",
        _naming(lambda call, _uuid: {"uuid": call.id}),
    ),
    (
        "uuid-renamed",
        "a success callback calls the uuid call_uuid",
        _naming(lambda _call, uuid: {"call_uuid": uuid}),
    ),
    ("uuid-null", "the uuid of a success callback is null", _naming(lambda _call, _uuid: {"uuid": None})),
)

_WRONG_ERRORS: _Rows = (
    ("error-left-out", "a failure callback has a result code only", _failing(lambda _id: {})),
    ("error-as-text", "the error of a failure callback is text", _failing(lambda id_: {"error": id_})),
    (
        "error-as-sip-code",
        "the error id of a callback is the SIP status code",
        _failing(lambda id_: {"error": {"id": _SIP_CODES.get(id_, 500)}}),
    ),
    (
        "error-renamed",
        "the error of a failure callback has a code in place of an id",
        _failing(lambda id_: {"error": {"code": id_}}),
    ),
    ("error-id-empty", "the error id of a hunt whose time ran out is empty", _failing(_cause_of_a_refusal)),
)

_WRONG_WORDS: _Rows = (
    (
        "error-id-of-freeswitch",
        "the error id of a callback is the hangup cause in capitals",
        _failing(lambda id_: {"error": {"id": _HANGUP_CAUSES.get(id_, "NORMAL_UNSPECIFIED")}}),
    ),
    (
        "error-id-a-sentence",
        "the error id of a callback is a sentence",
        _failing(lambda id_: {"error": {"id": _SENTENCES.get(id_, "Call failed")}}),
    ),
)


DEFECTS: tuple[Defect, ...] = (
    row(
        "callback-first-terminal-is-false",
        "callback",
        "an answer on the first telephone is told as no answer",
        "callback/truth",
        FirstTerminalIsFalse,
        ("callback/first-leg-only", "the user answers there on the first telephone too"),
    ),
    row("callback-code-stays-zero", "callback", "every failure is told as a success", "callback/truth", CodeStaysZero),
    row(
        "callback-timeout-is-no-error",
        "callback",
        "that nobody picked up is told as a success on no channel",
        "callback/truth",
        TimeoutIsNoError,
        ("callback/uuid", "an empty text is none of the reply's uuids"),
    ),
    row(
        "callback-ringing-is-answered",
        "callback",
        "a telephone that rings is told to have been picked up",
        "callback/truth",
        RingingIsAnswered,
        ("timing/answer-timeout", "the hunt is over before it has begun"),
    ),
    row(
        "callback-busy-is-answered",
        "callback",
        "a busy user is told to have picked up",
        "callback/truth",
        FinalIsAnswered,
    ),
    row(
        "callback-loser-rejects",
        "callback",
        "a user with several telephones is told to have rejected what he picked up",
        "callback/truth",
        LateLegsReject,
        ("callback/first-leg-only", "the user picks up there too"),
    ),
    *(row(f"callback-{name}", "callback", text, "callback/uuid", wrong) for name, text, wrong in _WRONG_UUIDS),
    *(row(f"callback-{name}", "callback", text, "callback/error-id", wrong) for name, text, wrong in _WRONG_ERRORS),
    *(
        row(f"callback-{name}", "callback", text, "callback/error-id-snake-case", wrong)
        for name, text, wrong in _WRONG_WORDS
    ),
)
