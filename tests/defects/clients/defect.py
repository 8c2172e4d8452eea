"""A flawed client: the small client with some of its steps replaced, and the check that must notice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.defects.clients.small import SmallClient

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDefect:
    """One realistic fault; `kills` is the check it must fail, `also` those that may fail with it, with the reason."""

    id: str
    title: str
    kills: str
    also: tuple[tuple[str, str], ...] = ()
    steps: Mapping[str, Any] = field(default_factory=dict)

    def client(self) -> SmallClient:
        """Return a client that has this fault."""
        made: SmallClient = type(f"Flawed_{self.id}", (SmallClient,), dict(self.steps))()
        return made


def defect(id_: str, title: str, kills: str, *also: tuple[str, str], **steps: Any) -> ClientDefect:
    """Return a defect; each of `steps` replaces the step of its name."""
    return ClientDefect(id=id_, title=title, kills=kills, also=also, steps=steps)
