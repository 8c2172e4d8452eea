"""When two spellings are one telephone number, and which numbers nobody may dial from here."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 64  # nothing longer is a telephone number, however it is spaced
_SHORTEST = 3
_INVISIBLE = dict.fromkeys(range(0x200B, 0x2010)) | dict.fromkeys((0x00AD, 0x2060, 0xFEFF))
_SEPARATORS = re.compile(r"[\s\-‐-―−().]+")
_DIALLABLE = re.compile(r"\+?[0-9*#]+")
_INTERNATIONAL = (("+81", "0"), ("01081", "0"), ("+", "010"))

# Emergency calls: Japan's police, coast guard and fire, and what telephones elsewhere dial for the same.
_EMERGENCY = "110|118|119|112|911|999|000|08|995|997"
# In Japan every number of the form 1XY is kept for services; charity lines, polls and premium rates have prefixes.
_SERVICE = r"1[0-9]{2}"
_COSTLY = "570|990|180|910|170"
# What may stand before a number, each at most once: an outside line, the caller-id codes, a carrier, the country.
_LINE, _CALLER_ID = "[089]", "(?:184|186|31|67|82|141)"
_CARRIER, _COUNTRY = "00[0-9]{2,3}", "(?:010|0+|011)?81"
_BEFORE = f"{_LINE}?{_CALLER_ID}?(?:{_CARRIER})?"
_DISTRESS_CALL = re.compile(
    rf"{_BEFORE}(?:{_COUNTRY})?0{{0,2}}(?:{_EMERGENCY})|(?:00|010|011)[0-9]{{1,3}}(?:{_EMERGENCY})"
)
_SERVICE_CALL = re.compile(
    rf"0?{_CALLER_ID}?(?:{_CARRIER})?(?:{_COUNTRY})?0{{0,2}}{_SERVICE}|{_BEFORE}(?:{_COUNTRY}0?|0)(?:{_COSTLY})[0-9]*"
)
# A whole number of the country: none of its digits is a prefix. 0570 and its like are as long, and stay forbidden.
_COMPLETE = re.compile(rf"0(?!{_COSTLY})(?:[1-9][0-9]{{8}}|[5-9]0[0-9]{{8}})")
# A network that listens while digits come in connects 110 at once, whatever else was meant to follow.
_OVERDIALLED = re.compile(r"(?:11[0289]|911)[0-9]{2,}")
_DISTRESS = re.compile(r"urn:service:|^\W*sos\W*(?:@|$)", re.IGNORECASE)
_RUNS = re.compile(r"[0-9*#+]+")


def normal_form(value: object) -> str:
    """Return the one spelling under which equal values meet: digits for numbers, the text itself for others.

    Separators, full-width digits and the Japanese country code make no difference; case does. A fraction is no
    number anybody has, so that 2001.0 is not 2001, and what is not seen between digits makes a number another text.
    """
    text = str(value)
    digits = _keys_of(unicodedata.normalize("NFKC", text)) if len(text) <= _LONGEST else ""
    return _national(digits) if digits and not isinstance(value, float | bool) else text


def looks_diallable(value: object) -> bool:
    """Tell whether a telephone system could dial this value: three digits or more and nothing else of note."""
    return sum(letter.isdigit() for letter in _dialled(str(value))) >= _SHORTEST


def is_emergency_number(value: object) -> bool:
    """Tell whether a value, however spelt or prefixed, is an emergency number."""
    return any(_DISTRESS_CALL.fullmatch(digits) for digits in _keys(value))


def is_forbidden_number(value: object) -> bool:
    """Tell whether a value, however spelt or prefixed, is an emergency or special-service number."""
    return is_emergency_number(value) or any(_SERVICE_CALL.fullmatch(digits) for digits in _keys(value))


def dials_forbidden_number(value: object) -> bool:
    """Tell whether a place to call could come out as such a number: as a whole, or any number within it.

    `tel:110`, `110@pbx`, `0,119` and `sos` count, and so does a number that only begins with one of them.
    """
    text = plain_digits(str(value)[: 16 * _LONGEST])
    if is_forbidden_number(text) or _DISTRESS.search(text):
        return True
    digits = _dialled(text)
    if digits:
        return bool(_OVERDIALLED.fullmatch(re.sub(r"[*#+]", "", digits)))
    return any(is_forbidden_number(run) for run in _RUNS.findall(text))


def plain_digits(text: str) -> str:
    """Return a text with the digits of every script as 0 to 9, compatible letters as plain ones, and nothing unseen."""
    if text.isascii():
        return text
    shown = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in shown)


def _keys(value: object) -> tuple[str, ...]:
    """Return the digits a value stands for, in the national form and as given; none for a complete national number."""
    given = _dialled(str(value))
    national = _national(given)
    if not given or (_COMPLETE.fullmatch(national) and "*" not in given):
        return ()
    return tuple(re.sub(r"[*#+]", "", digits) for digits in (national, given))


def _dialled(text: str) -> str:
    """Return the keys a text comes down to in any script; nothing when anything in it is no key and no separator."""
    return _keys_of(plain_digits(text)) if len(text) <= _LONGEST else ""


def _keys_of(text: str) -> str:
    keys = _SEPARATORS.sub("", text)
    return keys if _DIALLABLE.fullmatch(keys) else ""


def _national(digits: str) -> str:
    for prefix, national in _INTERNATIONAL:
        if digits.startswith(prefix):
            rest = digits[len(prefix) :]
            return national + (rest.removeprefix("0") if national == "0" else rest)
    return digits
