"""`profile check`: everything there is to say about a profile before it is played. Nothing is sent."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from basix_contract.profile._check_people import (
    remarks_on_absent,
    remarks_on_destinations,
    remarks_on_doubles,
    remarks_on_groups,
    remarks_on_users,
)
from basix_contract.profile._check_target import remarks_on_target
from basix_contract.profile._remarks import Remark, error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from basix_contract.profile._model import Profile

PLACEHOLDER = "fill-in"
"""What stands in example profiles where a value of one's own belongs; it begins every such value."""

_PEOPLE = (remarks_on_users, remarks_on_groups, remarks_on_destinations, remarks_on_absent, remarks_on_doubles)


def check_profile(
    profile: Profile, *, target: str = "", environ: Mapping[str, str] | None = None
) -> tuple[Remark, ...]:
    """Return every remark on a profile, errors first; a run is possible when none of them is an error.

    `target` stands in for the profile's base_url. Where `environ` is given, the token must be in it.
    """
    found = [
        *_placeholders(profile, ""),
        *remarks_on_target(profile, target or profile.target.base_url, environ),
        *(remark for remarks_on in _PEOPLE for remark in remarks_on(profile)),
    ]
    return tuple(sorted(found, key=lambda remark: remark.severity != "error"))


def _placeholders(value: Any, path: str) -> Iterator[Remark]:
    if dataclasses.is_dataclass(value):
        for spot in dataclasses.fields(value):
            yield from _placeholders(getattr(value, spot.name), f"{path}.{spot.name}".lstrip("."))
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _placeholders(part, f"{path}[{number}]")
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _placeholders(part, f"{path}.{name}")
    elif isinstance(value, str) and value.startswith(PLACEHOLDER):
        yield error(path, "it still holds the example's placeholder", "fill it in, or take the line out")
