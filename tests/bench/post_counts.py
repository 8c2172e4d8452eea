"""How many POSTs that could have been received one call becomes, fault by fault: ours and other telephony SDKs.

Run it by hand: `python -m tests.bench.post_counts`. It installs the current twilio, vonage and telnyx from PyPI into an
environment of their own below `build/`, lets each place one call at a server on this machine that has the fault, and
prints a table in Markdown. Nothing but the installation leaves this machine.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import platform
import subprocess
import sys
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # it is run as a script too

from tests.client.faults import http, refused, resets_midway
from tests.profile.sockets import Behaviour, RawServer, answers, closes, stalls

ROOT = Path(__file__).parents[2]
OTHERS = ("twilio", "vonage", "telnyx")
FOLDER = ROOT / "build" / "post-counts"
LONG = 8_000_000  # more than a socket takes in before the other side reads
PATIENCE_S = 180


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong; None stands for nobody listening. A long request cannot be written before it goes wrong."""

    name: str
    behaviour: Behaviour | None
    letters: int = 10


FAULTS = (
    Fault("HTTP 500", answers(http(b"{}", "500 Internal Server Error"))),
    Fault("dropped reply", closes),
    Fault("read timeout", stalls),
    Fault("refused connection", None),
    Fault("half-written request", resets_midway, LONG),
)


@dataclass(frozen=True, slots=True)
class Count:
    """What one call became."""

    posts: int
    attempts: int
    end: str
    version: str

    @property
    def cell(self) -> str:
        """The number, and how the caller learns of it; connections that carried nothing are told apart."""
        tried = f" ({self.attempts} connections tried)" if not self.posts and self.attempts > 1 else ""
        return f"{self.posts}{tried}, `{self.end}`"


def environment_of_others() -> Path:
    """Install the other SDKs in their newest version; return their interpreter."""
    folder = FOLDER / "venv"
    python = folder / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    if not python.exists():
        venv.create(folder, with_pip=not uv.exists())
    installer: list[str | Path] = [python, "-m", "pip", "install"]
    if uv.exists():
        installer = [uv, "pip", "install", "--python", python]
    subprocess.run([*installer, "-q", "--upgrade", *OTHERS], check=True)
    return python


def count(sdk: str, python: Path | str, fault: Fault) -> Count:
    """Let an SDK place one call, and count what arrived."""
    with place_of(fault) as (base_url, received):
        command = [python, Path(__file__).with_name("placing.py"), sdk, base_url, str(fault.letters)]
        run = subprocess.run(
            command, cwd=ROOT, env=variables(), capture_output=True, text=True, check=True, timeout=PATIENCE_S
        )
    told = json.loads(run.stdout.splitlines()[-1])
    posts = sum(request.startswith(b"POST") for request in received)
    return Count(posts, told["attempts"], told["end"], told["version"])


def variables() -> dict[str, str]:
    """An environment that leads nowhere else: no proxy, no settings of somebody's own."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(FOLDER), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}


@contextlib.contextmanager
def place_of(fault: Fault) -> Iterator[tuple[str, list[bytes]]]:
    """Where the call goes to, and what is received there."""
    if fault.behaviour is None:
        with refused() as base_url:
            yield base_url, []
    else:
        with RawServer(fault.behaviour) as server:
            yield server.base_url, server.received


def table(counts: dict[str, list[Count]]) -> str:
    """The counts in Markdown."""
    rows = [
        "| one call, placed once | " + " | ".join(fault.name for fault in FAULTS) + " |",
        "|---" * (len(FAULTS) + 1) + "|",
    ]
    for sdk, found in counts.items():
        name = f"**{sdk}** {found[0].version}" if sdk not in OTHERS else f"{sdk} {found[0].version}"
        rows.append(f"| {name} | " + " | ".join(one.cell for one in found) + " |")
    return "\n".join(rows)


def main() -> int:
    """Count and print; the exit code is 1 when ours sent more than one."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    python = environment_of_others()
    sdks: dict[str, Path | str] = {"basix-contract": sys.executable, **dict.fromkeys(OTHERS, python)}
    with ThreadPoolExecutor(2) as pool:
        jobs = {
            sdk: [pool.submit(count, sdk, interpreter, fault) for fault in FAULTS] for sdk, interpreter in sdks.items()
        }
        counts = {sdk: [job.result() for job in found] for sdk, found in jobs.items()}
    note = (
        "Each number is how many POSTs reached the server, that is how many telephones could ring; beside it is the "
        f"exception the caller gets. {dt.datetime.now(dt.UTC):%Y-%m-%d}, Python {platform.python_version()}; each SDK "
        "with its defaults and a timeout. vonage is made to speak http for this; its version is that of vonage-voice."
    )
    sys.stdout.write(f"{table(counts)}\n\n{note}\n")
    return int(any(one.posts > 1 for one in counts["basix-contract"]))


if __name__ == "__main__":
    sys.exit(main())
