"""The command that plays a run again, as far as its journal tells what was asked for."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from basix_contract.report._journaled import Event
from basix_contract.suite import RunResult


def rerun_command(result: RunResult, run: Event) -> str:
    """Return the command of a run; `run` is the first event of its journal."""
    words = ["basix-contract", "conformance", result.role, *_OPTIONS[result.role](result, run)]
    return " ".join(words)


def _common(result: RunResult, run: Event) -> Iterator[str]:
    yield from ("--seed", str(result.seed))
    for row in run.get("only", ()):
        yield from ("--only", shlex.quote(str(row)))


def _server(result: RunResult, run: Event) -> Iterator[str]:
    if "://" in result.target:
        yield from ("--target", shlex.quote(result.target))
    if run.get("profile_file"):
        yield from ("--profile", shlex.quote(str(run["profile_file"])))
    yield from _common(result, run)


def _client(result: RunResult, run: Event) -> Iterator[str]:
    if run.get("is_recording"):
        yield "--record"
        return
    for name in run.get("without", ()):
        yield from ("--without", shlex.quote(str(name)))
    yield from _common(result, run)
    yield from ("--", result.target)


def _receiver(result: RunResult, run: Event) -> Iterator[str]:
    url, comma, _ = result.target.partition(",")
    yield from ("--url-command", "CMD") if comma else ("--url", shlex.quote(url))
    if not run.get("has_observer", True):
        yield "--without-observer"
    yield from _common(result, run)


_OPTIONS: Mapping[str, Callable[[RunResult, Event], Iterator[str]]] = MappingProxyType(
    {"server": _server, "client": _client, "receiver": _receiver}
)
