"""Keeps a server running in threads of its own for as long as a `with` block lasts."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any

import uvicorn

BACKLOG = 128
HOST = "127.0.0.1"
_PATIENCE_S = 60.0


@contextlib.contextmanager
def in_thread(server: socketserver.TCPServer) -> Iterator[int]:
    """The server answers at the port yielded; afterwards nothing of it is left."""
    accepting = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    accepting.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        _ended(accepting)


@contextlib.contextmanager
def in_loop(opened: Callable[[], AbstractAsyncContextManager[int]]) -> Iterator[int]:
    """What `opened` opens stays open in an event loop of its own, and the port it yields is yielded."""
    ready: Future[tuple[int, Callable[[], None]]] = Future()
    running = threading.Thread(target=lambda: asyncio.run(_hold(opened, ready)), daemon=True)
    running.start()
    try:
        port, close = ready.result(timeout=10)
        try:
            yield port
        finally:
            close()
    finally:
        _ended(running)


@contextlib.contextmanager
def in_uvicorn(app: Callable[..., Any]) -> Iterator[int]:
    """The ASGI application answers at the port yielded."""
    with socket.create_server((HOST, 0), backlog=BACKLOG) as listening:
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        running.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            _ended(running)


@contextlib.contextmanager
def unheard(*names: str) -> Iterator[None]:
    """These loggers say nothing of odd senders and contradictory results; afterwards they are as before."""
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _ended(thread: threading.Thread) -> None:
    """Wait for a thread's end, and say so rather than wait for ever where it does not come."""
    thread.join(_PATIENCE_S)
    assert not thread.is_alive(), "a server of this test does not end"


async def _hold(
    opened: Callable[[], AbstractAsyncContextManager[int]],
    ready: Future[tuple[int, Callable[[], None]]],
) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    try:
        async with opened() as port:
            ready.set_result((port, lambda: _tell(loop, over)))
            await over.wait()
    except BaseException as error:
        if ready.done():
            raise
        ready.set_exception(error)


def _tell(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    loop.call_soon_threadsafe(over.set)
