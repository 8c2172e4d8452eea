"""The PBX that a client calls: a raw HTTP server that sends what a reply declares, to the byte.

It listens on two hosts of this machine, so that it can be seen whether anything is carried from one to the other.
What a request means and what it is answered is the desk's affair.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import TYPE_CHECKING, Protocol

from basix_contract.errors import UsageError
from basix_contract.suite.answer._reading import read_request

if TYPE_CHECKING:
    from basix_contract.suite.answer._cases import ReplyScript
    from basix_contract.suite.answer._reading import Received

_HOST, _OTHER_HOST = "127.0.0.1", "localhost"
_OTHER_ADDRESSES = ("127.0.0.1", "::1")
_MOST_CONNECTIONS = 512
_NO_LINGER = struct.pack("ii", 1, 0)


class Desk(Protocol):
    """Takes requests and says what each is answered."""

    def take(self, received: Received, *, is_elsewhere: bool) -> tuple[str, ReplyScript]:
        """Note a request; return its id and the reply to it."""
        ...

    def note_reply(self, request_id: str, *, is_whole: bool) -> None:
        """Note that a reply was sent, wholly or as far as the client let it."""
        ...


class Pbx:
    """Listens in the loop that started it; `home` and `elsewhere` are then its two origins."""

    def __init__(self, desk: Desk, listen: str = f"{_HOST}:0") -> None:
        self._desk = desk
        self._listen = listen
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()
        self.home = ""
        self.elsewhere = ""

    async def start(self) -> None:
        """Listen on both hosts; raises UsageError when the address cannot be listened on."""
        host, _, port = self._listen.rpartition(":")
        try:
            home = await asyncio.start_server(self._at_home, host.strip("[]") or _HOST, int(port), limit=2**17)
        except (OSError, ValueError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "it is no host:port"
            raise UsageError(f"cannot listen on {self._listen!r}: {reason}", fix="give a free host:port") from None
        self._servers.append(home)
        self.home = f"http://{host or _HOST}:{_port(home)}"
        await self._listen_elsewhere()

    async def _listen_elsewhere(self) -> None:
        """Listen as `localhost` on every address that this name may stand for."""
        port = 0
        for address in _OTHER_ADDRESSES:
            try:
                server = await asyncio.start_server(self._elsewhere, address, port, limit=2**17)
            except OSError:
                continue  # a machine without IPv6, or the port is taken there
            self._servers.append(server)
            port = _port(server)
        self.elsewhere = f"http://{_OTHER_HOST}:{port}"

    async def stop(self) -> None:
        """Stop listening, and let go of every connection."""
        for server in self._servers:
            server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _at_home(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(reader, writer, is_elsewhere=False)

    async def _elsewhere(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(reader, writer, is_elsewhere=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_elsewhere: bool) -> None:
        task = asyncio.current_task()
        if task is None or len(self._open) >= _MOST_CONNECTIONS:
            writer.close()
            return
        self._open.add(task)
        try:
            while (received := await read_request(reader, writer)) is not None:
                request_id, script = self._desk.take(received, is_elsewhere=is_elsewhere)
                if not await self._answer(request_id, script, reader, writer) or not received.keeps_open:
                    break
        except ConnectionError:
            return
        except asyncio.CancelledError:
            return  # the run is over; nobody waits for this connection
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(
        self, request_id: str, script: ReplyScript, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Send a reply as it is declared; return whether the connection is good for another request."""
        try:
            await _play(script, reader, writer)
        except ConnectionError:
            self._desk.note_reply(request_id, is_whole=False)
            return False
        if script.acts:
            self._desk.note_reply(request_id, is_whole=True)
        if script.ending == "hold":
            await reader.read(1)
        if script.ending == "reset":
            _reset(writer)
        return script.ending == "keep"


async def _play(script: ReplyScript, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a reply; raises ConnectionError when the client has left meanwhile.

    A pause that took longer than it should is made up for by the next: a busy machine is not the client's fault.
    """
    clock = asyncio.get_running_loop().time
    due_s = clock()
    for act in script.acts:
        if reader.at_eof():
            raise ConnectionResetError
        if isinstance(act, bytes):
            writer.write(act)
            await writer.drain()
        else:
            due_s += act
            await asyncio.sleep(max(due_s - clock(), 0.0))


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the client is told of an error, not of an end."""
    connection = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    writer.transport.abort()


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])
