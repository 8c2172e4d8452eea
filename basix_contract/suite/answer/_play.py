"""One client and our PBX brought together for as long as the scenarios last."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from basix_contract.errors import UsageError
from basix_contract.suite._clock import RunClock
from basix_contract.suite._faults import first_error
from basix_contract.suite._signals import heeding_signals
from basix_contract.suite.answer._adapter import ProcessAdapter
from basix_contract.suite.answer._conduct import ClientConductor
from basix_contract.suite.answer._desk import CallDesk
from basix_contract.suite.answer._filling import token_prefix
from basix_contract.suite.answer._in_process import CallAdapter
from basix_contract.suite.answer._pbx import Pbx
from basix_contract.suite.answer._session import Session

if TYPE_CHECKING:
    from basix_contract.suite._journal import Journal
    from basix_contract.suite.answer._adapter import Adapter
    from basix_contract.suite.answer._cases import ClientScenario
    from basix_contract.suite.answer._options import ClientOptions


def adapter_for(options: ClientOptions) -> Adapter:
    """Return the adapter that the options name; raises UsageError when they name none."""
    if options.call is not None:
        return CallAdapter(options.call)
    if not options.command:
        raise UsageError(
            "no client is given", where="conformance client", fix="put the command of its adapter behind --"
        )
    return ProcessAdapter(options.command)


def play(plan: tuple[ClientScenario, ...], adapter: Adapter, journal: Journal, seed: int) -> None:
    """Play a plan and write down what happens; Ctrl-C or SIGTERM ends it and is on record, other errors are raised."""
    try:
        asyncio.run(_play(plan, adapter, journal, token_prefix(seed)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return  # the conductor has journaled how it ended; the result reports it
    except BaseExceptionGroup as group:
        raise first_error(group) from None


async def _play(plan: tuple[ClientScenario, ...], adapter: Adapter, journal: Journal, prefix: str) -> None:
    clock = RunClock()
    desk = CallDesk(journal, clock)
    pbx = Pbx(desk)
    await pbx.start()
    desk.home, desk.elsewhere = pbx.home, pbx.elsewhere
    session = Session(adapter, desk, journal, clock, token_prefix=prefix)
    conductor = ClientConductor(session, journal, clock)
    with heeding_signals():  # what was started must not outlive us
        try:
            conductor.announce(plan)
            await session.open()
            await conductor.play(plan)
        finally:
            await session.close()
            await pbx.stop()
