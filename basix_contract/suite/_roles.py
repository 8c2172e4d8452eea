"""What differs between the roles once a run is written down: how it is read back, judged and summed up."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from basix_contract.checks import CLIENT_CHECKS, RECEIVER_CHECKS, SERVER_CHECKS
from basix_contract.suite._recall import recall
from basix_contract.suite._standing import server_standing
from basix_contract.suite.answer._recall import client_standing, recall_client
from basix_contract.suite.deliver import recall_receiver, receiver_standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from basix_contract.checks import Finding
    from basix_contract.suite._journal import Event
    from basix_contract.suite._standing import Standing


class Told(Protocol):
    """What a journal of any role tells about its run."""

    run: Event
    last_at_s: float
    ending: str
    lag_s: float
    requests_sent: int
    ended_scenarios: set[str]
    planned_scenarios: list[str]
    faults: list[str]

    def history(self) -> Any:
        """Return the run as the checks of its role see it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role: from its journal's events to a history, from that to findings, and to what it came to."""

    checks: Mapping[str, Callable[[Any], Finding]]
    recall: Callable[[Iterable[Event]], Told]
    standing: Callable[[Any, Told], Standing]


ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "server": Role(checks=SERVER_CHECKS, recall=recall, standing=server_standing),
        "client": Role(checks=CLIENT_CHECKS, recall=recall_client, standing=client_standing),
        "receiver": Role(checks=RECEIVER_CHECKS, recall=recall_receiver, standing=receiver_standing),
    }
)
