"""A picture of a page as a small PNG: 256 of its colours, every hue among them, and for other pixels the nearest."""

from __future__ import annotations

import struct
import zlib
from collections import Counter

MOST_COLOURS = 256
Colour = tuple[int, int, int]


def paletted(pixels: bytes, width: int) -> bytes:
    """Return the PNG of these pixels, which are red, green, blue and opacity, row by row."""
    colours = list(zip(pixels[0::4], pixels[1::4], pixels[2::4], strict=True))
    palette = _palette([colour for colour, _ in Counter(colours).most_common()])
    place = {colour: _nearest(colour, palette) for colour in set(colours)}
    marks = bytes(map(place.__getitem__, colours))
    # Each row is preceded by its filter, which is none: a palette has no gradients to tell from.
    rows = b"".join(b"\0" + marks[start : start + width] for start in range(0, len(marks), width))
    header = struct.pack(">IIBBBBB", width, len(marks) // width, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", b"".join(map(bytes, palette))), (b"IDAT", zlib.compress(rows, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in (*parts, (b"IEND", b"")))


def _palette(commonest: list[Colour]) -> list[Colour]:
    """Return the commonest colour of each kind, so that a rare red stays red, and then the commonest of all."""
    kinds = {tuple(part // 16 for part in colour): colour for colour in reversed(commonest)}
    return list(dict.fromkeys((*kinds.values(), *commonest)))[:MOST_COLOURS]


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    def distance(at: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colour, palette[at], strict=True))

    return min(range(len(palette)), key=distance)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
