"""The kill switch by signal: nothing is sent any more, and the run ends in good order, its journal kept."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Ctrl-C is heeded by asyncio itself; these are `kill`, and a terminal that was closed.
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextlib.contextmanager
def heeding_signals(stop: Callable[[], None] | None = None) -> Iterator[None]:
    """Stop what is to be stopped, and break off the task that is inside, when this process is told to end."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def end() -> None:
        if stop is not None:
            stop()
        if task is not None:
            task.cancel()

    heeded = []
    for number in _SIGNALS:
        if signal.getsignal(number) is signal.SIG_IGN:
            continue  # as under nohup: whoever started us wants it so
        with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # another thread's loop, or Windows
            loop.add_signal_handler(number, end)
            heeded.append(number)
    try:
        yield
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)
