"""The one engine: profile → plan → conduct → journal → judge → result. The CLI and pytest are its two faces."""

from __future__ import annotations

import asyncio
import dataclasses
import ipaddress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from basix_contract._version import __version__
from basix_contract.checks import SERVER_CHECKS
from basix_contract.contract import load_document, load_ledger
from basix_contract.errors import UsageError
from basix_contract.profile import Callback, Gate, Profile, Sender, is_loopback
from basix_contract.suite._conclude import conclude
from basix_contract.suite._conduct_server import ServerConductor
from basix_contract.suite._journal import Journal
from basix_contract.suite._known import load_known_failing
from basix_contract.suite._line import Wiring
from basix_contract.suite._options import ServerOptions, Target, open_target, read_profile
from basix_contract.suite._receiver import Receiver
from basix_contract.suite._redact import Redactor
from basix_contract.suite._resume import Earlier, read_earlier
from basix_contract.suite._select import select
from basix_contract.suite._shrink import Shrinker, shrinkable
from basix_contract.suite._tokens import Tokens
from basix_contract.suite.plan import Plan, basic, plan_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from basix_contract.messages import Request
    from basix_contract.suite._known import KnownFailure
    from basix_contract.suite._result import RunResult

# A given target may take a moment to notice that a call is over, before the same telephone can ring again.
_HOLD_MARGIN_S = 0.03


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
        plan = plan_for(profile, target, options)
        conduct(Run(options, profile, target, plan, known, earlier), path)
    return conclude(path)


def plan_for(profile: Profile, target: Target, options: ServerOptions) -> Plan:
    """Return the plan of a run: all that profile, target and `--only` ask for."""
    plan = plan_server(
        profile,
        target.token,
        is_embedded=target.is_embedded,
        is_remote=target.is_remote,
        seed=options.seed,
        budget=gate_for(profile, target, options, "").max_calls,
    )
    return select(plan, load_ledger(), options.only)


def gate_for(profile: Profile, target: Target, options: ServerOptions, receiver_base: str) -> Gate:
    """Return the gate of a run; `receiver_base` is the URL under which our own receiver is reached."""
    return Gate(
        profile,
        base_url=target.base_url,
        callback_place=receiver_base.partition("://")[2].rstrip("/") + "/",
        is_embedded=target.is_embedded,
        max_calls=options.max_calls,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """Everything settled about one run before its first byte."""

    options: ServerOptions
    profile: Profile
    target: Target
    plan: Plan
    known: tuple[KnownFailure, ...]
    earlier: Earlier
    replay: str = ""


def conduct(run: Run, path: Path) -> None:
    """Play a run and write its journal; what happened is then on disk, however it ended."""
    is_own = run.target.is_embedded and run.options.profile is None
    redactor = Redactor(Profile() if is_own else run.profile, "" if is_own else run.target.token)
    with Journal(path, redactor) as journal:
        if run.earlier.events:
            run.earlier.copy_to(journal)
        else:
            journal.write("run", **_head(run), profile=journal.target(str(run.options.profile or "")))
        try:
            run.plan.begin()
            asyncio.run(_play(run, journal))
        except KeyboardInterrupt:
            return  # the conductor has journaled how it ended; the result reports it
        except BaseExceptionGroup as group:
            raise _first(group) from None
        finally:
            run.plan.close()


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _head(run: Run) -> dict[str, object]:
    return {
        "role": "server",
        "kit": __version__,
        "contract": load_ledger().contract,
        "target": "the embedded mock PBX" if run.target.is_embedded else run.target.base_url,
        "is_loopback": is_loopback(urlsplit(run.target.base_url).hostname or ""),
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
    receiver = Receiver(run.profile.callback.listen, lambda request: listeners[0](request) if listeners else 200)
    await receiver.start()
    base = run.profile.callback.public_url or f"http://{receiver.address}"
    target = run.profile.target
    sender = Sender(gate_for(run.profile, run.target, run.options, base), ca_file=target.ca_file)
    wiring = Wiring(
        sender=sender,
        url=run.target.base_url + load_document().operation_path,
        authorization=basic(target.domain, run.target.token),
        reply_timeout_s=target.reply_timeout_s,
        grace_s=run.profile.callback.grace_s,
        max_concurrent=run.profile.limits.max_concurrent,
        min_interval_s=run.profile.limits.min_interval_s,
        hold_margin_s=0.0 if run.target.is_embedded else _HOLD_MARGIN_S,
    )
    conductor = ServerConductor(wiring, journal, Tokens(base), run.earlier)
    listeners.append(conductor.record_callback)
    try:
        await conductor.play(run.plan)
        if run.target.is_embedded or run.profile.target.has_no_telephones:
            shrinker = Shrinker(wiring, journal, f"{base.rstrip('/')}/shrunk")
            for step in shrinkable(journal.path, run.plan.whole()):
                await shrinker.shrink(step)
    finally:
        await sender.close()
        await receiver.stop()
