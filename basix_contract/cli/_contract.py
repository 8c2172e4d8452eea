"""`contract-diff`: what changed between two contracts, as text and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

from basix_contract.cli._exits import NOT_CONFORMING, OK
from basix_contract.cli._output import emit_json, emit_text, printable
from basix_contract.contract.changes import Change, ContractChanges, Party, contract_changes, read_contract

_WIDTH = 100
_PARTIES: Mapping[Party, str] = MappingProxyType({"client": "clients", "server": "servers", "receiver": "receivers"})


def contract_diff(old: Path, new: Path, *, as_json: bool) -> int:
    """Return 0 when nothing breaks by the newer contract, 1 when something does; what changed is on stdout."""
    found = contract_changes(read_contract(old), read_contract(new))
    if as_json:
        emit_json(_members(found))
    else:
        emit_text("".join(f"{line}\n" for line in _lines(found)))
    return NOT_CONFORMING if found.is_breaking else OK


def _members(found: ContractChanges) -> dict[str, object]:
    return {
        "is_breaking": found.is_breaking,
        "old": found.old,
        "new": found.new,
        "breaks": {name: len(found.breaking(party)) for party, name in _PARTIES.items()},
        "changes": [asdict(change) for change in found.changes],
    }


def _lines(found: ContractChanges) -> Iterator[str]:
    yield printable(f"contract {found.old} → {found.new}")
    for party, name in _PARTIES.items():
        broken = found.breaking(party)
        if broken:
            yield from ("", f"Breaks {name}")
        for change in broken:
            yield from _told(change)
    harmless = [change for change in found.changes if not change.breaks]
    if harmless:
        yield from ("", "Breaks nobody")
    for change in harmless:
        yield from _told(change)
    yield from ("", _sum(found))


def _told(change: Change) -> list[str]:
    text = printable(f"{change.message} {change.place}".strip() + f": {change.what}")
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="      ")


def _sum(found: ContractChanges) -> str:
    if not found.changes:
        return "nothing changed"
    counts = [f"{len(broken)} for {name}" for party, name in _PARTIES.items() if (broken := found.breaking(party))]
    return f"breaking: {', '.join(counts)}" if counts else "nothing breaks"
