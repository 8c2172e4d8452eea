"""The client role from options to result: scenarios → conduct → journal → judge."""

from __future__ import annotations

import dataclasses
import re
import shlex
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from basix_contract._version import __version__
from basix_contract.checks import CLIENT_CHECKS
from basix_contract.contract import load_ledger
from basix_contract.profile import Profile
from basix_contract.suite._conclude import conclude
from basix_contract.suite._files import shipped
from basix_contract.suite._journal import Journal
from basix_contract.suite._known import load_known_failing
from basix_contract.suite._provenance import provenance
from basix_contract.suite._redact import Redactor
from basix_contract.suite.answer._play import adapter_for, play
from basix_contract.suite.answer._scenarios import filled, read_scenarios
from basix_contract.suite.answer._select import select_cases, unserved_rows, without_parameters

if TYPE_CHECKING:
    from basix_contract.suite._known import KnownFailure
    from basix_contract.suite._result import RunResult
    from basix_contract.suite.answer._cases import ClientScenario
    from basix_contract.suite.answer._options import ClientOptions

_SECRET = re.compile("token|secret|passw|credential|api.?key", re.IGNORECASE)


def run_client(options: ClientOptions) -> RunResult:
    """Run the client role and judge it from the journal it wrote.

    Raises UsageError for an option or a command that cannot be used, HarnessError when the journal cannot be
    written. Ctrl-C ends the run and is reported in the result; no process that was started is left in any case.
    """
    plan, unsupported = _planned(options)
    adapter = adapter_for(options)
    known = load_known_failing(options.known_failing, CLIENT_CHECKS) if options.known_failing else ()
    path = options.report / "journal.ndjson"
    redactor = Redactor(Profile(), "")
    with Journal(path, redactor) as journal:
        journal.write("run", **_head(options, known), unsupported=unsupported, **provenance(None, "", redactor))
        play(plan, adapter, journal, options.seed)
    return conclude(path)


def client_plan(options: ClientOptions) -> tuple[ClientScenario, ...]:
    """Return the plan of a run: all that `only` asks for and the client offers."""
    return _planned(options)[0]


def _planned(options: ClientOptions) -> tuple[tuple[ClientScenario, ...], tuple[str, ...]]:
    """Return the plan of a run, and the rows that no call of it can show for want of what the client offers."""
    ledger = load_ledger()
    for row in options.only:
        ledger.by_id(row)
    whole = read_scenarios()
    kept = without_parameters(whole, options.without)
    plan = filled(select_cases(kept, ledger, options.only), options.seed)
    return plan, unserved_rows(whole, kept, ledger)


def _shown(command: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command without what looks like a secret in it."""
    shown: list[str] = []
    for word in command:
        is_value = bool(shown) and shown[-1].startswith("-") and "=" not in shown[-1] and _SECRET.search(shown[-1])
        name, sign, _ = word.partition("=")
        shown.append("…" if is_value else f"{name}=…" if sign and _SECRET.search(name) else word)
    return tuple(shown)


def own_client() -> tuple[str, ...]:
    """Return the command of the adapter for the kit's own client."""
    return (sys.executable, str(shipped("adapters/python/adapter.py")))


def _head(options: ClientOptions, known: tuple[KnownFailure, ...]) -> dict[str, object]:
    return {
        "role": "client",
        "kit": __version__,
        "contract": load_ledger().contract,
        "target": shlex.join(_shown(options.command)) or "a callable in this process",
        "seed": options.seed,
        "only": options.only,
        "without": options.without,
        "known_failing": [dataclasses.asdict(entry) for entry in known],
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }
