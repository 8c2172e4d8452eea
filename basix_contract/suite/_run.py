"""The one engine: profile → plan → conduct → journal → judge → result. The CLI and pytest are its two faces."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from basix_contract._version import __version__
from basix_contract.checks import SERVER_CHECKS
from basix_contract.contract import load_ledger
from basix_contract.errors import HarnessError, UsageError
from basix_contract.mock import MockServer
from basix_contract.profile import Gate, is_loopback, load_profile, open_gated_client, origin_of
from basix_contract.suite._conclude import count, exit_code, run_verdict
from basix_contract.suite._conduct_server import ServerConductor, Wiring
from basix_contract.suite._files import default_profile
from basix_contract.suite._journal import Journal, read_journal
from basix_contract.suite._judge import judge
from basix_contract.suite._recall import Recall, recall
from basix_contract.suite._receiver import Receiver
from basix_contract.suite._result import RunResult
from basix_contract.suite._select import select
from basix_contract.suite._tokens import Tokens
from basix_contract.suite.plan import basic, plan_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import Profile
    from basix_contract.suite._scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """What a run of the server role is asked to do; empty `target` starts the embedded mock PBX."""

    target: str = ""
    profile: str | Path | None = None
    seed: int = 0
    report: Path = Path("build/conformance/server")
    only: tuple[str, ...] = ()
    max_calls: int | None = None
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where the run goes, once that is settled."""

    base_url: str
    token: str
    is_embedded: bool


def run_server(options: ServerOptions) -> RunResult:
    """Run the server role and judge it from the journal it wrote.

    Raises UsageError for a profile, option or target that cannot be used, TargetUnreachable and HarnessError
    as their names say; what was journaled by then stays.
    """
    ledger = load_ledger()
    for row in options.only:
        ledger.by_id(row)
    profile = load_profile(options.profile or default_profile())
    began = time.monotonic()
    journal = options.report / "journal.ndjson"
    with _target(profile, options) as target:
        plan = select(plan_server(profile, target.token, is_embedded=target.is_embedded), ledger, options.only)
        _conduct(options, profile, target, plan, journal)
    return conclude(options, profile, journal, time.monotonic() - began)


@contextlib.contextmanager
def _target(profile: Profile, options: ServerOptions) -> Iterator[_Target]:
    base_url = options.target or profile.target.base_url
    if not base_url:
        with MockServer(profile, defects=options.defects, seed=options.seed) as mock:
            yield _Target(base_url=mock.base_url, token=profile.target.token, is_embedded=True)
        return
    host = origin_of(base_url)[1]
    if not is_loopback(host):
        raise UsageError(
            f"{host} is not this machine; a target that could ring real telephones is refused",
            where="--target",
            fix="play a PBX on 127.0.0.1, or none for the embedded mock",
        )
    if options.profile is None:
        raise UsageError("a given target is played from a profile only", where="--target", fix="add --profile FILE")
    yield _Target(base_url=base_url.rstrip("/"), token=_token(profile), is_embedded=False)


def _token(profile: Profile) -> str:
    token = os.environ.get(profile.target.token_env, "") if profile.target.token_env else profile.target.token
    if not token:
        where = f"the environment variable {profile.target.token_env}" if profile.target.token_env else "target.token"
        raise UsageError(f"there is no API token: {where} is empty", where="profile", fix="set it, or name token_env")
    return token


def _conduct(options: ServerOptions, profile: Profile, target: _Target, plan: tuple[Scenario, ...], path: Path) -> None:
    with Journal(path) as journal:
        journal.write(
            "run",
            role="server",
            kit=__version__,
            contract=load_ledger().contract,
            target=target.base_url if not target.is_embedded else "the embedded mock PBX",
            is_loopback=is_loopback(urlsplit(target.base_url).hostname or ""),
            seed=options.seed,
            grace_s=profile.callback.grace_s,
            only=options.only,
            unsupported=profile.unsupported.rows,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        asyncio.run(_play(options, profile, target, plan, journal))


async def _play(
    options: ServerOptions, profile: Profile, target: _Target, plan: tuple[Scenario, ...], journal: Journal
) -> None:
    conductor: ServerConductor | None = None

    receiver = Receiver(
        profile.callback.listen, lambda request: conductor.record_callback(request) if conductor else 200
    )
    await receiver.start()
    base = profile.callback.public_url or f"http://{receiver.address}"
    gate = Gate(
        profile,
        base_url=target.base_url,
        callback_place=base.partition("://")[2].rstrip("/") + "/",
        is_embedded=target.is_embedded,
        max_calls=options.max_calls,
    )
    client = open_gated_client(gate, timeout_s=profile.target.reply_timeout_s, ca_file=profile.target.ca_file)
    wiring = Wiring(
        client=client,
        url=target.base_url + "/call_user",
        authorization=basic(profile.target.domain, target.token),
        reply_timeout_s=profile.target.reply_timeout_s,
        grace_s=profile.callback.grace_s,
        max_concurrent=profile.limits.max_concurrent,
        min_interval_s=profile.limits.min_interval_s,
    )
    conductor = ServerConductor(wiring, journal, Tokens(base))
    ending = "interrupted"
    try:
        conductor.announce(plan)
        ending = await conductor.play(plan)
    finally:
        journal.write("end", reason=ending, t=conductor.now_s(), lag_s=conductor.lag_s)
        await client.aclose()
        await receiver.stop()


def conclude(options: ServerOptions, profile: Profile, journal: Path, duration_s: float) -> RunResult:
    """Judge a journal as written; the live run comes through here too, so judging again cannot differ."""
    told: Recall = recall(read_journal(journal))
    if not told.run:
        message = f"the journal {journal} does not begin with a run"
        raise HarnessError(message)
    history = told.history()
    ledger = load_ledger()
    requirements = judge(
        history,
        ledger,
        SERVER_CHECKS,
        role="server",
        unsupported=profile.unsupported.rows,
        only=options.only,
    )
    verdict = run_verdict(requirements, history, told)
    code, reason = exit_code(verdict, requirements, history, told, is_filtered=bool(options.only))
    return RunResult(
        contract=ledger.contract,
        kit=told.run["kit"],
        role="server",
        target=told.run["target"],
        seed=told.run["seed"],
        verdict=verdict,
        exit_code=code,
        reason=reason,
        requirements=requirements,
        counts=count(requirements),
        planned=len(told.planned_scenarios),
        executed=len(told.ended_scenarios),
        requests_sent=told.requests_sent,
        calls_placed=sum(exchange.was_accepted for exchange in history.exchanges),
        duration_s=round(duration_s, 3),
        history=history,
        journal=journal,
        ending=told.ending,
    )
