"""The two engines that must agree on what the specification accepts, each given whole HTTP messages.

The document is read here by plain PyYAML, so that these tests stand on nothing but the file itself.
"""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "spec" / "openapi.yaml").read_text(encoding="utf-8")
)
OPERATION: dict[str, Any] = DOCUMENT["paths"]["/call_user"]["post"]
CALLBACK: dict[str, Any] = OPERATION["callbacks"]["callFinished"]["{$request.body#/callback_url}"]
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]

ACCEPTED = {"openapi-core": True, "jsonschema-rs": True}
REFUSED = {"openapi-core": False, "jsonschema-rs": False}

_AUTHORIZATION = "Basic " + base64.b64encode(b"acme.example:api-token").decode()
_RECEIVER_PATH = "/result_receiver"
_ROOT_URL = "http://127.0.0.1"


def each(**bodies: list[Any]) -> list[Any]:
    """Test cases of several groups of bodies, named by group and number."""
    return [
        pytest.param(body, id=f"{name}-{number}")
        for name, group in bodies.items()
        for number, body in enumerate(group, 1)
    ]


def judge_request(text: str, *, authorization: str = _AUTHORIZATION) -> dict[str, bool]:
    """Both engines' word on a call request's body."""
    errors = _CALL.iter_request_errors(_post(text, "/call_user", {"Authorization": authorization}))
    return {"openapi-core": not any(errors), "jsonschema-rs": _matches("CallUserRequest", text)}


def judge_reply(text: str, *, status: int = 200) -> dict[str, bool]:
    """Both engines' word on a reply's body."""
    reply = MockResponse(text.encode(), status_code=status)
    errors = _CALL.iter_response_errors(_post("{}", "/call_user"), reply)
    return {"openapi-core": not any(errors), "jsonschema-rs": _matches("CallUserReply", text)}


def judge_callback(text: str) -> dict[str, bool]:
    """Both engines' word on the body of a result callback."""
    errors = _RECEIVER.iter_request_errors(_post(text, _RECEIVER_PATH))
    return {"openapi-core": not any(errors), "jsonschema-rs": _matches("CallResult", text)}


def receiver_may_answer(status: int) -> bool:
    """Whether a receiver's answer to a callback is one the specification lists."""
    answer = MockResponse(b"", status_code=status, content_type="text/plain")
    return not any(_RECEIVER.iter_response_errors(_post("{}", _RECEIVER_PATH), answer))


def reply_may_be(status: int, body: bytes, content_type: str) -> bool:
    """Whether openapi-core takes this for one of the listed replies."""
    reply = MockResponse(body, status_code=status, content_type=content_type)
    return not any(_CALL.iter_response_errors(_post("{}", "/call_user"), reply))


def _post(text: str, path: str, headers: dict[str, str] | None = None) -> MockRequest:
    return MockRequest(_ROOT_URL, "post", path, headers=headers, data=text.encode())


def _matches(schema_name: str, text: str) -> bool:
    try:
        instance = json.loads(text)
    except ValueError:
        return False
    return _VALIDATORS[schema_name].is_valid(instance)


def _served_at_root(paths: dict[str, Any]) -> OpenAPI:
    document = copy.deepcopy(DOCUMENT)
    document["paths"] = copy.deepcopy(paths)
    document["servers"] = [{"url": _ROOT_URL}]
    return OpenAPI.from_dict(document)


_CALL = _served_at_root(DOCUMENT["paths"])
_RECEIVER = _served_at_root({_RECEIVER_PATH: CALLBACK})
_VALIDATORS = {
    name: jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    )
    for name in ("CallUserRequest", "CallUserReply", "CallResult")
}
