"""When two spellings are one telephone number, and which numbers nobody may dial from here."""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-‐-―−().·/]+")
_DIALLABLE = re.compile(r"\+?[0-9*#]+")
_INTERNATIONAL = (("+81", "0"), ("01081", "0"), ("0081", "0"), ("+", "00"))

# Emergency and special services of Japan (110 police, 118 coast guard, 119 fire; the whole 1XY range is
# reserved for services) and the emergency numbers that telephones elsewhere dial without any prefix.
_ELSEWHERE = frozenset({"911", "112", "999", "000", "08", "111", "995", "997", "100", "101", "102", "103", "108"})
_SERVICE_RANGE = re.compile(r"1[0-9]{2}")
_SERVICE_PREFIXES = ("0570", "0990", "0180", "0910")
# What may stand before a number: an outside line, or the caller-id prefixes 184 and 186.
_DIAL_PREFIXES = ("", "0", "9", "00", "8", "184", "186", "0184", "0186", "9184", "9186")


def normal_form(value: object) -> str:
    """Return the one spelling under which equal values meet: digits for numbers, the text itself for others.

    Separators, full-width digits and the Japanese country code make no difference; case does.
    """
    text = unicodedata.normalize("NFKC", str(value))
    digits = _SEPARATORS.sub("", text)
    if not _DIALLABLE.fullmatch(digits):
        return str(value)
    for prefix, national in _INTERNATIONAL:
        if digits.startswith(prefix):
            rest = digits[len(prefix) :]
            return national + (rest.removeprefix("0") if national == "0" else rest)
    return digits


def is_forbidden_number(value: object) -> bool:
    """Tell whether a value, however spelt or prefixed, is an emergency or special-service number."""
    digits = re.sub(r"[*#+]", "", normal_form(value))
    if not digits.isdigit():
        return False
    bare = {digits[len(prefix) :] for prefix in _DIAL_PREFIXES if digits.startswith(prefix)}
    if any(number in _ELSEWHERE or _SERVICE_RANGE.fullmatch(number) for number in bare):
        return True
    return any(number.startswith(_SERVICE_PREFIXES) for number in bare)


_SHORTEST_NUMBER = 3


def looks_diallable(value: object) -> bool:
    """Tell whether a telephone system could dial this value: three digits or more and nothing else of note."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", str(value)))
    return bool(_DIALLABLE.fullmatch(digits)) and sum(letter.isdigit() for letter in digits) >= _SHORTEST_NUMBER
