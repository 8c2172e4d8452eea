"""A small client that keeps the contract, made of steps that a defect can replace one by one."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status, fields in small letters, and the whole body."""

    status: int
    fields: dict[str, str]
    body: bytes


class NoReply(Exception):
    """Something was sent, or may have been, and no whole reply came."""


class SmallClient:
    """Places calls; `place` takes a call of the adapter protocol and returns its outcome."""

    method = "POST"
    media_type = "application/json"

    def place(self, call: dict[str, Any]) -> dict[str, Any]:
        """Place one call and say what came of it."""
        self.log(call)
        try:
            reply = self.exchange(call)
        except ConnectionRefusedError as error:
            return {"outcome": "not-sent", "detail": str(error)}
        except (OSError, http.client.HTTPException, NoReply) as error:
            return self.no_reply(call, error)
        return self.read(call, reply)

    # ── the request ──

    def exchange(self, call: dict[str, Any]) -> Reply:
        """Send the request once and return the reply."""
        return self.send(call, self.url(call), self.fields(call), self.encode(self.body(call)))

    def url(self, call: dict[str, Any]) -> str:
        """Return where the request goes."""
        return str(call["base_url"]) + "/call_user"

    def fields(self, call: dict[str, Any]) -> dict[str, str]:
        """Return the fields of the request."""
        return {"Authorization": self.authorization(call), "Content-Type": self.media_type}

    def authorization(self, call: dict[str, Any]) -> str:
        """Return how the request signs in."""
        return "Basic " + base64.b64encode(self.credentials(call["domain"], call["token"])).decode()

    def credentials(self, domain: str, token: str) -> bytes:
        """Return the credentials before they are packed."""
        return f"{domain}:{token}".encode()

    def body(self, call: dict[str, Any]) -> Any:
        """Return what the body says."""
        return self.parameters(dict(call["params"]))

    def parameters(self, params: dict[str, Any]) -> dict[str, Any]:
        """Return the members of the body."""
        return params

    def encode(self, body: Any) -> bytes:
        """Return the body as bytes."""
        return json.dumps(body, ensure_ascii=False).encode()

    def send(self, call: dict[str, Any], url: str, fields: dict[str, str], body: bytes) -> Reply:
        """Send one request and read its reply to the end, within the time that the call allows."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        limit_s = self.timeout_s(call)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=limit_s)
        deadline = time.monotonic() + (limit_s or 1e9)
        try:
            connection.request(self.method, target, body, fields)
            response = connection.getresponse()
            return Reply(response.status, self._small(response), self.read_body(response, connection, deadline))
        finally:
            connection.close()

    def timeout_s(self, call: dict[str, Any]) -> float | None:
        """Return how long a reply is waited for."""
        return float(call["timeout_s"])

    def _small(self, response: http.client.HTTPResponse) -> dict[str, str]:
        return {name.lower(): value for name, value in response.getheaders()}

    def read_body(
        self, response: http.client.HTTPResponse, connection: http.client.HTTPConnection, deadline: float
    ) -> bytes:
        """Return the whole body."""
        found = b""
        while piece := response.read1(65_536) if response.length != 0 else b"":
            found += piece
            if time.monotonic() > deadline:
                raise TimeoutError
            if isinstance(connection.sock, socket.socket):
                connection.sock.settimeout(max(deadline - time.monotonic(), 0.01))
        if response.length:
            raise NoReply
        return found

    # ── the reply ──

    def read(self, call: dict[str, Any], reply: Reply) -> dict[str, Any]:
        """Return the outcome that a reply tells."""
        try:
            value = self.decode(reply)
        except ValueError as error:
            return {"outcome": "unknown", "detail": f"the reply is no JSON ({error})"}
        if not isinstance(value, dict):
            return {"outcome": "unknown", "detail": "the reply is no object"}
        code = value.get("result_code")
        if not self.is_code(code):
            return {"outcome": "unknown", "detail": "the reply has no result_code"}
        return self.success(value) if self.is_success(code, value) else self.error(value, reply)

    def decode(self, reply: Reply) -> Any:
        """Return the JSON value of a reply; raises ValueError where it is none."""
        return json.loads(reply.body)

    def is_code(self, code: object) -> bool:
        """Tell whether a result_code is one."""
        return type(code) is int

    def is_success(self, code: object, value: dict[str, Any]) -> bool:
        """Tell whether an envelope says success."""
        return code == 0

    def success(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return the outcome of a success envelope."""
        uuids = value.get("uuids") or []
        if not isinstance(uuids, list) or not all(isinstance(item, str) for item in uuids):
            return {"outcome": "unknown", "detail": "the uuids are no list of texts"}
        return {"outcome": "success", "uuids": self.uuids(uuids)}

    def uuids(self, uuids: list[str]) -> list[str]:
        """Return the uuids to be reported."""
        return uuids

    def error(self, value: dict[str, Any], reply: Reply) -> dict[str, Any]:
        """Return the outcome of an error envelope."""
        error = value.get("error")
        error_id = error.get("id") if isinstance(error, dict) else None
        return {
            "outcome": "error",
            "error_id": error_id if isinstance(error_id, str) else None,
            "result_code": value["result_code"],
        }

    def no_reply(self, call: dict[str, Any], error: Exception) -> dict[str, Any]:
        """Return the outcome where no whole reply came."""
        return {"outcome": "unknown", "detail": type(error).__name__}

    # ── beside it ──

    def log(self, call: dict[str, Any]) -> None:
        """Write about a call to standard error."""

    def print(self, text: str) -> None:
        """Write to standard error."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
