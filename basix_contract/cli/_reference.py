"""`docs`: the commands read from the command line itself, and the site written."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from cyclopts import App, Argument

from basix_contract.cli._exits import EXIT_CODES, OK
from basix_contract.cli._output import emit
from basix_contract.contract import load_document, load_ledger, load_open_points
from basix_contract.docs import Command, Option, Sources, build_site, pictures, write_site
from basix_contract.report import report_schema

_CODE = re.compile(r"^ +(\d+)  (.+)$", re.MULTILINE)
_KINDS = {bool: "a switch", int: "a whole number", float: "a number", str: "text", Path: "a path"}


def write_docs(app: App, folder: Path) -> int:
    """Write the site into a folder, and say where to begin."""
    write_site({**build_site(sources_of(app)), **pictures()}, folder)
    emit(f"{folder / 'index.html'}\n")
    return OK


def sources_of(app: App) -> Sources:
    """Return everything the pages are written from."""
    return Sources(
        document=load_document(),
        ledger=load_ledger(),
        open_points=load_open_points(),
        commands=tuple(commands_of(app)),
        exit_codes=EXIT_CODES,
        report_schema=report_schema(),
    )


def commands_of(app: App, path: tuple[str, ...] = ("basix-contract",)) -> Iterator[Command]:
    """Yield each command below an app that does something, with the words it is called by."""
    for name in app:
        below = app[name]
        if name.startswith("-"):
            continue
        if below.default_command is not None:
            yield _command(below, " ".join((*path, name)))
        yield from commands_of(below, (*path, name))


def _command(app: App, name: str) -> Command:
    examples, _, codes = (app.help_epilogue or "").partition("Exit codes:")
    options = tuple(_option(argument) for argument in app.assemble_argument_collection())
    return Command(
        name=name,
        summary=app.help,
        usage=" ".join([name, *(_placeholder(option) for option in options if option.is_argument), "[OPTIONS]"]),
        options=options,
        examples=tuple(line[2:] for line in examples.splitlines() if line.startswith("  ")),
        exit_codes={int(code): told for code, told in _CODE.findall(codes)},
    )


def _option(argument: Argument) -> Option:
    told = argument.parameter
    is_argument = argument.index is not None
    names = [name for name in argument.names if not name.startswith(("--no-", "--empty-"))]
    return Option(
        names=tuple(names),
        kind=str(told.metavar or _kind(argument.hint)),
        help=told.help or "",
        default=_default(argument),
        variable=next(iter(told.env_var or ()), ""),
        is_argument=is_argument,
        is_required=argument.required,
    )


def _default(argument: Argument) -> str:
    default = argument.field_info.default
    is_silent = default in (None, False, "", ()) or default is argument.field_info.empty
    return "" if is_silent else str(default.value if isinstance(default, Enum) else default)


def _kind(hint: Any) -> str:
    inside = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Literal:
        return ", ".join(str(choice) for choice in inside)
    if hint in _KINDS:
        return _KINDS[hint]
    return _kind(inside[0]) if inside else "text"


def _placeholder(option: Option) -> str:
    return option.names[0] if option.is_required else f"[{option.names[0]}]"
