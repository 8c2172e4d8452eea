"""Texts that reach where telephony code breaks, and the alphabets random ones are made of.

Three kinds: those a profile's bodies may carry to any target (no digits in a row, no address, no parameter's name),
those for a target where anything may be made up, and those whose acceptance is open.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable

PLAIN = (
    "Olive",
    "Thomas Jenkins",
    "J",
    "O'Brien-Smith, Jr.",
    "R&D (north) + sales",
    "50% off!",
    "null",
    "undefined",
    "true",
    "None",
    "NaN",
    "a*b|c~d^e",
    'he said "hi"',
    "back\\slash",
    "semi;colon: yes?",
    "<b>bold</b>",
    "$(x) `x` ${x} #{x} %s %n",
    "' OR ''='",
    "00",
    "--",
    "[]",
    "{}",
)
"""Printable ASCII."""

FOREIGN = (
    "山田 太郎",
    "株式会社テスト・営業部",
    "ｶﾀｶﾅ",
    "Zoë Ångström-O’Neill",
    "Zoe\u0308 A\u030angstro\u0308m",
    "Čapek & søn",
    "İstanbul ıssız",
    "Straße ſ ﬁ",
    "Ω≈ç√",
    "Ελλάδα",
    "Доменна",
    "שלום עולם",
    "مرحبا",
    "กำลัง",
    "मनीष",
    "한국어",
    "😀",
    "👩\u200d👩\u200d👧 family",
    "🇯🇵 𝐛𝐨𝐥𝐝",
    "no\u00a0break soft\u00adhyphen zero\u200bwidth",
    "“quotes” — dash… ‰",
    "𠮷野家",
    "café\u3000au lait",
)
"""Other scripts, composed and decomposed, to the right and to the left, beyond the basic plane."""

NUMERIC = (
    "0",
    "007",
    "0000000000",
    "0312341234",
    "+81 3-1234-1234",
    "１２３４",
    "٠١٢٣",
    "*67#",
    "1e3",
    "0x1F",
    "-1",
    "1.50",
    "99999999999999999999",
)
"""What could be taken for a number."""

HOSTILE = (
    "user@host.example",
    "sip:1001@acme.example;user=phone",
    "sofia/gateway/x/1001",
    "${destination_number}",
    "&playback(x)",
    "{originate_timeout=1}",
    "[leg_timeout=1]",
    "^^:a=b:c=d",
    "a,b={c}d|e*f%20g+h",
    "%00%0d%0a",
    "C:\\\\share",
    "https://a.example/?x=1&y=2#z",
    '{"a": 1}',
    '","x":"',
    "'; DROP TABLE users; --",
    "</script><script>",
)
"""What other programs act upon."""

UNPRINTABLE = (
    " padded ",
    "\ttab",
    "line\nfeed",
    "carriage\r\nreturn",
    "nul\0byte",
    "bell\x07 escape\x1b[0m",
    "\ufeffmark",
    "non\uffffcharacter",
    "next\u0085line para\u2029graph",
    "\u202eright to left override",
)
"""Blanks at the ends, control characters, and what no display can show."""

LONGEST = 64
"""The longest text that must be taken; this kit's own bound, the document gives none (A33, A38)."""

LENGTHS = (63, 64)
BEYOND = (65, 128, 255, 256, 1024, 4097)

PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "
# No digit, and nothing that makes an address or a path: a random text must not come out as something to call.
_HARMLESS = string.ascii_letters + " ,.-'\"&!?()+=*%{}[]_~"
_SCRIPTS = "äëïöüßøçñĆžğİıΩπДжшабשלאمرحกำมน日本語営業第一ユーザ・한국𠮷😀👍🏻\u0301\u200d\u00a0—“”"

_SQUEEZED = re.compile(r"[\W_]+")


def alphabet(*, is_free: bool, is_ascii: bool = False) -> str:
    """Return the characters of random texts: all of ASCII that prints and, unless it must be ASCII, other scripts."""
    letters = PRINTABLE if is_free else _HARMLESS
    return letters if is_ascii else letters + _SCRIPTS


def look_alikes(names: Iterable[str]) -> tuple[str, ...]:
    """Return texts that hold the names of parameters, as a careless parser might trip over them."""
    listed = tuple(names)
    return (*listed, *(f'"{name}": "x"' for name in listed[:3]), *(f"{name}=x" for name in listed[-3:]))


def names_one_of(text: str, names: Iterable[str]) -> bool:
    """Tell whether a parameter's name stands in a text, in whatever spelling."""
    squeezed = _squeezed(text)
    return any(_squeezed(name) in squeezed for name in names)


def is_showable(text: str) -> bool:
    """Tell whether every display could show a text: no blank at its ends, nothing in it that is no character."""
    unseen = {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}
    return bool(text) and text.strip() == text and not any(unicodedata.category(letter) in unseen for letter in text)


def stretched(text: str, length: int) -> str:
    """Return a text of that many characters, made of another's."""
    return (text * (length // len(text) + 1))[:length]


def _squeezed(text: str) -> str:
    return _SQUEEZED.sub("", text).lower()
