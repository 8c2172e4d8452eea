"""Steps that lose, add or change parameters: what the faults of a request are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.defects.clients.small import SmallClient

    Params = dict[str, Any]
    Change = Callable[[Any], Any]


def changing(change: Change, *names: str) -> Any:
    """Return the step that changes these parameters."""
    return lambda _client, params: {name: change(value) if name in names else value for name, value in params.items()}


def adding(**added: Any) -> Any:
    """Return the step that adds what is not given."""
    return lambda _client, params: {**added, **params}


def without(*names: str) -> Any:
    """Return the step that leaves these parameters out."""
    return lambda _client, params: {name: value for name, value in params.items() if name not in names}


def renaming(**names: str) -> Any:
    """Return the step that renames parameters."""
    return lambda _client, params: {names.get(name, name): value for name, value in params.items()}


def destination(change: Change, kind: type) -> Any:
    """Return the step that changes destinations of a kind."""

    def changed(_client: SmallClient, params: Params) -> Params:
        destination = params["destination"]
        return {**params, "destination": change(destination)} if isinstance(destination, kind) else params

    return changed


def end_user(change: Change) -> Any:
    """Return the step that changes the end user of a destination."""

    def changed(destination: Params) -> Params:
        end_user = destination.get("end_user")
        return {**destination, "end_user": change(end_user)} if end_user else destination

    return destination(changed, dict)
