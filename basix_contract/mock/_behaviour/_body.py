"""From the bytes of a request to the parameters given in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from basix_contract.messages import Request, field_value
from basix_contract.mock._behaviour._rules import Rules
from basix_contract.mock._exchange import Refusal

_BOM = b"\xef\xbb\xbf"


class BodyRules(Rules):
    """Decisions about method, media type and JSON (A13–A17)."""

    def check_method(self, request: Request) -> Refusal | None:
        """Refuse anything but POST."""
        if request.method == "POST":
            return None
        return Refusal("method_not_allowed", "send it with POST")

    def check_media_type(self, request: Request) -> Refusal | None:
        """Refuse a body under another media type than JSON, where the switch says so (A16)."""
        given = (field_value(request.headers, "content-type") or "").partition(";")[0].strip().lower()
        if self.settings.other_media_types == "accept" or given == "application/json":
            return None
        return Refusal("unsupported_media_type", "send the body as application/json")

    def max_body_bytes(self) -> int:
        """Return how large a body may be."""
        return 1_048_576

    def read_body(self, request: Request) -> dict[str, Any] | Refusal:
        """Return the JSON object in the body, or why there is none."""
        if len(request.body) > self.max_body_bytes():
            return Refusal("request_too_large", f"a body may have {self.max_body_bytes()} bytes")
        text = self.decode_body(request.body)
        value = text if isinstance(text, Refusal) else self.parse_json(text)
        return value if isinstance(value, Refusal) else self.read_object(value)

    def decode_body(self, body: bytes) -> str | Refusal:
        """Return the text of the body, which is UTF-8, with or without a byte order mark."""
        if body.startswith(_BOM):
            if self.settings.byte_order_mark == "error":
                return Refusal("invalid_json", "the body begins with a byte order mark")
            body = body.removeprefix(_BOM)
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            return Refusal("invalid_json", "the body is not UTF-8")

    def parse_json(self, text: str) -> Any:
        """Return the JSON value this text stands for; NaN and Infinity are not JSON."""
        try:
            return json.loads(text, object_pairs_hook=self.build_object, parse_constant=_refuse_constant)
        except ValueError as error:
            return Refusal("invalid_json", f"the body is not JSON: {error}")
        except RecursionError:
            return Refusal("invalid_json", "the body is nested too deep")

    def build_object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return the object of these pairs; which of two equal keys counts is a switch (A15)."""
        built = dict(reversed(pairs)) if self.settings.duplicate_keys == "first" else dict(pairs)
        if self.settings.duplicate_keys == "error" and len(built) < len(pairs):
            message = "a key is given twice"
            raise ValueError(message)
        return built

    def read_object(self, value: Any) -> dict[str, Any] | Refusal:
        """Return the value if it is an object."""
        return value if isinstance(value, dict) else Refusal("invalid_json", "the body is not a JSON object")

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Return the parameters that say something: null and "" count as not given, unless strict (A13)."""
        for name, value in body.items():
            if not self.is_given(value) and self.refuses_empty(name, value):
                return Refusal("invalid_parameter", f"{name} is empty")
        return {name: value for name, value in body.items() if self.is_given(value)}

    def is_given(self, value: Any) -> bool:
        """Whether a parameter with this value counts as given."""
        return value is not None and value != ""

    def refuses_empty(self, name: str, value: Any) -> bool:
        """Whether this empty value is an error for this parameter."""
        if name in (*self.words.user_selectors, *self.words.group_selectors):
            return self.settings.strict_empty_selectors
        return self.settings.strict_null_options and value is None

    def check_known(self, body: Mapping[str, Any]) -> Refusal | None:
        """Refuse parameters the document does not have, where the switch says so (A14)."""
        unknown = [name for name in body if name not in self.words.parameters]
        if unknown and self.settings.strict_unknown_parameters:
            return Refusal("unknown_parameter", f"unknown: {', '.join(unknown)}")
        return None


def _refuse_constant(name: str) -> float:
    message = f"{name} is not JSON"
    raise ValueError(message)
