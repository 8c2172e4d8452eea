"""Every way in which placing a call can end other than well.

    BasixContractError
    └─ CallError                  `except CallError` catches all of these
        ├─ InvalidRequest         (ContractError) what was asked for is no call; nothing was sent
        ├─ NotSent                no connection came about, nothing was sent: the one case in which a repeat is safe
        ├─ ApiError               the PBX said no, nobody is rung: `.error_id`, `.result_code`, `.http_status`
        │   ├─ one class for each documented id, in `_generated/errors.py`
        │   ├─ UnexplainedError   (ContractError) it said no, and not why
        │   └─ CredentialsRefused 401 or 403, and nothing else that could be read
        └─ CallOutcomeUnknown     something was sent, the user may be ringing: do not send it again
            └─ UnreadableReply    (ContractError) a reply came, and it is neither a success nor an error

No message holds a value of a request, a reply or the configuration other than the error id and the host.
"""

from __future__ import annotations

from typing import Any, TypeVar

from basix_contract.errors import BasixContractError, ContractError
from basix_contract.messages import Violation

_Kind = TypeVar("_Kind", bound="CallError")

_ADVICE = (
    "The user may be ringing: do not place this call again. Wait for its callback, or ask the user, before you decide"
)


class CallError(BasixContractError):
    """A call was not placed, or nobody can say whether it was; survives pickling, as task queues need it."""

    def __init__(self, text: str) -> None:
        # Not super(): some kinds have a second base, whose __init__ asks for more.
        Exception.__init__(self, text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


class NotSent(CallError):
    """No byte of the request left this machine, so that nobody can be ringing: placing the call again is safe."""

    def __init__(self, reason: str, *, where: str = "") -> None:
        self.reason = reason
        place = f" to {where}" if where else ""
        CallError.__init__(self, f"nothing was sent{place}: {reason}. It is safe to try again")


class InvalidRequest(CallError, ContractError):
    """What was asked for is no call by the contract, and was not sent; `.violations` says what to change."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        ContractError.__init__(self, "this is no call, nothing was sent", violations)


class ApiError(CallError):
    """The PBX refused the call, under whatever HTTP status: nobody is being rung.

    `error_id` is the word for programs to act on, empty where the PBX gave none; `result_code` is None where the
    reply was no envelope. (§ Response)
    """

    def __init__(self, text: str, *, error_id: str, result_code: int | None, http_status: int) -> None:
        self.error_id = error_id
        self.result_code = result_code
        self.http_status = http_status
        CallError.__init__(self, text)


class CredentialsRefused(ApiError):
    """The PBX let nobody in (HTTP 401 or 403) and sent no envelope (A18): check domain and token."""

    def __init__(self, *, http_status: int) -> None:
        text = f"the PBX refused the credentials (HTTP {http_status}): check domain and token"
        super().__init__(text, error_id="", result_code=None, http_status=http_status)


class UnexplainedError(ApiError, ContractError):
    """The PBX refused the call and did not say why, as the contract has it do; `.violations` says what is missing."""

    def __init__(self, violations: tuple[Violation, ...], *, result_code: int, http_status: int) -> None:
        ApiError.__init__(
            self,
            f"the PBX refused the call (result_code {result_code}) without saying why: {violations[0].text}",
            error_id="",
            result_code=result_code,
            http_status=http_status,
        )
        self.subject = "reply"
        self.violations = violations


class CallOutcomeUnknown(CallError):
    """The request may have reached the PBX and what came of it is not known: the user may be ringing.

    Do not place the call again. Its callback tells how it ended; give each call a `callback_url` of its own, since the
    callback of a failed call names no channel. (A48, A61)
    """

    def __init__(self, reason: str, *, http_status: int | None = None) -> None:
        self.reason = reason
        self.http_status = http_status
        CallError.__init__(self, f"{reason}. {_ADVICE}")


class UnreadableReply(CallOutcomeUnknown, ContractError):
    """A reply came that is neither a success nor an error by the contract; `.violations` says what is wrong with it.

    As with every unknown outcome the user may be ringing.
    """

    def __init__(self, violations: tuple[Violation, ...], *, http_status: int) -> None:
        texts = "; ".join(violation.text for violation in violations)
        CallOutcomeUnknown.__init__(self, f"the reply (HTTP {http_status}) breaks the contract: {texts}")
        self.http_status = http_status
        self.subject = "reply"
        self.violations = violations


def _restored(kind: type[_Kind], args: tuple[Any, ...], state: dict[str, Any]) -> _Kind:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
