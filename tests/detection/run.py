"""Measures, in one run on one machine, what this kit and other tools find in the same servers.

`python -m tests.detection.run` plays all of it and takes one to two hours on four cores; `--sample 40` plays forty
defects, some of each check. It prints a Markdown table and writes build/detection/detection.json.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from basix_contract.mock import DEFECTS, find_defects
from tests.detection.attribution import is_attributed, is_exact
from tests.detection.games import KIT, TOOLS, Draw, Tool, learn, play_all
from tests.detection.outcome import Game
from tests.detection.sampling import stratified
from tests.detection.table import Row, as_json, markdown, summarise
from tests.servers.family import KINDS

PLACE = Path(__file__).parents[2] / "build" / "detection"
NOTES = """\
A defect is killed by a tool that says something of it that it does not say of the correct PBX. False alarms: runs
against {kinds} servers that differ and conform, {seeds} seeds each, with any failure at all; beyond its baseline: with
one that the tool does not report of the correct mock either. Attribution: of the kills, those that name what is
broken; for this kit the failing checks must be just those of the defect's row, for the others it is enough that the
failure points at the part of the contract that is broken. Numbers are medians, the worst in brackets; calls as the
mock counted them, over the defects."""


def main() -> int:
    """Play, print the table, write the files; returns 1 when a tool asked for could not play."""
    asked = arguments()
    began = time.monotonic()
    tools = [TOOLS[name] for name in asked.tools]
    absent = {tool.name: why for tool in tools if (why := tool.missing())}
    for why in absent.values():
        tell(f"skipped: {why}")
    present = [tool for tool in tools if tool.name not in absent]
    ids = find_ids(asked)
    rows, told = [], {}
    for tool in present:
        row, told[tool.name] = measure(tool, ids, asked)
        rows.append(row)
        head = provenance(asked, present, time.monotonic() - began)
        text = "\n\n".join((heading(head), markdown(rows), NOTES.format(kinds=len(asked.kinds), seeds=asked.seeds)))
        save(text, {**head, "skipped": absent, "rows": [as_json(row) for row in rows], "games": told})
        tell("", text, "")
    return 1 if absent else 0


def save(text: str, whole: dict[str, Any]) -> None:
    """Write down what there is so far: an hour's run may be ended by somebody who needs the machine."""
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "detection.json").write_text(json.dumps(whole, indent=1) + "\n", "utf-8")
    (PLACE / "table.md").write_text(text + "\n", "utf-8")


def arguments() -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser("python -m tests.detection.run", description=__doc__)
    parser.add_argument("--sample", type=int, help="play so many defects, some of each check, in place of all")
    parser.add_argument("--seeds", type=int, default=20, help="seeds for each server that conforms")
    parser.add_argument("--tools", nargs="+", choices=list(TOOLS), default=list(TOOLS))
    parser.add_argument("--defects", nargs="+", metavar="ID", help="play these defects only")
    parser.add_argument("--kinds", nargs="*", choices=list(KINDS), default=list(KINDS), help="servers that conform")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the games against defects")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="games at a time")
    return parser.parse_args()


def find_ids(asked: argparse.Namespace) -> Sequence[str]:
    """The defects to play."""
    if asked.defects:
        return [defect.id for defect in find_defects(asked.defects)]
    return stratified(asked.sample, asked.seed) if asked.sample else list(DEFECTS)


def measure(tool: Tool, ids: Sequence[str], asked: argparse.Namespace) -> tuple[Row, dict[str, Any]]:
    """Play everything that one tool is asked for."""
    began = time.monotonic()
    baseline = learn(tool)
    defects = [Draw(tool=tool.name, field="defect", server=id_, seed=asked.seed, baseline=baseline) for id_ in ids]
    different = [
        Draw(tool=tool.name, field="different", server=kind, seed=seed, baseline=baseline)
        for seed in range(asked.seeds)
        for kind in asked.kinds
    ]
    met = list(tell_each(play_all(defects, asked.workers)))
    calm = list(tell_each(play_all(different, asked.workers)))
    row = summarise(tool.name, tool.title, met, calm)
    told = {
        "baseline": baseline,
        "seconds": round(time.monotonic() - began),
        "defects": [record(game, is_killing=True) for game in met],
        "different": [record(game, is_killing=False) for game in calm],
    }
    return row, told


def record(game: Game, *, is_killing: bool) -> dict[str, Any]:
    """One game as plain JSON values: of each check that failed the first words."""
    said = {said.check: said.text.splitlines()[0][:200] if said.text else "" for said in reversed(game.heard.new)}
    kept: dict[str, Any] = {
        "server": game.server,
        "seed": game.seed,
        "new": said,
        "known": sorted({said.check for said in game.heard.known}),
        "first_failure": game.is_first_at,
        "requests": game.requests,
        "calls": game.calls,
        "seconds": game.seconds,
        "trouble": game.heard.trouble,
    }
    if is_killing and game.is_loud:
        kept["is_attributed"] = is_exact(game) if game.tool == KIT.name else is_attributed(game)
    return kept


def tell_each(games: Iterator[Game]) -> Iterator[Game]:
    """Print a line as each game ends."""
    for game in games:
        checks = sorted({said.check for said in game.heard.new})
        word = f"trouble: {game.heard.trouble}" if game.heard.trouble else ", ".join(checks) or "silent"
        tell(f"{game.tool:15} {game.server:40} seed {game.seed:<3} {game.seconds:5.1f} s  {word}")
        yield game


def provenance(asked: argparse.Namespace, tools: Sequence[Tool], seconds: float) -> dict[str, Any]:
    """When, where and with what this was measured."""
    return {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="minutes"),
        "seconds": round(seconds),
        "machine": {
            "system": platform.platform(terse=True),
            "python": platform.python_version(),
            "cpus": os.cpu_count(),
            "games_at_a_time": asked.workers,
        },
        "defect_seed": asked.seed,
        "sample": asked.sample,
        "seeds": asked.seeds,
        "kinds": asked.kinds,
        "tools": {
            tool.name: {"title": tool.title, "versions": tool.versions(), "command": tool.command()} for tool in tools
        },
    }


def heading(head: dict[str, Any]) -> str:
    """The provenance in a few lines."""
    machine = head["machine"]
    took = f"{head['seconds'] / 60:.0f} minutes, {machine['games_at_a_time']} games at a time on {machine['cpus']} CPUs"
    lines = [f"{head['date']}, {took}, Python {machine['python']}, {machine['system']}.", ""]
    for tool in head["tools"].values():
        versions = ", ".join(f"{name} {version}" for name, version in tool["versions"].items())
        lines.append(f"- {tool['title']}: `{tool['command']}` ({versions})")
    return "\n".join(lines)


def tell(*lines: str) -> None:
    """Print lines at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
