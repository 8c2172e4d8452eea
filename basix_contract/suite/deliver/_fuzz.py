"""What schemathesis makes of the receiver document: it draws and sends nothing, its requests end in this process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import schemathesis
from schemathesis import GenerationMode, engine

from basix_contract.contract import load_document
from basix_contract.strategies import sample, sealed
from basix_contract.suite.deliver._scenario import Drawn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_CONFIG: dict[str, Any] = {
    "base-url": "http://receiver.example",
    "continue-on-failure": True,
    "analysis": {"constants": {"enabled": False}},
    "checks": {"enabled": False},
    "generation": {"max-examples": 1, "with-security-parameters": False, "database": "none"},
    "phases": {"stateful": {"enabled": False}, "fuzzing": {"enabled": False}},
}


def fuzz(number: int, seed: int) -> tuple[Drawn, ...]:
    """Return the examples and the boundaries of the document, and `number` draws each that keep and that break it.

    The same for the same seed, whatever else is loaded; what is drawn is no claim about what it is.
    """
    with sealed(seed):
        found = [*_covered(seed), *(drawn for mode in _MODES for drawn in _sampled(mode, number, seed))]
    return tuple(dict.fromkeys(found))


def _document(seed: int) -> Any:
    config = schemathesis.Config.from_dict({**_CONFIG, "seed": seed})
    return schemathesis.openapi.from_dict(load_document().receiver_document(), config=config)


def _covered(seed: int) -> list[Drawn]:
    """Let the engine play its examples and its coverage of the schema to an application that keeps them."""
    schema, kept = _document(seed), list[Drawn]()
    schema.app = _keeper(kept)
    for _ in engine.from_schema(schema).execute():
        pass
    return kept


def _keeper(kept: list[Drawn]) -> Callable[..., Awaitable[None]]:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        label = next((value for name, value in scope["headers"] if name == b"content-type"), None)
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        kept.append(Drawn(scope["method"], None if label is None else label.decode("latin-1"), body))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


def _sampled(mode: GenerationMode, number: int, seed: int) -> Iterator[Drawn]:
    for found in _document(seed).get_all_operations():
        operation = found.ok()
        for case in sample(operation.as_strategy(generation_mode=mode), number, seed):
            yield Drawn(case.method, case.media_type, _bytes(case.body))


def _bytes(body: Any) -> bytes:
    """Write a body down; one that is none of JSON's is the mark for no body at all."""
    if isinstance(body, bytes):
        return body
    try:
        return json.dumps(body).encode()
    except TypeError:
        return b""
