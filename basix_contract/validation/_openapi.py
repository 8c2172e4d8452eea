"""Whole HTTP messages judged by openapi-core. The only door to that library, and slow to open (0.7 s).

openapi-core stops at the first thing wrong outside the body. Here that thing is noted and put right in the
adapter, and it is asked again, so that one pass names everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias

from openapi_core import Config, OpenAPI
from openapi_core.deserializing.media_types.exceptions import MediaTypeDeserializeError
from openapi_core.validation.request.exceptions import MissingRequiredRequestBody
from openapi_core.validation.response.exceptions import MissingData
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

from basix_contract.contract import load_document
from basix_contract.errors import HarnessError
from basix_contract.messages import Request, Response, Violation
from basix_contract.validation._adapters import (
    AUTHORIZED,
    HOST,
    METHODS,
    Answer,
    Call,
    Callback,
    answer_adapter,
    call_adapter,
    callback_adapter,
)
from basix_contract.validation._facets import FACETS
from basix_contract.validation._json import parse_json
from basix_contract.validation._schema import body_judge
from basix_contract.validation._sentences import Finding, loose_zero, violations

_Adapter: TypeAlias = Any  # one of the three adapters; dataclasses.replace() keeps each what it is
_Errors: TypeAlias = Callable[[_Adapter], Iterator[Exception]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Engine:
    """openapi-core with our document, and the values that mend what may be wrong outside a body."""

    openapi: OpenAPI
    callback_name: str
    documented: Mapping[str, Any]
    documented_for_callback: Mapping[str, Any]

    def call_to_answer(self) -> Call:
        return Call(body=b"", **{key: self.documented[key] for key in ("method", "path", "content_type")})

    def callback_to_answer(self) -> Callback:
        documented = self.documented_for_callback
        return Callback(
            name=self.callback_name,
            method=documented["method"],
            content_type=documented["content_type"],
            body=b"",
        )


def judge_request(request: Request) -> tuple[Violation, ...]:
    """Return what is wrong with a call request; its path may have any prefix."""
    engine = _engine()
    adapter = call_adapter(request, engine.documented["path"])
    return _judged("request", request, adapter, engine.openapi.iter_apicall_request_errors, engine.documented)


def judge_reply(response: Response) -> tuple[Violation, ...]:
    """Return what is wrong with the reply to a call request."""
    engine = _engine()
    request = engine.call_to_answer()

    def errors(answer: Answer) -> Iterator[Exception]:
        return engine.openapi.iter_apicall_response_errors(request, answer)

    return _judged("reply", response, answer_adapter(response), errors, engine.documented)


def judge_callback(request: Request) -> tuple[Violation, ...]:
    """Return what is wrong with a callback; it may go to any path and needs no credentials."""
    engine = _engine()
    adapter = callback_adapter(request, engine.callback_name)
    errors = engine.openapi.iter_webhook_request_errors
    return _judged("callback", request, adapter, errors, engine.documented_for_callback)


def judge_callback_reply(response: Response) -> tuple[Violation, ...]:
    """Return what is wrong with a receiver's answer to a callback."""
    engine = _engine()
    request = engine.callback_to_answer()

    def errors(answer: Answer) -> Iterator[Exception]:
        return engine.openapi.iter_webhook_response_errors(request, answer)

    return _judged("callback", response, answer_adapter(response), errors, engine.documented_for_callback)


def _judged(
    kind: str, message: Request | Response, adapter: _Adapter, errors: _Errors, documented: Mapping[str, Any]
) -> tuple[Violation, ...]:
    found: list[Violation] = []
    facets = dict(FACETS)
    while (cause := _first_cause(errors(adapter))) is not None:
        facet = facets.pop(type(cause), None)
        if facet is None:
            return (*found, *_body_violations(kind, message.body, cause))
        found.append(facet.speak(message, documented[facet.attribute], cause))
        adapter = replace(adapter, **{facet.attribute: documented[facet.attribute]})
    return (*found, *_loose_zero(kind, adapter, errors))


def _first_cause(errors: Iterator[Exception]) -> BaseException | None:
    error = next(errors, None)
    return error.__cause__ or error if error is not None else None


def _body_violations(kind: str, body: bytes, cause: BaseException) -> tuple[Violation, ...]:
    if isinstance(cause, MissingRequiredRequestBody | MissingData):
        return (Violation("", f"the {kind} body is missing: send a JSON object", "missing-body"),)
    if isinstance(cause, MediaTypeDeserializeError):
        return (Violation("", f"the {kind} body is not JSON: {parse_json(body).problem}", "malformed-json"),)
    if not isinstance(cause, InvalidSchemaValue):
        raise HarnessError(f"openapi-core stopped at a {kind} with {type(cause).__name__}") from cause
    value = parse_json(body).value
    findings = [finding for error in cause.schema_errors for finding in _findings(error)]
    subject = body_judge(kind).subject
    return violations(subject, value, [*findings, *loose_zero(subject, value)])


def _loose_zero(kind: str, adapter: _Adapter, errors: _Errors) -> tuple[Violation, ...]:
    """Judge a result code of 0.0, which openapi-core takes, where the document has a say on the body."""
    subject, value = body_judge(kind).subject, parse_json(adapter.body).value
    findings = loose_zero(subject, value)
    # A body that must not be missing is one that is judged: under 401, say, any body will do.
    if not findings or next(errors(replace(adapter, body=b"")), None) is None:
        return ()
    return violations(subject, value, findings)


def _findings(error: Any) -> Iterator[Finding]:
    path = tuple(error.absolute_path)
    if error.validator == "required":
        # jsonschema reports each absent member alone and names it in prose only.
        yield from (Finding((*path, name), "required") for name in error.validator_value if name not in error.instance)
        return
    numbers = range(len(error.validator_value) if error.context else 0)
    branches = ([inner for inner in error.context if inner.relative_schema_path[0] == number] for number in numbers)
    yield Finding(
        path,
        error.validator,
        tuple(tuple(finding for inner in branch for finding in _findings(inner)) for branch in branches),
    )


def _loads(body: bytes, **_parameters: str) -> Any:
    parsed = parse_json(body)
    if parsed.problem:
        raise ValueError(parsed.problem)
    return parsed.value


@cache
def _engine() -> _Engine:
    document = load_document()
    served = {**document.webhooks_document(), "servers": [{"url": HOST}]}
    config = Config(extra_media_type_deserializers={document.media_type: _loads})
    callback = served["webhooks"][document.callback_name]
    documented = {
        "path": document.operation_path,
        "method": document.operation_method.lower(),
        "content_type": document.media_type,
        "parameters": AUTHORIZED,
        "status_code": 200,
    }
    return _Engine(
        openapi=OpenAPI.from_dict(served, config=config),
        callback_name=document.callback_name,
        documented=documented,
        documented_for_callback={
            **documented,
            "method": next(name for name in METHODS if name in callback),
        },
    )
