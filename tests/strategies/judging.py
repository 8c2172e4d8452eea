"""Two judges of request bodies, and the gate's opinion of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs

from basix_contract.contract import Document
from basix_contract.messages import Request, Violation
from basix_contract.profile import Gate, Profile, load_profile
from tests.validation.wire import by_jsonschema_rs, by_openapi_core, encoded

MOCK = load_profile(Path(__file__).parents[2] / "conformance" / "profiles" / "mock.toml")
HOST = "127.0.0.1:8000"
TARGET = f"http://{HOST}/basix/api"
PLACE = "127.0.0.1:9/results/"
URL = f"http://{PLACE}abc123?t=abc123"


def violations(body: Any) -> tuple[Violation, ...]:
    """What both judges find in a body; they have to agree."""
    quick = by_jsonschema_rs("request", body)
    assert by_openapi_core("request", encoded(body)) == quick
    return quick


def conforms_to(document: Document, body: Any) -> bool:
    """Whether a body is valid by another document than the shipped one."""
    schema = document.schema(document.request_pointer)
    return bool(jsonschema_rs.Draft202012Validator(schema).is_valid(body))


def gate_of(profile: Profile) -> Gate:
    """The gate before a given target on this machine: nothing leaves but what the profile gives."""
    return Gate(profile, base_url=TARGET, callback_place=PLACE)


def refusal(gate: Gate, body: Any) -> str:
    """Why the gate would keep a body from leaving; empty when it may."""
    raw = json.dumps(body).encode()
    headers = (("Host", HOST), ("Content-Type", "application/json"), ("Content-Length", str(len(raw))))
    return gate.reason_against(f"{TARGET}/call_user", Request("POST", "/basix/api/call_user", headers, raw))


def texts_in(value: Any) -> list[str]:
    """Every text in a body, names of members apart."""
    if isinstance(value, dict):
        return [text for member in value.values() for text in texts_in(member)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []
