"""The receiver role from options to a judged run."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from basix_contract._version import __version__
from basix_contract.checks import RECEIVER_CHECKS
from basix_contract.contract import load_ledger
from basix_contract.profile import Profile, RawSender, is_loopback, origin_of
from basix_contract.suite._conclude import conclude
from basix_contract.suite._faults import first_error
from basix_contract.suite._journal import Journal
from basix_contract.suite._known import load_known_failing
from basix_contract.suite._provenance import provenance
from basix_contract.suite._redact import Redactor
from basix_contract.suite._signals import heeding_signals
from basix_contract.suite.deliver import ReceiverConductor, Wiring, plan_receiver
from basix_contract.suite.deliver._addresses import Addresses, new_nonce
from basix_contract.suite.deliver._commands import Command
from basix_contract.suite.deliver._observer import Observer, ObserverCommand, ObserverUrl
from basix_contract.suite.deliver._options import ensure_named, ensure_options

if TYPE_CHECKING:
    from basix_contract.suite._known import KnownFailure
    from basix_contract.suite._result import RunResult
    from basix_contract.suite.deliver import ReceiverOptions
    from basix_contract.suite.deliver._scenario import Scenario


def run_receiver(options: ReceiverOptions) -> RunResult:
    """Run the receiver role and judge it from the journal it wrote.

    Raises UsageError for options, commands or files that cannot be used, HarnessError when the journal cannot be
    written; what was journaled by then stays. Ctrl-C ends the run and is reported in the result.
    """
    ensure_options(options)
    known = load_known_failing(options.known_failing, RECEIVER_CHECKS) if options.known_failing else ()
    nonce = new_nonce()
    plan = plan_receiver(options, nonce)
    path = options.report / "journal.ndjson"
    redactor = Redactor(Profile(), "")
    with Journal(path, redactor) as journal:
        try:
            asyncio.run(_heedful(Run(options, plan, nonce, known), journal, redactor))
        except (KeyboardInterrupt, asyncio.CancelledError):
            if not path.stat().st_size:
                raise KeyboardInterrupt from None  # nothing had begun
            # Else the conductor has journaled how it ended; the result reports it.
        except BaseExceptionGroup as group:
            raise first_error(group) from None
    return conclude(path)


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """Everything settled about one run before its first byte."""

    options: ReceiverOptions
    plan: tuple[Scenario, ...]
    nonce: str
    known: tuple[KnownFailure, ...]


async def _heedful(run: Run, journal: Journal, redactor: Redactor) -> None:
    with heeding_signals():  # a command of the user's must not outlive us
        await _play(run, journal, redactor)


async def _play(run: Run, journal: Journal, redactor: Redactor) -> None:
    options = run.options
    command = Command(options.url_command, "--url-command") if options.url_command else None
    addresses = Addresses(options.url, command, run.nonce)
    calls = [call for scenario in run.plan for call in scenario.calls]
    await addresses.issue(calls)
    for number, value in enumerate(addresses.shared_values()):
        redactor.learn(f"redacted_query_{number}", value)
    place = addresses.url_of(calls[0].id)
    ensure_named(options, place)
    sender = RawSender(place, allows_remote=options.live, ca_file=options.ca_file)
    observer = _observer(options)
    head = _head(run, journal.target(options.url), place, has_observer=observer is not None)
    journal.write("run", **head, **provenance(None, "", redactor))
    wiring = Wiring(sender=sender, addresses=addresses, observer=observer, timeout_s=options.timeout_s)
    await ReceiverConductor(wiring, journal).play(run.plan)


def _observer(options: ReceiverOptions) -> Observer | None:
    if options.observer_command:
        return ObserverCommand(options.observer_command)
    if options.observer_url:
        return ObserverUrl(options.observer_url, allows_remote=options.live, ca_file=options.ca_file)
    return None


def _head(run: Run, shown: str, place: str, *, has_observer: bool) -> dict[str, object]:
    scheme, host, port = origin_of(place)
    return {
        "role": "receiver",
        "kit": __version__,
        "contract": load_ledger().contract,
        "target": shown or f"{scheme}://{host}:{port}, a URL for each call",
        "is_loopback": is_loopback(host),
        "has_observer": has_observer,
        "timeout_s": run.options.timeout_s,
        "seed": run.options.seed,
        "only": run.options.rows,
        **({"why_left_out": "nobody was asked to observe"} if run.options.without_observer else {}),
        "known_failing": [dataclasses.asdict(entry) for entry in run.known],
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }
