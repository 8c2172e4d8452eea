"""What the pages are written from. What only the rooms above know, the command line hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from basix_contract.contract import Document, Ledger, OpenPoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option or argument of a command, as its help tells it."""

    names: tuple[str, ...]
    kind: str
    help: str
    default: str = ""
    variable: str = ""
    is_argument: bool = False
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its name as typed, what it does, its options, commands to paste, and its exit codes."""

    name: str
    summary: str
    usage: str
    options: tuple[Option, ...]
    examples: tuple[str, ...]
    exit_codes: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything there is to tell."""

    document: Document
    ledger: Ledger
    open_points: OpenPoints
    commands: tuple[Command, ...]
    exit_codes: Mapping[int, str]
    report_schema: Mapping[str, Any]
