"""Whole HTTP messages, judged at the level of method, path, credentials, status, media type and body.

openapi-core is loaded by the first message, not with the room: the hot path does without it.
"""

from __future__ import annotations

from types import ModuleType

from basix_contract.messages import Request, Response, Violation


def validate_request(request: Request) -> tuple[Violation, ...]:
    """Return what is wrong with a call request; nothing when it conforms.

    The path may have any prefix. Credentials are judged by their shape and never repeated in a violation.
    """
    violations: tuple[Violation, ...] = _engine().judge_request(request)
    return violations


def validate_reply(response: Response) -> tuple[Violation, ...]:
    """Return what is wrong with the reply to a call request; nothing when it conforms.

    Media type (`headers/Content-Type`) and status (`status`) are judged apart from the body. Under a status
    for which the document says nothing of a body (401, 403), any body conforms (A18).
    """
    violations: tuple[Violation, ...] = _engine().judge_reply(response)
    return violations


def validate_callback(request: Request) -> tuple[Violation, ...]:
    """Return what is wrong with a callback from the PBX, whatever its path; nothing when it conforms."""
    violations: tuple[Violation, ...] = _engine().judge_callback(request)
    return violations


def validate_callback_reply(response: Response) -> tuple[Violation, ...]:
    """Return what is wrong with a receiver's answer to a callback; nothing when it conforms."""
    violations: tuple[Violation, ...] = _engine().judge_callback_reply(response)
    return violations


def _engine() -> ModuleType:
    from basix_contract.validation import _openapi  # noqa: PLC0415 - see the module's docstring

    return _openapi
