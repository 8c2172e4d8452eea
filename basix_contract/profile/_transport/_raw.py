"""The way out for bytes that no HTTP library would send: as they are given, piece by piece, to one origin only."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from basix_contract.errors import GateRefusal
from basix_contract.messages import Response, field_value
from basix_contract.profile._envelope import origin_of
from basix_contract.profile._hosts import is_loopback
from basix_contract.profile._transport._reading import MOST_HEAD_BYTES, BadReplyError, read_reply
from basix_contract.profile._transport._sending import Silence
from basix_contract.profile._transport._tls import trust

if TYPE_CHECKING:
    from typing import TypeAlias

    Line: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]

Ending = Literal["reply", "close", "reset"]
Connection = Literal["own", "keep", "reuse"]

_LINGER_NONE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRequest:
    """What goes over one connection: pieces, each with the seconds to wait before it.

    `ending` says what follows them: waiting for the reply, hanging up, or resetting the connection. `connection` says
    whether the connection is left open for another request, or one that was is used, as long as it lasts.
    """

    url: str
    method: str
    pieces: tuple[tuple[float, bytes], ...]
    ending: Ending = "reply"
    connection: Connection = "own"

    @property
    def lasts_s(self) -> float:
        """How long sending takes."""
        return sum(pause_s for pause_s, _ in self.pieces)


class RawSender:
    """Sends to the origin of one URL; every request has a connection of its own unless it says otherwise.

    It is sent once; only one that got no reply over a connection that was left open before is sent anew: that was gone,
    or what was left of the reply before stood in it. `let_go` closes what is still open.

    Raises GateRefusal when that is another machine than this one, unless `allows_remote`.
    """

    def __init__(self, url: str, *, allows_remote: bool = False, ca_file: str = "") -> None:
        self._origin = origin_of(url)
        scheme, host, _ = self._origin
        if not (allows_remote or is_loopback(host)):
            raise GateRefusal(
                "loopback", f"{host!r} is not this machine", fix="use a URL on 127.0.0.1, [::1] or localhost"
            )
        self._tls = trust(ca_file, is_needed=True, where="--ca-file") if scheme == "https" else None
        self._left_open: Line | None = None

    def let_go(self) -> None:
        """Close the connection that a request left open."""
        if self._left_open is not None:
            self._left_open[1].transport.abort()
        self._left_open = None

    async def send(self, request: RawRequest, *, timeout_s: float) -> Response | Silence:
        """Return the reply that came within `timeout_s` after the last piece, or why there is none.

        A request that ends in hanging up has none. Raises GateRefusal for a URL of another origin.
        """
        if origin_of(request.url) != self._origin:
            raise GateRefusal("target", "the URL leads to another host, port or scheme than the one that was named")
        kept, self._left_open = self._left_open, None
        if kept is not None and request.connection == "reuse":
            outcome = await self._talk(request, kept, timeout_s)
            if isinstance(outcome, Response) or outcome.is_stall:
                return outcome
        elif kept is not None:
            kept[1].transport.abort()
        line = await self._open(timeout_s)
        return line if isinstance(line, Silence) else await self._talk(request, line, timeout_s)

    async def _open(self, timeout_s: float) -> Line | Silence:
        _, host, port = self._origin
        try:
            async with asyncio.timeout(timeout_s):
                return await asyncio.open_connection(host, port, ssl=self._tls, limit=MOST_HEAD_BYTES)
        except TimeoutError:
            return Silence("no connection in time", was_sent=False, is_stall=True)
        except ssl.SSLError as error:
            is_untrusted = isinstance(error, ssl.SSLCertVerificationError)
            return Silence("its certificate is not trusted" if is_untrusted else "it speaks no TLS", was_sent=False)
        except OSError:
            return Silence("no connection", was_sent=False)

    async def _talk(self, request: RawRequest, line: Line, timeout_s: float) -> Response | Silence:
        try:
            async with asyncio.timeout(timeout_s + request.lasts_s):
                outcome = await _exchange(request, *line)
        except TimeoutError:
            outcome = Silence(f"nothing within {timeout_s:g} s", was_sent=True, is_stall=True)
        except BaseException:
            line[1].transport.abort()
            raise
        if request.connection == "keep" and isinstance(outcome, Response) and not _says_close(outcome):
            self._left_open = line
        else:
            line[1].transport.abort()
        return outcome


def _says_close(reply: Response) -> bool:
    return "close" in (field_value(reply.headers, "Connection") or "").lower()


async def try_connection(url: str, *, ca_file: str = "", timeout_s: float) -> str:
    """Open a connection to the host of a URL and close it again; return what went wrong, nothing else is sent."""
    scheme, host, port = origin_of(url)
    try:
        tls = trust(ca_file, is_needed=True) if scheme == "https" else None
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(host, port, ssl=tls)
    except TimeoutError:
        return f"no connection within {timeout_s:g} s"
    except ssl.SSLCertVerificationError as error:
        return f"its certificate is not trusted: {error.verify_message}"
    except ssl.SSLError:
        return "it speaks no TLS"
    except OSError as error:
        return f"no connection: {error.strerror or type(error).__name__}"
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return ""


async def _exchange(
    request: RawRequest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Response | Silence:
    if request.ending != "reply":
        await _write(request, writer)
        await _hang_up(request.ending, writer)
        return Silence("we hung up", was_sent=True)
    writing = asyncio.create_task(_write(request, writer))
    try:
        return await read_reply(reader, request.method)
    except BadReplyError as error:
        return Silence(str(error), was_sent=True)
    except OSError:
        return Silence("the connection was reset", was_sent=True)
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)


async def _write(request: RawRequest, writer: asyncio.StreamWriter) -> None:
    """Write all pieces; who has closed the connection in between has perhaps answered, so that is no error."""
    with contextlib.suppress(OSError):
        for pause_s, piece in request.pieces:
            await asyncio.sleep(pause_s)
            writer.write(piece)
            await writer.drain()


async def _hang_up(ending: Ending, writer: asyncio.StreamWriter) -> None:
    carrier = writer.get_extra_info("socket")
    if ending == "reset" and carrier is not None:
        carrier.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
