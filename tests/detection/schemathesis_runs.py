"""Schemathesis from its command line, as it comes and as an expert sets it up.

What it says of the correct PBX is written into its own baseline file, by itself, and every later run is given that
file: a failure counts as new where schemathesis says that it is new. Without it a run would end at the first thing
it says of any PBX that answers errors with HTTP 200.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.detection.outcome import Heard, Said
from tests.detection.serving import CORRECT, Served, mock_pbx

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "spec" / "openapi.yaml"
TUNED = Path(__file__).parent / "tuned" / "schemathesis.toml"
LEARNING_SEEDS = range(5)
LIMIT_S = 90.0
LAST_WORDS_S = 15.0

_BASELINE = "baseline.json"
_REPORTS = {"json": "report.json", "ndjson": "events.ndjson"}


@dataclass(frozen=True, slots=True)
class Schemathesis:
    """One way of calling it: `before` stands before the command `run`, `after` behind it."""

    name: str
    title: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def missing(self) -> str:
        """It is a dependency of the kit."""
        return ""

    def versions(self) -> dict[str, str]:
        """What decides what it draws and what it says."""
        return {name: version(name) for name in ("schemathesis", "hypothesis", "jsonschema-rs")}

    def command(self) -> str:
        """The command, as a person would type it."""
        words = ["schemathesis", *self.before, "run", "spec/openapi.yaml", "--url", "URL", *self.after]
        return " ".join([*words, "--seed", "N", "--baseline", "FILE"]).replace(f"{ROOT}/", "")

    def learn(self, folder: Path) -> str:
        """Return the baseline file: what it says of the correct PBX over some seeds."""
        for seed in LEARNING_SEEDS:
            with mock_pbx(CORRECT) as served:
                self._run(served, seed, folder, "--baseline-update")
        return (folder / _BASELINE).read_text("utf-8")

    def hear(self, served: Served, seed: int, baseline: str, folder: Path) -> Heard:
        """Run it once; what it reports is read from its reports, the first failure from its events."""
        (folder / _BASELINE).write_text(baseline, "utf-8")
        trouble = self._run(served, seed, folder)
        report, events = folder / _REPORTS["json"], folder / _REPORTS["ndjson"]
        summary = json.loads(report.read_text("utf-8")) if report.exists() else {}
        if not summary:
            return Heard(trouble=trouble or "it wrote no report")
        told = list(failures_in(events.read_text("utf-8").splitlines()))
        new = {failure["title"] for failure in summary["failures"]}
        errors = list(errors_in(summary))
        faults = [said.text for said in errors if str(TUNED.parent) in said.text]
        return Heard(
            new=(*(said for title, said in told if title in new), *(said for said in errors if not faults)),
            known=tuple(said for title, said in told if title not in new),
            trouble="; ".join([*filter(None, [trouble]), *faults]),
        )

    def _run(self, served: Served, seed: int, folder: Path, *more: str) -> str:
        """Run it in a folder of its own, so that no cache tells one run of another; say what went wrong with it."""
        reports = [f"--report-{kind}-path={path}" for kind, path in _REPORTS.items()]
        words = ["run", str(DOCUMENT), "--url", served.base_url, "--seed", str(seed), "--generation-database", "none"]
        program = [sys.executable, "-m", "schemathesis.cli"]
        signed_in = [word.format(**credentials(served)) for word in self.after]
        line = [*program, *self.before, *words, *signed_in, *reports, "--baseline", _BASELINE, *more]
        with (folder / "output.txt").open("wb") as output:
            running = subprocess.Popen(line, cwd=folder, env=environment(served), stdout=output, stderr=output)
            code = wait(running)
        return "" if code in (0, 1) else f"it ended with {code}"


STOCK = Schemathesis(
    "schemathesis", "schemathesis, as it comes", after=("--header", "Authorization: Basic {authorization}")
)
EXPERT = Schemathesis("tuned", "schemathesis, tuned by an expert", before=("--config-file", str(TUNED)))


def credentials(served: Served) -> dict[str, str]:
    """What a command line may need to sign in."""
    target = served.profile.target
    return {"authorization": base64.b64encode(f"{target.domain}:{target.token}".encode()).decode()}


def environment(served: Served) -> dict[str, str]:
    """What the expert's files read, and nothing that could send traffic elsewhere or colour the output."""
    dropped = ("proxy", "pythondontwritebytecode")
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith(dropped)}
    target = served.profile.target
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "detection" / "pycache"),
        "NO_COLOR": "1",
        "BASIX_DOMAIN": target.domain,
        "BASIX_TOKEN": target.token,
        "BASIX_PROFILE": str(served.profile_file),
        "BASIX_DOCUMENT": str(DOCUMENT),
    }


def wait(running: subprocess.Popen[bytes]) -> int | str:
    """Wait until it ends; after too long ask it to stop, for it then still reports what it found."""
    try:
        return running.wait(LIMIT_S)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
    try:
        running.wait(LAST_WORDS_S)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()
    return f"the limit of {LIMIT_S:g} s"


def failures_in(lines: list[str]) -> Iterator[tuple[str, Said]]:
    """Every failed check with its title, numbered by the requests in the order in which they were sent."""
    events = [json.loads(line) for line in lines]
    scenarios = [event["ScenarioFinished"]["recorder"] for event in events if "ScenarioFinished" in event]
    sent = {name: exchange for recorder in scenarios for name, exchange in recorder.get("interactions", {}).items()}
    order = sorted(sent, key=lambda name: sent[name]["timestamp"])
    for recorder in scenarios:
        for name, checks in recorder.get("checks", {}).items():
            for check in (check for check in checks if check["status"] == "failure"):
                failure, case = check["failure_info"]["failure"], recorder["cases"][name]["value"]
                number = order.index(name) + 1 if name in sent else None
                yield failure["title"], said_by(check["name"], failure, case.get("body"), number)
    bodies = [base64.b64decode((sent[name]["request"].get("body") or {}).get("$base64", "")) for name in order]
    for event in events:
        for failure in event.get("EngineFinished", {}).get("failures", ()):
            check = failure["title"].partition("`")[2].rstrip("`")
            yield failure["title"], said_by(check, failure, None, number_of(failure["message"], bodies))


def number_of(message: str, bodies: list[bytes]) -> int | None:
    """Which request a sentence about the whole run is about: the one with the URL that it begins with."""
    url = message.partition(" ")[0].encode()
    return next((number for number, body in enumerate(bodies, 1) if url.startswith(b"http") and url in body), None)


def said_by(check: str, failure: Mapping[str, Any], body: Any, number: int | None) -> Said:
    """One failure in its own words."""
    text = f"{failure['title']}: {failure['message']}"
    return Said(check=check, text=text[:2000], members=tuple(body) if isinstance(body, dict) else (), number=number)


def errors_in(summary: Mapping[str, Any]) -> Iterator[Said]:
    """Requests that it could not complete, for instance because the connection was closed."""
    for error in summary["errors"]:
        yield Said(check="error", text=json.dumps(error)[:2000])
