"""`--plan` of the client role: the calls a client would be told to place. Nothing is started, nothing sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from basix_contract.suite.answer._run import client_plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from basix_contract.suite.answer._options import ClientOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCall:
    """One call of a plan: what is given, how each request is answered, and which outcomes that allows."""

    id: str
    scenario: str
    title: str
    serves: tuple[str, ...]
    params: Mapping[str, Any]
    replies: tuple[str, ...]
    allows: tuple[str, ...]
    timeout_s: float


def preview_client(options: ClientOptions) -> tuple[PlannedCall, ...]:
    """Return the calls of a run with these options; raises UsageError for a row that does not exist."""
    return tuple(
        PlannedCall(
            id=case.id,
            scenario=case.scenario,
            title=case.title,
            serves=case.serves,
            params=case.params,
            replies=tuple(reply.label for reply in case.replies),
            allows=case.allows,
            timeout_s=case.timeout_s,
        )
        for scenario in client_plan(options)
        for case in scenario.cases
    )
