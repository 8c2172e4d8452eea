"""Who and what a PBX knows, as far as a request's features need it: from a directory, or from a journal's head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

_LEAST_PSEUDONYM = 9_000_000_000_000_000  # a number of a redacted journal stands for one of the profile's
_PSEUDONYM = "redacted_"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Users, groups and destinations as mappings; in a journal they bear pseudonyms, here and in its requests."""

    users: Sequence[Row] = ()
    groups: Sequence[Row] = ()
    destinations: Sequence[Row] = ()

    @classmethod
    def of_profile(cls, profile: Row) -> People:
        """Take them from a profile that was written down."""
        return cls(**{name: tuple(profile.get(name, ())) for name in ("users", "groups", "destinations")})

    def user(self, column: str, value: Any) -> Row | None:
        """Return the user whom this value names, whatever its type."""
        return _row(self.users, column, value)

    def group(self, column: str, value: Any) -> Row | None:
        """Return the group which this value names, whatever its type."""
        return _row(self.groups, column, value)

    def kind_of(self, destination: str) -> str:
        """Return what kind of destination this is; `unlisted` where nobody has listed it."""
        found = next((row["kind"] for row in self.destinations if row["value"] == destination), "")
        return str(found) or "unlisted"

    def owns(self, number: Any) -> bool:
        """Tell whether a calling number is one of the PBX's own."""
        own = {row.get("calling_number") for row in self.destinations}
        own |= {row.get("did") for row in (*self.users, *self.groups)}
        return number in own - {"", None}


def _row(rows: Sequence[Row], column: str, value: Any) -> Row | None:
    if value in ("", None) or isinstance(value, bool | list | dict | float):
        return None
    spelt = str(value)
    for place, row in enumerate(rows):
        own = str(row.get(column) or "")
        if own and spelt in (own, own.lstrip("0")):
            return row
        if spelt.startswith(_PSEUDONYM) and spelt.endswith(f"_{place}_{column}"):
            return row
    # A number that stands for a text of the profile: somebody's, though it does not say whose.
    return {} if isinstance(value, int) and value >= _LEAST_PSEUDONYM else None
