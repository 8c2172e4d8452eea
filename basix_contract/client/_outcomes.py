"""What a call ended with: the value of a success, or the exception that says what is known and what to do."""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

from basix_contract.client._envelopes import Reading, read
from basix_contract.client._errors import (
    ApiError,
    CallOutcomeUnknown,
    CredentialsRefused,
    NotSent,
    UnexplainedError,
    UnreadableReply,
)
from basix_contract.client._evidence import Fault
from basix_contract.client._rules import Operation
from basix_contract.messages import Violation

MOST_REPLY_BYTES = 1_000_000
_REDIRECTS = range(300, 400)
_LONGEST_ID = 80


class Reply(NamedTuple):
    """A reply as it came, unread; longer ones than `MOST_REPLY_BYTES` were cut."""

    http_status: int
    body: bytes


def concluded(operation: Operation, outcome: Reply | Fault, where: str) -> Any:
    """Return what a successful reply holds.

    Raises one of the kinds of CallError for everything else. The body decides, whatever the HTTP status. (A19)
    """
    if isinstance(outcome, Fault):
        _raise_fault(outcome, where)
    if len(outcome.body) > MOST_REPLY_BYTES:
        violation = Violation("", f"it is longer than {MOST_REPLY_BYTES} bytes", "length")
        raise UnreadableReply((violation,), http_status=outcome.http_status)
    reading = read(operation.envelope, outcome.body)
    if reading.code is None:
        _raise_unreadable(operation, reading, outcome.http_status)
    if reading.code != operation.envelope.success_code:
        _raise_refusal(operation, reading, outcome.http_status)
    if reading.violations:
        raise UnreadableReply(reading.violations, http_status=outcome.http_status)
    return reading.value


def _raise_fault(fault: Fault, where: str) -> NoReturn:
    error = CallOutcomeUnknown(fault.reason) if fault.was_sent else NotSent(fault.reason, where=where)
    if fault.cause is None:
        raise error
    raise error from fault.cause


def _raise_unreadable(operation: Operation, reading: Reading, status: int) -> NoReturn:
    if status in operation.refusals:
        raise CredentialsRefused(http_status=status)
    found = reading.violations
    if status in _REDIRECTS:
        text = "it redirects elsewhere, which is not followed: check base_url"
        found = (Violation("status", text, "redirect"), *found)
    raise UnreadableReply(found, http_status=status)


def _raise_refusal(operation: Operation, reading: Reading, status: int) -> NoReturn:
    code = reading.code or 0
    if reading.violations:
        raise UnexplainedError(reading.violations, result_code=code, http_status=status)
    error_id = reading.value.error_id
    kind = operation.errors.get(error_id, ApiError)
    text = f"the PBX refused the call: {error_id[:_LONGEST_ID]!r} (result_code {code}, HTTP {status})"
    raise kind(text, error_id=error_id, result_code=code, http_status=status)
