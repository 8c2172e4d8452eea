"""Receivers that are right in different ways: the kit may raise no alarm about any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from basix_contract.suite import ReceiverOptions, RunResult, run_receiver
from tests.receivers import ours, told, with_fastapi, with_flask, with_http_server, with_node
from tests.receivers.place import Place

RECEIVERS: Mapping[str, Callable[[], AbstractContextManager[Place]]] = {
    "fastapi": with_fastapi.served,
    "flask": with_flask.served,
    "http-server": with_http_server.served,
    "node": with_node.served,
    "told": told.served,
    "our own, over ASGI": ours.served_over_asgi,
    "our own, over WSGI": ours.served_over_wsgi,
}


def play(name: str, folder: Path, seed: int) -> RunResult:
    """Run the receiver suite against one of them."""
    with RECEIVERS[name]() as place:
        return run_receiver(
            ReceiverOptions(
                url=place.url,
                url_command=place.url_command,
                observer_url=place.observer_url,
                report=folder,
                seed=seed,
            )
        )


def alarms(result: RunResult) -> list[str]:
    """Return what was held against a receiver that keeps the contract."""
    return [
        f"{row.id} {row.verdict}: {row.detail}"
        for row in result.requirements
        if row.verdict not in ("pass", "observed")
    ]
