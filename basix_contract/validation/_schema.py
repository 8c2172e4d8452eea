"""Bodies judged by jsonschema-rs: microseconds each, for hot paths. The only door to that library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs

from basix_contract.contract import load_document
from basix_contract.errors import ContractError
from basix_contract.messages import Violation
from basix_contract.validation._json import tamed
from basix_contract.validation._places import places_of
from basix_contract.validation._sentences import Finding, Subject, loose_zero, violations


@dataclass(frozen=True, slots=True)
class BodyJudge:
    """One kind of body, with its compiled schema."""

    subject: Subject
    _validator: jsonschema_rs.Draft202012Validator

    def violations(self, value: Any) -> tuple[Violation, ...]:
        """Return what is wrong with a body; nothing when it conforms."""
        try:
            if self._validator.is_valid(value) and not loose_zero(self.subject, value):
                return ()
            findings = self._findings(value)
        except ValueError:  # what jsonschema-rs cannot read, or not to its end
            findings = self._findings(tamed(value))
        return violations(self.subject, value, findings)

    def _findings(self, value: Any) -> list[Finding]:
        return [*map(_finding, self._validator.iter_errors(value)), *loose_zero(self.subject, value)]


def validate_request_body(value: Any) -> tuple[Violation, ...]:
    """Return what is wrong with the body of a call request; nothing when it conforms."""
    return body_judge("request").violations(value)


def validate_reply_body(value: Any) -> tuple[Violation, ...]:
    """Return what is wrong with the body of a reply, judged as the success or error its result_code says."""
    return body_judge("reply").violations(value)


def validate_callback_body(value: Any) -> tuple[Violation, ...]:
    """Return what is wrong with the body of a callback, judged as what its result_code says."""
    return body_judge("callback").violations(value)


def ensure_request_body(value: Any) -> None:
    """Raise ContractError, which says what to change, unless the body of a call request conforms."""
    if found := validate_request_body(value):
        raise ContractError(body_judge("request").subject.name, found)


@cache
def body_judge(kind: str) -> BodyJudge:
    """Return the judge of `request`, `reply` or `callback` bodies, compiled once."""
    document = load_document()
    pointer, selectors = {
        "request": (document.request_pointer, document.user_selectors),
        "reply": (document.reply_pointer, ()),
        "callback": (document.callback_pointer, ()),
    }[kind]
    schema = document.schema(pointer)
    subject = Subject(name=f"{kind} body", places=places_of(schema), selectors=selectors)
    return BodyJudge(subject, jsonschema_rs.Draft202012Validator(schema))


def _finding(error: jsonschema_rs.ValidationError) -> Finding:
    path = tuple(error.instance_path)
    keyword = error.kind.name
    if keyword == "required":
        return Finding((*path, error.kind.value), keyword)
    branches: Iterable[Iterable[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", ())
    return Finding(path, keyword, tuple(tuple(map(_finding, branch)) for branch in branches))
