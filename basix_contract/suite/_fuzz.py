"""What schemathesis would send to call_user: its examples, its coverage and its fuzzing, written down and not sent.

Its engine is run against an application inside this process that answers everything and passes nothing on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from basix_contract.strategies import sealed

if TYPE_CHECKING:
    from basix_contract.contract import Document

_MOST_EXAMPLES = 40
_MOST_BYTES = 1_000_000
_NOWHERE = "http://127.0.0.1"
_ANSWER = b'{"result_code": 0, "uuids": ["00000000-0000-4000-8000-000000000000"]}'


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """One body that schemathesis drew, and in which of its phases."""

    phase: str
    body: bytes


def fuzz(document: Document, *, seed: int) -> tuple[Fuzzed, ...]:
    """Return the distinct bodies that schemathesis POSTs for a document; the same seed gives the same ones."""
    from schemathesis import Config, engine, openapi  # noqa: PLC0415 - it takes half a second, and not every run fuzzes

    recorder = _Recorder(document.operation_path)
    schema = openapi.from_path(str(document.source), config=Config.from_dict(_config(seed)))
    schema.app = recorder
    with sealed(seed):
        for event in engine.from_schema(schema).execute():
            recorder.phase = getattr(getattr(getattr(event, "phase", None), "name", None), "value", recorder.phase)
    seen: dict[bytes, Fuzzed] = {}
    for drawn in recorder.drawn:
        seen.setdefault(drawn.body, drawn)
    return tuple(seen.values())


def _config(seed: int) -> dict[str, Any]:
    """Judge nothing and keep nothing: only what would be sent is wanted."""
    return {
        "base-url": _NOWHERE,
        "seed": seed,
        "continue-on-failure": True,
        "generation": {"max-examples": _MOST_EXAMPLES, "with-security-parameters": False, "database": "none"},
        "checks": {"enabled": False},
        "phases": {"stateful": {"enabled": False}},
    }


class _Recorder:
    """A WSGI application that keeps the JSON bodies it is given."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.phase = ""
        self.drawn: list[Fuzzed] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        is_ours = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith(self._path)
        if is_ours and "json" in environ.get("CONTENT_TYPE", "") and len(body) <= _MOST_BYTES:
            self.drawn.append(Fuzzed(self.phase, body))
        start_response("200 OK", [("Content-Type", "application/json")])
        return [_ANSWER]
