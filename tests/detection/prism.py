"""Prism as a validating proxy, with the document's examples and a sample of our own requests as its traffic.

It places no call by itself: it can only judge what somebody sends through it. Violations are those that it answers
with in place of the server, as `--errors` asks of it.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from basix_contract.strategies import requests, sample
from tests.detection.outcome import Heard, Said
from tests.detection.serving import CORRECT, Served, mock_pbx

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "spec" / "openapi.yaml"
LOCK = Path(__file__).parent / "prism"
PLACE = ROOT / "build" / "detection" / "prism"
PROGRAM = PLACE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
DRAWS = 100
LEARNING_SEEDS = range(5)
INSTALL_LIMIT_S = 300.0
START_LIMIT_S = 20.0
REPLY_LIMIT_S = 5.0
MOST_SILENCES = 3
SILENCE = "no-reply"


@dataclass(frozen=True, slots=True)
class Prism:
    """The proxy between a client that sends valid requests and the server."""

    name: str = "prism"
    title: str = "Prism, as a proxy"

    def missing(self) -> str:
        """Install it once, at the locked version; say why that cannot be done."""
        if not (program("node") and program("npm")):
            return "node and npm are not on this machine: install them to compare with Prism"
        return "" if is_installed() or install() else f"npm could not install it; see {PLACE / 'log'}"

    def versions(self) -> dict[str, str]:
        """Which Prism, on which node."""
        locked = json.loads((LOCK / "package.json").read_text("utf-8"))["devDependencies"]
        node = subprocess.run([program("node"), "--version"], capture_output=True, text=True, check=True)
        return {**locked, "node": node.stdout.strip()}

    def command(self) -> str:
        """The command, as a person would type it."""
        return (
            f"prism proxy --errors spec/openapi.yaml URL, with the document's examples and {DRAWS} draws sent through"
        )

    def learn(self, folder: Path) -> str:
        """Return the kinds of violation it sees in the traffic of the correct PBX, one a line."""
        kinds = set()
        for seed in LEARNING_SEEDS:
            with mock_pbx(CORRECT) as served:
                kinds |= {said.check for said in self.hear(served, seed, "", folder).new}
        return "\n".join(sorted(kinds))

    def hear(self, served: Served, seed: int, baseline: str, folder: Path) -> Heard:
        """Send the traffic through the proxy and collect what it objects to."""
        known, told = frozenset(baseline.splitlines()), []
        bodies = [*examples(), *sample(requests(served.profile), DRAWS, seed)]
        with proxy(served.base_url, folder) as url, client_of(served) as client:
            for number, body in enumerate(bodies, 1):
                told += [
                    Said(check=kind_of(found), text=found["message"], members=tuple(body), number=number)
                    for found in objections(client, f"{url}/call_user", body)
                ]
                if sum(said.check == SILENCE for said in told) == MOST_SILENCES:
                    break
        return Heard(
            new=tuple(said for said in told if said.check not in known),
            known=tuple(said for said in told if said.check in known),
        )


def client_of(served: Served) -> httpx.Client:
    """A client with the right credentials."""
    target = served.profile.target
    return httpx.Client(auth=(target.domain, target.token), trust_env=False, timeout=REPLY_LIMIT_S)


def objections(client: httpx.Client, url: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """What Prism objects to in one exchange; that nothing comes back is an objection too."""
    try:
        reply = client.post(url, json=body)
    except httpx.HTTPError as error:
        return [{"location": [], "code": SILENCE, "message": type(error).__name__}]
    if "problem+json" not in reply.headers.get("content-type", ""):
        return []
    problem = reply.json()
    told = {"location": [], "code": problem["type"].rpartition("#")[2], "message": problem["title"]}
    return problem.get("validation") or [told]


def program(name: str) -> str:
    """Where a program is on this machine; empty when it is not."""
    return shutil.which(name) or ""


def is_installed() -> bool:
    """Is the version that is locked here the one that is installed?"""
    installed, wanted = PLACE / "installed", LOCK / "package-lock.json"
    return PROGRAM.exists() and installed.exists() and installed.read_bytes() == wanted.read_bytes()


def install() -> bool:
    """Install it into build/; scripts of packages are not run."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCK / name, PLACE / name)
    line = [program("npm"), "ci", "--prefix", str(PLACE), "--cache", str(PLACE / "npm-cache"), "--ignore-scripts"]
    with (PLACE / "log").open("wb") as log:
        done = subprocess.run(
            [*line, "--no-audit", "--no-fund", "--loglevel=error"],
            stdout=log,
            stderr=log,
            check=False,
            timeout=INSTALL_LIMIT_S,
        )
    if done.returncode == 0:
        shutil.copy(LOCK / "package-lock.json", PLACE / "installed")
    return done.returncode == 0


@contextlib.contextmanager
def proxy(upstream: str, folder: Path) -> Iterator[str]:
    """The proxy runs before this server at the URL yielded."""
    port = free_port()
    line = [program("node"), str(PROGRAM), "proxy", "--errors", "--port", str(port), str(DOCUMENT), upstream]
    with (folder / "prism.txt").open("wb") as output, subprocess.Popen(line, stdout=output, stderr=output) as running:
        try:
            wait_until_it_listens(port, running)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()


def wait_until_it_listens(port: int, running: subprocess.Popen[bytes]) -> None:
    """Return once somebody answers at the port; raises RuntimeError when the proxy ends or takes too long."""
    latest = time.monotonic() + START_LIMIT_S
    while running.poll() is None and time.monotonic() < latest:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise RuntimeError("Prism did not start")


def examples() -> list[dict[str, Any]]:
    """The bodies of the document's examples."""
    document = yaml.safe_load(DOCUMENT.read_text("utf-8"))
    content = document["paths"]["/call_user"]["post"]["requestBody"]["content"]["application/json"]
    return [example["value"] for example in content["examples"].values()]


def kind_of(violation: Mapping[str, Any]) -> str:
    """Where it is and which rule is broken, without the number of an item in a list."""
    place = ".".join("*" if part.isdigit() else part for part in violation["location"])
    return f"{place} {violation.get('code', 'mismatch')}".strip()


def free_port() -> int:
    """A port that nobody listens on: Prism cannot be asked to take any."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
