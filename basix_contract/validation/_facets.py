"""What can be wrong outside a body, how it is said, and which attribute of the adapter mends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.paths.exceptions import OperationNotFound, PathNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.templating.security.exceptions import SecurityNotFound

from basix_contract.messages import Request, Response, Violation, field_value
from basix_contract.validation._credentials import credentials_problem
from basix_contract.validation._json import shown


@dataclass(frozen=True, slots=True)
class Facet:
    """Something that can be wrong outside the body: the adapter's attribute, and the sentence."""

    attribute: str
    speak: Callable[[Any, Any, Any], Violation]


def _wrong_method(request: Request, documented: str, _cause: object) -> Violation:
    text = f"the method must be {documented.upper()}, not {shown(request.method)[1:-1]}"
    return Violation("method", text, "method", request.method)


def _wrong_path(request: Request, documented: str, _cause: object) -> Violation:
    text = f"the path must end with {documented}, not {shown(request.target)}"
    return Violation("path", text, "path", request.target)


def _wrong_credentials(request: Request, _documented: object, _cause: object) -> Violation:
    text = credentials_problem(field_value(request.headers, "Authorization"))
    return Violation("headers/Authorization", text, "authorization")


def _wrong_media_type(message: Request | Response, documented: str, _cause: object) -> Violation:
    given = field_value(message.headers, "Content-Type")
    fault = f"must be {documented}, not {shown(given)}" if given else f"is missing: it must be {documented}"
    return Violation("headers/Content-Type", f"Content-Type {fault}", "media-type", given)


def _wrong_status(response: Response, _documented: object, cause: ResponseNotFound) -> Violation:
    known = ", ".join(cause.availableresponses)
    return Violation(
        "status", f"the HTTP status must be one of {known}, not {response.status}", "status", response.status
    )


FACETS: Mapping[type[BaseException], Facet] = {
    PathNotFound: Facet("path", _wrong_path),
    OperationNotFound: Facet("method", _wrong_method),
    SecurityNotFound: Facet("parameters", _wrong_credentials),
    MediaTypeNotFound: Facet("content_type", _wrong_media_type),
    ResponseNotFound: Facet("status_code", _wrong_status),
}
