"""call_user at the HTTP layer: a respx router that takes contract-keeping requests only, and answers in kind."""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import respx

from basix_contract.contract import load_document
from basix_contract.errors import UsageError
from basix_contract.pytest_plugin._contents import assert_one, assert_same_parameters, unknown_names
from basix_contract.validation import parse_json, validate_reply_body, validate_request_body

_TERMINALS = 2


class ContractRouter:
    """Answers requests for call_user at any host while its `with` block lasts; nothing leaves this process.

    A request that breaks the contract fails the test, where it is sent and once more at the end. No telephone
    rings here and nothing calls back: fire callbacks with `basix_callbacks`. `respx` is the router underneath, for
    routes of your own; respx sees what goes through httpx, and nothing else.
    """

    def __init__(self, *, strict_unknown_parameters: bool = True) -> None:
        document = load_document()
        self.respx = respx.mock(assert_all_called=False)
        self.respx.route(path__regex=f"{re.escape(document.operation_path)}$").mock(side_effect=self._answer)
        self.breaches: list[str] = []
        self._known = tuple(parameter.name for parameter in document.parameters)
        self._is_strict = strict_unknown_parameters
        self._asked: list[Mapping[str, Any]] = []
        self._replies: deque[respx.MockResponse | Exception] = deque()

    def next_reply(
        self,
        *,
        uuids: Sequence[str] = (),
        error_id: str = "",
        result_code: int = 500,
        http_status: int = 200,
        raises: Exception | None = None,
    ) -> None:
        """Say what the next good request gets, in place of a success with uuids of its own.

        These uuids; or this error, under whatever HTTP status; or `raises`, such as an `httpx.ReadTimeout`. Raises
        UsageError for a reply the contract does not have.
        """
        body: dict[str, Any] = {"result_code": 0, "uuids": list(uuids or _new_uuids())}
        if error_id:
            body = {"result_code": result_code, "error": {"id": error_id}}
        if violations := validate_reply_body(body):
            raise UsageError(violations[0].text, where="next_reply", fix="the contract has no such reply")
        self._replies.append(raises or respx.MockResponse(http_status, json=body))

    @property
    def calls(self) -> tuple[Mapping[str, Any], ...]:
        """The parameters of every good request, the oldest first."""
        return tuple(self._asked)

    def assert_called_with(self, **parameters: Any) -> None:
        """Fail unless the last request had exactly these parameters."""
        if not self._asked:
            raise AssertionError("no call was asked for")
        assert_same_parameters(parameters, self._asked[-1])

    def assert_called_once_with(self, **parameters: Any) -> None:
        """Fail unless there was one request, and it had exactly these parameters."""
        assert_one(self._asked)
        self.assert_called_with(**parameters)

    def __enter__(self) -> Self:
        self.respx.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.respx.stop()

    def _answer(self, request: Any) -> respx.MockResponse:
        body = request.content
        if breaches := tuple(self._breaches_of(request, body)):
            text = f"{request.method} {request.url.path} breaks the contract: {'; '.join(breaches)}"
            self.breaches.append(text)
            raise AssertionError(text)
        self._asked.append(json.loads(body))
        reply = self._replies.popleft() if self._replies else _success()
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _breaches_of(self, request: Any, body: bytes) -> Iterator[str]:
        if request.method != "POST":
            yield "it must be a POST"
        if not _has_credentials(request.headers.get("authorization", "")):
            yield "it must carry domain and token as HTTP Basic credentials"
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            yield "it must be labelled application/json"
        parsed = parse_json(body)
        if parsed.problem:
            yield f"its body is no JSON: {parsed.problem}"
            return
        yield from (violation.text for violation in validate_request_body(parsed.value))
        unknown = [name for name in parsed.value if name not in self._known] if isinstance(parsed.value, dict) else []
        if unknown and self._is_strict:
            yield unknown_names(unknown, self._known)


def _success() -> respx.MockResponse:
    return respx.MockResponse(200, json={"result_code": 0, "uuids": list(_new_uuids())})


def _new_uuids() -> tuple[str, ...]:
    return tuple(str(uuid.uuid4()) for _ in range(_TERMINALS))


def _has_credentials(field: str) -> bool:
    scheme, _, encoded = field.partition(" ")
    try:
        domain, colon, token = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return False
    return scheme.lower() == "basic" and bool(domain and colon and token)
