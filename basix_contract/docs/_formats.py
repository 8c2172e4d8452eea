"""The pages of the two file formats, from their JSON Schemas: the profile that is read, the report that is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from basix_contract.docs._shapes import Member, members_of, resolved
from basix_contract.docs._sources import Sources
from basix_contract.profile import profile_schema
from basix_contract.suite import shipped_profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a TOML file: its header as written, what it is for, and its keys."""

    header: str
    description: str
    members: tuple[Member, ...]


def profile_page(_sources: Sources) -> dict[str, Any]:
    """Return what the template of the profile page is given."""
    schema = profile_schema()
    example = shipped_profile().with_name("live.example.toml")
    return {"schema": schema, "tables": list(_tables(schema)), "example": example.read_text("utf-8")}


def report_page(sources: Sources) -> dict[str, Any]:
    """Return what the template of the report page is given."""
    schema = sources.report_schema
    return {"schema": schema, "members": list(members_of(schema, schema))}


def _tables(schema: Mapping[str, Any]) -> Iterator[Table]:
    for name, raw in schema["properties"].items():
        table = resolved(schema, raw)
        is_list = table["type"] == "array"
        inside = table["items"] if is_list else table
        yield Table(
            header=f"[[{name}]]" if is_list else f"[{name}]",
            description=str(table.get("description", "")),
            members=tuple(members_of(schema, inside)),
        )
