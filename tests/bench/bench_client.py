"""What the client costs beside bare httpx for the same request: ratios, one run, one machine.

Run it with `make bench`, or by itself: `python tests/bench/bench_client.py --rounds 40`. The two sides take turns
within each round, so that what else the machine does falls on both; both send the same bytes, each request on a
connection of its own. In-process rounds count CPU time, rounds over a socket the time on the wall, with the server in a
process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import httpx2

sys.path.insert(0, str(Path(__file__).parents[2]))  # it is run as a script too

from basix_contract import AsyncClient, Client, Destination, EndUser

ROOT = Path(__file__).parents[2]

REPLY = b'{"result_code":0,"uuids":["ede7b23e-c172-445e-832e-963b11ba2b96","1c46fc4b-a42f-410e-82b5-11aa2a1f69fe"]}'
BODY = {"user_name": "bob", "destination": {"called_number": "0312341234", "end_user": {"name": "thomas"}}}
PLACE = Destination(called_number="0312341234", end_user=EndUser(name="thomas"))
SIGNED_IN = ("acme.example", "token")
NOWHERE = "http://pbx.example/basix/api"
MOST_RATIO = 1.10
MOST_IMPORT_MS = 50

Act = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """What both sides of a pair share: the HTTP client and where it leads; `clock` tells the time that counts."""

    name: str
    library: Any
    http: Any
    base_url: str
    calls: int
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Pair:
    """The same calls, placed by bare httpx and by the client."""

    bench: Bench
    bare: Act
    ours: Act


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured of one pair: microseconds a call, the median ratio of the rounds, and that of the best ones.

    What else the machine does makes single rounds longer, never shorter: where both ratios are above the bound, it is
    not the machine.
    """

    name: str
    bare_us: float
    ours_us: float
    ratio: float
    best_ratio: float


def headers_of_ours(library: Any) -> dict[str, str]:
    """The fields that the client sends, for bare httpx to send the same."""
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        return library.Response(200, content=REPLY)

    with library.Client(transport=library.MockTransport(answer)) as http:
        client_of(Client, NOWHERE, http).call_user(user_name="bob", destination=PLACE)
    return {name: value for name, value in seen[0].headers.items() if name not in {"host", "content-length"}}


def client_of(kind: Any, base_url: str, http: Any) -> Any:
    """One of our clients, on an HTTP client."""
    domain, token = SIGNED_IN
    return kind(domain=domain, token=token, base_url=base_url, http=http)


def sync_pair(bench: Bench) -> Pair:
    """Both sides on one synchronous HTTP client."""
    http, headers = bench.http, headers_of_ours(bench.library)
    url, client = f"{bench.base_url}/call_user", client_of(Client, bench.base_url, http)

    def bare() -> None:
        for _ in range(bench.calls):
            reply = http.post(url, content=json.dumps(BODY, separators=(",", ":")), headers=headers)
            assert reply.json()["result_code"] == 0

    def ours() -> None:
        for _ in range(bench.calls):
            assert client.call_user(user_name="bob", destination=PLACE).uuids

    return Pair(bench, bare, ours)


def async_pair(bench: Bench, run: Callable[[Any], Any]) -> Pair:
    """Both sides on one asynchronous HTTP client, in one event loop."""
    http, headers = bench.http, headers_of_ours(bench.library)
    url, client = f"{bench.base_url}/call_user", client_of(AsyncClient, bench.base_url, http)

    async def bare() -> None:
        for _ in range(bench.calls):
            reply = await http.post(url, content=json.dumps(BODY, separators=(",", ":")), headers=headers)
            assert reply.json()["result_code"] == 0

    async def ours() -> None:
        for _ in range(bench.calls):
            assert (await client.call_user(user_name="bob", destination=PLACE)).uuids

    return Pair(bench, lambda: run(bare()), lambda: run(ours()))


def pairs(base_url: str, run: Callable[[Any], Any]) -> Iterator[Pair]:
    """Every pair that is measured."""
    for library in (httpx, httpx2):
        transport = library.MockTransport(lambda _, made=library.Response: made(200, content=REPLY))
        unkept = library.Limits(max_keepalive_connections=0)
        inside = (NOWHERE, 200, time.process_time)
        outside = (base_url, 40, time.perf_counter)
        name = library.__name__
        yield sync_pair(Bench(f"{name}, in process", library, library.Client(transport=transport), *inside))
        yield sync_pair(Bench(f"{name}, socket", library, library.Client(trust_env=False, limits=unkept), *outside))
        awaited = library.AsyncClient(transport=transport)
        over_socket = library.AsyncClient(trust_env=False, limits=unkept)
        yield async_pair(Bench(f"{name}, in process, async", library, awaited, *inside), run)
        yield async_pair(Bench(f"{name}, socket, async", library, over_socket, *outside), run)


def measured(pair: Pair, rounds: int) -> Line:
    """Let both sides take turns; the first round of each is not counted."""
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    sides = {"bare": pair.bare, "ours": pair.ours}
    for turn in range(rounds + 1):
        for side in ("bare", "ours") if turn % 2 else ("ours", "bare"):
            began = pair.bench.clock()
            sides[side]()
            if turn:
                times[side].append((pair.bench.clock() - began) / pair.bench.calls * 1e6)
    ratios = [ours / bare for bare, ours in zip(times["bare"], times["ours"], strict=True)]
    bare_us, ours_us = (statistics.median(times[side]) for side in ("bare", "ours"))
    best_ratio = min(times["ours"]) / min(times["bare"])
    return Line(pair.bench.name, bare_us, ours_us, statistics.median(ratios), best_ratio)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A PBX in a process of its own that always says yes; its base URL."""
    process = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/basix/api"
    finally:
        process.terminate()
        process.wait(10)


async def serve() -> None:
    """Say yes to every request, until the process is ended."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(REPLY)}\r\n\r\n".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(request.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))
        writer.write(head + REPLY)
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    sys.stdout.write(f"{listening.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await listening.serve_forever()


def import_times(rounds: int) -> tuple[float, float]:
    """CPU milliseconds for `import httpx`, then for `from basix_contract import Client`: best of fresh starts."""
    program = (
        "import time; a = time.process_time(); import httpx; b = time.process_time(); "
        "from basix_contract import Client; print(b - a, time.process_time() - b)"
    )
    variables = {**os.environ, "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "cache" / "bytecode")}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    starts = []
    for turn in range(rounds + 1):
        run = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        if turn:  # the first writes the bytecode that an installed package has
            starts.append([float(seconds) * 1e3 for seconds in run.stdout.split()])
    return min(start[0] for start in starts), min(start[1] for start in starts)


def heading(rounds: int) -> str:
    """When, where and with what this was measured."""
    tools = ", ".join(f"{name} {version(name)}" for name in ("httpx", "httpx2"))
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, "
        f"{os.cpu_count()} CPUs, load {load}; {tools}; median of {rounds} rounds in turn"
    )


def table(lines: list[Line]) -> str:
    """The lines as a table."""
    rows = [f"{'one call':28}{'bare':>10}{'ours':>10}{'ratio':>8}{'best':>8}"]
    rows += [
        f"{line.name:28}{line.bare_us:7.0f} us{line.ours_us:7.0f} us{line.ratio:8.2f}{line.best_ratio:8.2f}"
        for line in lines
    ]
    return "\n".join(rows)


def main() -> int:
    """Measure and print; the exit code is 1 when a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
    with server() as base_url, asyncio.Runner() as runner:
        lines = [measured(pair, options.rounds) for pair in pairs(base_url, runner.run)]
    httpx_ms, ours_ms = import_times(max(options.rounds // 3, 3))
    imports = (
        f"import httpx: {httpx_ms:.0f} ms of CPU time; from basix_contract import Client after it: {ours_ms:.0f} ms "
        f"(at most {MOST_IMPORT_MS}), ratio {ours_ms / httpx_ms:.2f}"
    )
    bounds = f"bound for each ratio: {MOST_RATIO}"
    sys.stdout.write("\n\n".join((heading(options.rounds), table(lines), bounds, imports)) + "\n")
    return int(ours_ms > MOST_IMPORT_MS or any(min(line.ratio, line.best_ratio) > MOST_RATIO for line in lines))


if __name__ == "__main__":
    sys.exit(main())
