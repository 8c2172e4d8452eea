"""Clients that keep the contract and take other readings of what it leaves open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.defects.clients.small import Reply, SmallClient

if TYPE_CHECKING:
    Call = dict[str, Any]
    Params = dict[str, Any]
    Outcome = dict[str, Any]

_NOTHING = {"outcome": "unknown", "detail": "the reply is no envelope"}
_CODES = ("user_extension", "user_did", "group_extension", "group_did")


class WordyClient(SmallClient):
    """Writes defaults out, sends null for what has no value, numbers as digits, and booleans as words."""

    def parameters(self, params: Params) -> Params:
        """Return the members of the body."""
        defaults = {"answer_timeout": 180, "auto_answer": False, "calling_name": None, "callback_url": ""}
        return {name: _as_text(name, value) for name, value in {**defaults, **params}.items()}


def _as_text(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if name == "destination" and isinstance(value, dict) and "end_user" in value:
        return {**value, "end_user": {key: str(item) for key, item in value["end_user"].items()}}
    return str(value) if isinstance(value, int) else value


class TerseClient(SmallClient):
    """Leaves documented defaults out, sends extensions without a leading zero as numbers, flags as 1 and 0."""

    def parameters(self, params: Params) -> Params:
        """Return the members of the body."""
        kept = {name: value for name, value in params.items() if value not in (180, False, "")}
        return {name: self._short(name, value) for name, value in kept.items()}

    def _short(self, name: str, value: Any) -> Any:
        if isinstance(value, bool):
            return int(value)
        is_safe = name in _CODES and value.isascii() and value.isdigit() and not value.startswith("0")
        return int(value) if is_safe else value


class LatinClient(SmallClient):
    """Signs in with Latin-1, refuses what that lacks, and wants every reply to be labelled as JSON."""

    def place(self, call: Call) -> Outcome:
        """Place one call."""
        try:
            self.credentials(call["domain"], call["token"])
        except UnicodeEncodeError:
            return {"outcome": "exception", "detail": "the credentials cannot be written"}
        return super().place(call)

    def credentials(self, domain: str, token: str) -> bytes:
        """Return the credentials before they are packed."""
        return f"{domain}:{token}".encode("latin-1")

    def read(self, call: Call, reply: Reply) -> Outcome:
        """Return the outcome that a reply tells."""
        is_json = reply.fields.get("content-type", "").lower().startswith("application/json")
        return super().read(call, reply) if is_json else _NOTHING

    def success(self, value: Outcome) -> Outcome:
        """Return the outcome of a success envelope, which must name a channel and no error."""
        return super().success(value) if value.get("uuids") and not value.get("error") else _NOTHING


class LenientClient(SmallClient):
    """Takes 0.0 and the text 0 for success, unwraps JSON in a text, and reports no code with an error."""

    def decode(self, reply: Reply) -> Any:
        """Return the JSON value of a reply."""
        value = json.loads(reply.body)
        return json.loads(value) if isinstance(value, str) else value

    def is_code(self, code: object) -> bool:
        """Tell whether a result_code is one."""
        return super().is_code(code) or (code in ("0", 0.0) and not isinstance(code, bool))

    def is_success(self, code: object, value: Outcome) -> bool:  # noqa: ARG002 - a step of the small client
        """Tell whether an envelope says success."""
        return code in (0, "0")

    def error(self, value: Outcome, reply: Reply) -> Outcome:
        """Return the outcome of an error envelope."""
        return {**super().error(value, reply), "result_code": None}

    def no_reply(self, call: Call, error: Exception) -> Outcome:  # noqa: ARG002 - a step of the small client
        """Return the outcome where no whole reply came."""
        return {"outcome": "exception", "detail": repr(error)}


class RaisingClient(SmallClient):
    """Reports whatever is no envelope as an error without an id, and never says that it is unknown."""

    def read(self, call: Call, reply: Reply) -> Outcome:
        """Return the outcome that a reply tells."""
        told = super().read(call, reply)
        return {"outcome": "error", "error_id": None, "result_code": None} if told["outcome"] == "unknown" else told
