"""Whole HTTP messages judged by openapi-core. The only door to that library, and slow to open (0.7 s).

openapi-core stops at the first thing wrong outside the body. Here that thing is noted and put right in the
adapter, and it is asked again, so that one pass names everything.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeAlias, TypeVar

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.deserializing.media_types.exceptions import MediaTypeDeserializeError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.paths.exceptions import OperationNotFound, PathNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.templating.security.exceptions import SecurityNotFound
from openapi_core.validation.request.exceptions import MissingRequiredRequestBody
from openapi_core.validation.response.exceptions import MissingData
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

from basix_contract.contract import load_document
from basix_contract.errors import HarnessError
from basix_contract.messages import Headers, Request, Response, Violation, field_value
from basix_contract.validation._json import parse_json, shown
from basix_contract.validation._schema import body_judge, loose_zero
from basix_contract.validation._sentences import Finding, violations

# The document names the production host; a target is anywhere. Both stand at this address here.
_HOST = "http://target"
_METHODS = {name.upper(): name for name in ("get", "put", "post", "delete", "options", "head", "patch", "trace")}
_UNKNOWN = "unknown"


@dataclass(slots=True, kw_only=True)
class _Call:
    """A call request as openapi-core wants it. It must not have a `name`: that is how webhooks are told."""

    method: str
    path: str
    content_type: str
    body: bytes
    parameters: RequestParameters = field(default_factory=RequestParameters)
    host_url: str = _HOST


@dataclass(slots=True, kw_only=True)
class _Callback:
    """A callback request as openapi-core wants it. It must not have a `path`, see `_Call`."""

    name: str
    method: str
    content_type: str
    body: bytes
    parameters: RequestParameters = field(default_factory=RequestParameters)


@dataclass(slots=True, kw_only=True)
class _Answer:
    """A response as openapi-core wants it."""

    status_code: int
    content_type: str
    headers: Mapping[str, str]
    data: bytes
