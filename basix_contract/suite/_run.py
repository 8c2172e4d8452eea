"""The one engine: profile → plan → conduct → journal → judge → result. The CLI and pytest are its two faces."""

from __future__ import annotations

import asyncio
import dataclasses
import ipaddress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from basix_contract._version import __version__
from basix_contract.checks import SERVER_CHECKS
from basix_contract.contract import load_document, load_ledger
from basix_contract.errors import UsageError
from basix_contract.profile import Callback, Gate, Profile, Sender, is_loopback
from basix_contract.suite._conclude import conclude
from basix_contract.suite._conduct_server import ServerConductor
from basix_contract.suite._faults import first_error
from basix_contract.suite._journal import Journal
from basix_contract.suite._known import load_known_failing
from basix_contract.suite._line import Wiring
from basix_contract.suite._options import ServerOptions, Target, open_target, read_profile
from basix_contract.suite._promise import promise_of
from basix_contract.suite._provenance import provenance
from basix_contract.suite._receiver import Receiver
from basix_contract.suite._redact import Redactor
from basix_contract.suite._resume import Earlier, read_earlier
from basix_contract.suite._route import RouteProbe
from basix_contract.suite._select import select
from basix_contract.suite._shrink import Shrinker, shrinkable
from basix_contract.suite._signals import heeding_signals
from basix_contract.suite._tokens import Tokens
from basix_contract.suite.plan import Plan, basic, plan_server, thin

if TYPE_CHECKING:
    from collections.abc import Callable

    from basix_contract.messages import Request
    from basix_contract.suite._known import KnownFailure
    from basix_contract.suite._result import RunResult

# A given target may take a moment to notice that a call is over, before the same telephone can ring again.
_HOLD_MARGIN_S = 0.03
_OK = 200
_AMPLE = 10_000  # what a live budget does not reach for is thinned out of the whole plan, not cut off its end


def run_server(options: ServerOptions) -> RunResult:
    """Run the server role and judge it from the journal it wrote.

    Raises UsageError for a profile, option or target that cannot be used, HarnessError when the journal cannot
    be written; what was journaled by then stays. Ctrl-C ends the run and is reported in the result.
    """
    ledger = load_ledger()
    for row in options.only:
        ledger.by_id(row)
    known = load_known_failing(options.known_failing, SERVER_CHECKS) if options.known_failing else ()
    profile = read_profile(options)
    earlier = read_earlier(options.resume) if options.resume else Earlier()
    path = options.report / "journal.ndjson"
    if options.resume and path.exists() and path.samefile(options.resume):
        raise UsageError("it would overwrite the journal it resumes", where="--report", fix="give another folder")
    with open_target(profile, options) as target:
        promise = promise_of(profile, target, options)
        plan = plan_for(profile, target, options)
        conduct(Run(options, profile, target, plan, known, earlier, promise=promise), path)
    return conclude(path)


def plan_for(profile: Profile, target: Target, options: ServerOptions) -> Plan:
    """Return the plan of a run: all that profile, target and `--only` ask for, as far as a live budget reaches."""
    budget = gate_for(profile, target, options, "").max_calls
    plan = plan_server(
        profile,
        target.token,
        is_embedded=target.is_embedded,
        is_remote=target.is_remote,
        seed=options.seed,
        budget=_AMPLE if target.is_remote else budget,
    )
    selected = select(plan, load_ledger(), options.only)
    return Plan(thin(selected.whole(), budget)) if target.is_remote else selected


def gate_for(
    profile: Profile, target: Target, options: ServerOptions, receiver_base: str, *, calls_before: int = 0
) -> Gate:
    """Return the gate of a run; `receiver_base` is the URL under which our own receiver is reached."""
    return Gate(
        profile,
        base_url=target.base_url,
        callback_place=receiver_base.partition("://")[2].rstrip("/") + "/",
        is_embedded=target.is_embedded,
        max_calls=options.max_calls,
        calls_before=calls_before,
        authorization=basic(profile.target.domain, target.token),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """Everything settled about one run before its first byte; `promise` says who ends calls, and since when."""

    options: ServerOptions
    profile: Profile
    target: Target
    plan: Plan
    known: tuple[KnownFailure, ...]
    earlier: Earlier
    replay: str = ""
    promise: str = ""


def conduct(run: Run, path: Path) -> None:
    """Play a run and write its journal; what happened is then on disk, however it ended."""
    is_own = run.target.is_embedded and run.options.profile is None
    redactor = Redactor(Profile() if is_own else run.profile, "" if is_own else run.target.token)
    with Journal(path, redactor) as journal:
        if run.earlier.events:
            run.earlier.copy_to(journal)
        else:
            file = journal.target(Path(run.options.profile or "").name)
            made = provenance(run.profile, run.target.token, redactor)
            journal.write("run", **_head(run), **made, profile_file=file)
        try:
            run.plan.begin()
            asyncio.run(_play(run, journal))
        except (KeyboardInterrupt, asyncio.CancelledError):
            return  # the conductor has journaled how it ended; the result reports it
        except BaseExceptionGroup as group:
            raise first_error(group) from None
        finally:
            run.plan.close()


def _head(run: Run) -> dict[str, object]:
    return {
        "role": "server",
        "kit": __version__,
        "contract": load_ledger().contract,
        "target": "the embedded mock PBX" if run.target.is_embedded else run.target.base_url,
        "is_loopback": not run.target.is_remote,
        "asks_people": run.target.is_remote,
        "promise": run.promise,
        "may_be_guarded": not run.target.is_embedded and _is_private(run.profile.callback),
        "seed": run.options.seed,
        "grace_s": run.profile.callback.grace_s,
        "reply_timeout_s": run.profile.target.reply_timeout_s,
        "only": run.options.only,
        "replay": run.replay,
        "unsupported": run.profile.unsupported.rows,
        "known_failing": [dataclasses.asdict(entry) for entry in run.known],
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _is_private(callback: Callback) -> bool:
    """Tell whether our receiver is reached by an address that means something on this network only."""
    host = urlsplit(callback.public_url).hostname if callback.public_url else callback.listen.rpartition(":")[0]
    try:
        return ipaddress.ip_address((host or "").strip("[]")).is_private
    except ValueError:
        return is_loopback(host or "")


async def _play(run: Run, journal: Journal) -> None:
    listeners: list[Callable[[Request], int]] = []
    probe = RouteProbe(run.profile.callback, is_target_here=not run.target.is_remote)
    receiver = Receiver(run.profile.callback.listen, lambda request: _told(request, probe, listeners))
    await receiver.start()
    try:
        await _play_at(run.profile.callback.public_url or f"http://{receiver.address}", run, journal, probe, listeners)
    finally:
        await receiver.stop()


async def _play_at(
    base: str, run: Run, journal: Journal, probe: RouteProbe, listeners: list[Callable[[Request], int]]
) -> None:
    """Play a run whose callbacks come below this URL."""
    gate = gate_for(run.profile, run.target, run.options, base, calls_before=run.earlier.calls)
    sender = Sender(gate, ca_file=run.profile.target.ca_file)
    wiring, tokens = _wiring(run, sender), Tokens(base)
    conductor = ServerConductor(wiring, journal, tokens, run.earlier)
    listeners.append(conductor.record_callback)
    try:
        with heeding_signals(gate.stop):
            with conductor.beginning():
                await _look_for_route(run, probe, journal, tokens)
                conductor.announce(run.plan.scenarios)
            if not (run.target.is_embedded or run.profile.target.has_no_telephones):
                conductor.keep_to_plan()
            await conductor.play(run.plan)
            if run.target.is_embedded or run.profile.target.has_no_telephones:
                shrinker = Shrinker(wiring, journal, f"{base.rstrip('/')}/shrunk")
                for step in shrinkable(journal.path, run.plan.whole()):
                    await shrinker.shrink(step)
    finally:
        await sender.close()


def _told(request: Request, probe: RouteProbe, listeners: list[Callable[[Request], int]]) -> int:
    return _OK if probe.hear(request) or not listeners else listeners[0](request)


def _wiring(run: Run, sender: Sender) -> Wiring:
    target, limits = run.profile.target, run.profile.limits
    return Wiring(
        sender=sender,
        url=run.target.base_url + load_document().operation_path,
        authorization=basic(target.domain, run.target.token),
        reply_timeout_s=target.reply_timeout_s,
        grace_s=run.profile.callback.grace_s,
        max_concurrent=limits.max_concurrent,
        min_interval_s=limits.min_interval_s,
        hold_margin_s=0.0 if run.target.is_embedded else _HOLD_MARGIN_S,
        takes_one_call=run.target.is_remote,
        attendant=run.options.attendant,
    )


async def _look_for_route(run: Run, probe: RouteProbe, journal: Journal, tokens: Tokens) -> None:
    """Look at the way back before any call; what was seen is journaled, and told to whoever watches."""
    if run.target.is_embedded:
        return
    route = await probe.look()
    journal.write("route", **dataclasses.asdict(route))
    if run.profile.callback.public_url and route.state != "closed" and route.is_exact and route.is_tried:
        tokens.arrive_below(route.prefix)
    if run.options.tell and route.state != "open":
        run.options.tell(f"callback route: {route.state}: {route.detail}")
