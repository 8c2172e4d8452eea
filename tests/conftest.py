"""What holds for every test: Ctrl-C means what it means at a terminal."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Take SIGINT back where a shell started us in the background with it ignored: children inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
