"""Our messages in the shape openapi-core asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openapi_core.datatypes import RequestParameters

from basix_contract.messages import Headers, Request, Response, field_value
from basix_contract.validation._credentials import credentials_problem

# The document names the production host, a target may be anywhere: here both are at this address.
HOST = "http://target"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
AUTHORIZED = RequestParameters(header={"Authorization": "Basic ZG9tYWluOnRva2Vu"})
_UNKNOWN = "unknown"


@dataclass(slots=True, kw_only=True)
class Call:
    """A call request for openapi-core. It must have no `name`: that would make it a webhook's."""

    method: str
    path: str
    content_type: str
    body: bytes
    parameters: RequestParameters = field(default_factory=RequestParameters)
    host_url: str = HOST


@dataclass(slots=True, kw_only=True)
class Callback:
    """A callback request for openapi-core. It must have no `path`: that would make it a call's."""

    name: str
    method: str
    content_type: str
    body: bytes
    parameters: RequestParameters = field(default_factory=RequestParameters)


@dataclass(slots=True, kw_only=True)
class Answer:
    """A response for openapi-core; `body` is what it calls `data`."""

    status_code: int
    content_type: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> bytes:
        return self.body


def call_adapter(request: Request, operation_path: str) -> Call:
    """Adapt a call request; a path that ends in the operation's is taken for it, whatever stands before."""
    path, _, _ = request.target.partition("?")
    return Call(
        method=_method(request),
        path=operation_path if path.endswith(operation_path) else f"/{_UNKNOWN}",
        content_type=_essence(request.headers),
        body=request.body,
        parameters=_parameters(request.headers),
    )


def callback_adapter(request: Request, name: str) -> Callback:
    """Adapt a callback; its path is the receiver's own affair."""
    return Callback(name=name, method=_method(request), content_type=_essence(request.headers), body=request.body)


def answer_adapter(response: Response) -> Answer:
    """Adapt a response."""
    return Answer(
        status_code=response.status,
        content_type=_essence(response.headers),
        headers={name.title(): value for name, value in response.headers},
        body=response.body,
    )


def _method(request: Request) -> str:
    """Methods are case-sensitive (RFC 9110, 9.1); openapi-core wants the lower case of a path item's keys."""
    method = request.method.lower()
    return method if method in METHODS and request.method.isupper() else _UNKNOWN


def _essence(headers: Headers) -> str:
    """The media type alone: openapi-core trips over parameters such as a lone semicolon."""
    return (field_value(headers, "Content-Type") or "").partition(";")[0].strip().lower()


def _parameters(headers: Headers) -> RequestParameters:
    authorization = field_value(headers, "Authorization")
    return RequestParameters(header={} if credentials_problem(authorization) else {"Authorization": authorization})
