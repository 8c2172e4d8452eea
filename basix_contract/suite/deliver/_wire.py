"""From a step to the bytes of its request, cut into the pieces in which they leave."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from basix_contract.profile import RawRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.messages import Headers
    from basix_contract.suite.deliver._scenario import Pace, Step

Pieces = tuple[tuple[float, bytes], ...]


def raw_request(step: Step, url: str) -> RawRequest:
    """Return a step as it goes over the wire to this URL, whose path and query stay byte for byte."""
    head, body = _head(step, url), _framed(step)
    if step.hang_up is not None:
        message = head + body
        pieces: Pieces = ((0.0, message[: round(len(message) * step.hang_up.part)]),)
        return RawRequest(url=url, method=step.method, pieces=pieces, ending=step.hang_up.how)
    pieces = ((0.0, head + body),) if step.pace is None else tuple(_paced(step.pace, head, body))
    return RawRequest(url=url, method=step.method, pieces=pieces, connection=step.connection)


def header_fields(step: Step, url: str) -> Headers:
    """Return the fields of a step's head, with what stands for its host and length put in."""
    parted = (line.partition(":") for line in _lines(step, url))
    return tuple((name, value.strip()) for name, _, value in parted)


def _head(step: Step, url: str) -> bytes:
    target = _target(url)
    lines = (f"{step.method} {target} HTTP/1.1", *_lines(step, url), "", "")
    return "\r\n".join(lines).encode("latin-1")


def _lines(step: Step, url: str) -> tuple[str, ...]:
    host, length = urlsplit(url).netloc, str(len(step.body))
    return tuple(line.replace("{host}", host).replace("{length}", length) for line in step.fields)


def _target(url: str) -> str:
    """Return path and query as they stand; a fragment is never sent."""
    rest = url.partition("://")[2].partition("#")[0]
    end = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    return rest[end:] if rest[end:].startswith("/") else f"/{rest[end:]}"


def _framed(step: Step) -> bytes:
    if not step.chunk_bytes:
        return step.body
    return b"".join((*(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in _chunks(step)), b"0\r\n\r\n"))


def _chunks(step: Step) -> Iterator[bytes]:
    return (step.body[at : at + step.chunk_bytes] for at in range(0, len(step.body), step.chunk_bytes))


def _paced(pace: Pace, head: bytes, body: bytes) -> Iterator[tuple[float, bytes]]:
    if not pace.is_whole:
        yield 0.0, head
    slow = head + body if pace.is_whole else body
    cuts = [round(len(slow) * number / pace.pieces) for number in range(pace.pieces + 1)]
    for begin, end in itertools.pairwise(cuts):
        yield pace.over_s / pace.pieces, slow[begin:end]
