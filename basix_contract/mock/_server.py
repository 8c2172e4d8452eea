"""The mock PBX behind a real socket: in a thread of its own for tests, or in the foreground for a person."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, Unpack

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from basix_contract.errors import HarnessError, UsageError
from basix_contract.mock._app import MockOptions, PbxApp
from basix_contract.mock._directory import Directory
from basix_contract.mock._records import CallRecord
from basix_contract.mock._words import shipped_words
from basix_contract.profile import Profile

# How long a reply under way may take once the mock is told to stop.
_STOP_GRACE_S = 0.5
_START_S = 10.0
_BACKLOG = 256
# Longer than any client keeps a connection: a server that closes first makes a client's request fail.
_KEEP_ALIVE_S = 75

_LOG = logging.getLogger("basix_contract.mock")
_LOG.addHandler(logging.NullHandler())


class MockServer:
    """A mock PBX on a socket of this machine, for as long as the `with` block lasts.

    `source` is a directory, or a profile that describes one; `options` are those of `MockOptions`. Port 0
    takes any free one. Raises UsageError when the port is taken.
    """

    def __init__(
        self,
        source: Profile | Directory,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        **options: Unpack[MockOptions],
    ) -> None:
        self.app = PbxApp(source, **options)
        self._host = host
        self._port = port
        self._uvicorn: _Uvicorn | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port it listens on; 0 before the start where any would do."""
        return self._port

    @property
    def base_url(self) -> str:
        """The URL to which `/call_user` is appended."""
        return _origin(self._host, self._port) + shipped_words().base_path

    @property
    def admin_url(self) -> str:
        """The URL of the read-out, to which `/calls` and the like are appended."""
        return _origin(self._host, self._port) + "/_mock"

    @property
    def calls(self) -> tuple[CallRecord, ...]:
        """A record of every call placed so far, the oldest first."""
        return self.app.calls

    def wait_until(
        self, is_true: Callable[[tuple[CallRecord, ...]], bool], *, timeout_s: float = 5.0
    ) -> tuple[CallRecord, ...]:
        """Return the calls as soon as they are as `is_true` wants them; it is asked at every event.

        Raises TimeoutError when they are not so in time.
        """
        with self.app.state.changed:
            if not self.app.state.changed.wait_for(lambda: is_true(self.calls), timeout_s):
                raise TimeoutError(f"the mock's calls did not get there within {timeout_s:g} s")
            return self.calls

    def start(self) -> None:
        """Listen, and serve from a thread; returns when requests are answered."""
        listener = _listen(self._host, self._port)
        self._port = listener.getsockname()[1]
        self._uvicorn = _Uvicorn(self.app)
        self._thread = threading.Thread(target=self._uvicorn.run_on, args=(listener,), name="basix-mock", daemon=True)
        self._thread.start()
        if not self._uvicorn.is_serving.wait(_START_S):
            listener.close()
            raise HarnessError("the mock PBX did not start")

    def stop(self) -> None:
        """Stop serving; calls and callbacks under way are broken off, and the thread has ended."""
        if self._uvicorn is not None and self._thread is not None:
            self._uvicorn.stop_soon()
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def serve_forever(
    source: Profile | Directory,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    **options: Unpack[MockOptions],
) -> None:
    """Serve in the foreground until Ctrl-C or SIGTERM, then return; nothing is printed.

    The events `listening` (with `base_url`) and `stopped` frame all others. Raises UsageError when the port
    is taken.
    """
    app = PbxApp(source, **options)
    listener = _listen(host, port)
    origin = _origin(host, listener.getsockname()[1])
    server = _Uvicorn(app)
    server.on_serving = lambda: app.state.log(
        "listening",
        base_url=origin + shipped_words().base_path,
        admin_url=f"{origin}/_mock",
        seed=app.seed,
    )
    server.run_on(listener, signals=(signal.SIGINT, signal.SIGTERM))
    app.state.log("stopped")


class _Protocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it; the application can reach the socket, and no screen is written to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _LOG

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn itself
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Uvicorn(uvicorn.Server):
    """A uvicorn that starts and stops by events: its own loop looks every tenth of a second."""

    def __init__(self, app: PbxApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Protocol,
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=_KEEP_ALIVE_S,
            )
        )
        self.is_serving = threading.Event()
        self.on_serving: Callable[[], None] = lambda: None
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def run_on(self, listener: socket.socket, signals: tuple[signal.Signals, ...] = ()) -> None:
        """Serve this socket until told to stop, in an event loop of its own."""
        with asyncio.Runner() as runner:
            runner.run(self._serve_on(listener, signals))

    def stop_soon(self) -> None:
        """Tell the server to stop, from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    async def _serve_on(self, listener: socket.socket, signals: tuple[signal.Signals, ...]) -> None:
        self._loop = asyncio.get_running_loop()
        for number in signals:
            self._loop.add_signal_handler(number, self._stop.set)
        await self._serve([listener])

    async def main_loop(self) -> None:
        """Serve until told to stop; once a second the Date field is renewed."""
        await self.on_tick(0)
        self.on_serving()
        self.is_serving.set()
        while not self._stop.is_set():
            try:
                async with asyncio.timeout(1):
                    await self._stop.wait()
            except TimeoutError:
                await self.on_tick(0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, break off the calls, let replies under way finish for a moment, and close."""
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        await self._app.aclose()
        for connection in tuple(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_STOP_GRACE_S)
        for task in tuple(self.server_state.tasks):
            task.cancel()
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)


def _listen(host: str, port: int) -> socket.socket:
    """Listen on a socket that says it is TCP: asyncio turns Nagle's delay (40 ms a reply) off for such only."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"cannot listen on {host} port {port}: {error.strerror}", fix="choose another port, or 0 for any"
        ) from None
    listener.listen(_BACKLOG)
    return listener


def _origin(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
