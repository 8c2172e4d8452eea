"""What holds for every test: Ctrl-C means what it means at a terminal, and our loggers are heard."""

from __future__ import annotations

import logging
import signal

import pytest


def pytest_configure() -> None:
    """Take SIGINT back where a shell started us in the background with it ignored: children inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _heard() -> None:
    """Undo what a library, set up in an earlier test, did to loggers that are not its own."""
    logging.disable(logging.NOTSET)
    for name, logger in logging.root.manager.loggerDict.items():
        if name.startswith("basix_contract") and isinstance(logger, logging.Logger):
            logger.disabled = False
            logger.propagate = True
