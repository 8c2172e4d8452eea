"""Texts that only people read, and members the document does not know: what in them a machine could act upon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from basix_contract.profile._numbers import is_forbidden_number, looks_diallable, plain_digits
from basix_contract.profile._reading import Members, is_void, plain_name, scalars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile._allowed import Column

_LONGEST_TEXT = 10_000  # beyond that a text passes only if it is letters all through
_ADDRESS = re.compile(
    r"//|\\\\|www\.|@[a-z0-9]|(?:tel|sips?|callto|mailto|javascript|data|file|ftp|https?|urn)\s{0,9}:", re.IGNORECASE
)
# Where a text is put into a dial string, a header or a page, these end it, and what follows could be dialled.
_BREAKOUT = re.compile(r"[{}\[\]<>|^;&\r\n]")
_SOME_DIGITS = re.compile(r"[0-9](?:[ ().\-]{0,2}[0-9]){2}")
_LONG_NUMBER = re.compile(r"[+0-9](?:[ ().\-]{0,2}[0-9]){6,}")
_PICTURE = re.compile(r"https?://(?:[a-z0-9-]+\.){1,4}example/[A-Za-z0-9_./-]*|[A-Za-z0-9_-]{1,40}\.(?:png|jpe?g|gif)")
_ID = re.compile(r"[A-Za-z-]{0,40}|[0-9]{1,8}")

_WORD = re.compile(r"[A-Za-z_ .\-]{0,64}|[0-9]{1,2}")
_NAME = re.compile(r"[A-Za-z0-9_ .\[\]\-]{0,40}")
_LARGEST_HARMLESS = 99
# Names under which another telephone system takes a person, a place to call or an address.
_SPEAKING = re.compile(
    r"namename|user|group|agent|member|queue|owner|login|dest|call|dial|phone|number|sip|extension|endpoint|target|address|"
    r"url|uri|link|hook|answer|host|param|arg|method|action|command|"
    r"^(?:to|from|ext|tel|did|cid|ani|dnis|who|id|name|label|e?mail|leg|[ab]leg|src|dst|cmd|eval|exec)$"
)
PARAMETERS = (
    *(f"user{word}" for word in ("id", "name", "label", "extension", "did", "email")),
    *(f"group{word}" for word in ("id", "name", "label", "extension", "did", "resolver")),
    "namename", "destination", "callednumber", "callingnumber", "callingname", "callbackurl", "answertimeout",
    "autoanswer", "enduser",
)  # fmt: skip
"""Every documented parameter's name as `plain_name` leaves it, and the one the document prints by mistake."""


def doubts_about_text(text: str, numbers: tuple[Column, ...]) -> Iterator[str]:
    """Yield the rules that a text for people breaks; a number in it must be one of `numbers`."""
    if len(text) > _LONGEST_TEXT:
        if not (text.isascii() and text.isalpha()) or names_parameter(text):
            yield "free-text"
        return
    text = plain_digits(text)
    if is_forbidden_number(text):
        yield "emergency"
    elif looks_diallable(text):
        if not any(text in column for column in numbers):
            yield "free-text"
    elif _ADDRESS.search(text) or _breaks_out(text) or _has_long_number(text, numbers) or names_parameter(text):
        yield "free-text"


def doubts_about_texts(value: Any, numbers: tuple[Column, ...]) -> Iterator[str]:
    """Yield the same for every text and number inside a value."""
    for part in scalars(value):
        yield from doubts_about_text(str(part), numbers)


def names_parameter(text: str) -> bool:
    """Tell whether a documented parameter's name stands in a text, in whatever spelling."""
    plain = plain_name(text)
    return any(name in plain for name in PARAMETERS)


def doubts_about_end_user(value: Any, numbers: tuple[Column, ...]) -> Iterator[str]:
    """Yield the rules that an end_user breaks: texts for people, a picture, an id of at most eight digits."""
    if not isinstance(value, Members):
        yield from doubts_about_texts(value, numbers)
        return
    for name, part in value:
        plain = plain_name(name)
        if plain == "avatar":
            yield from ("avatar" for text in scalars(part) if not is_safe_picture(str(text)))
        elif plain == "id":
            yield from ("free-text" for text in scalars(part) if not _is_safe_id(str(text)))
        elif plain in ("name", "organization", "prefecture"):
            yield from doubts_about_texts(part, numbers)
        else:
            yield from doubts_about_unknown(name, part)


def is_safe_picture(text: str) -> bool:
    """Tell whether fetching a picture reaches nobody: a reserved host, or a bare file name."""
    return bool(_PICTURE.fullmatch(text))


def doubts_about_unknown(name: str, value: Any) -> Iterator[str]:
    """Yield a rule when a member unknown to the document is more than harmless: words and small numbers are not.

    Under a name that another telephone system would act upon, only what is void is harmless.
    """
    waiting: list[tuple[str, Any]] = [(name, value)]
    while waiting:
        own, part = waiting.pop()
        plain = plain_name(own)
        is_word = _NAME.fullmatch(own) and not (plain.isdigit() and looks_diallable(own))
        if not is_word or (_SPEAKING.search(plain) and (names_parameter(plain) or not is_void(part))):
            yield "unknown-member"
        elif isinstance(part, list):
            waiting.extend(part if isinstance(part, Members) else ((own, piece) for piece in part))
        elif not (is_void(part) or _is_harmless(part)):
            yield "unknown-member"


def _is_safe_id(text: str) -> bool:
    return bool(_ID.fullmatch(text)) and not is_forbidden_number(text)


def _is_harmless(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_WORD.fullmatch(value)) and not names_parameter(value) and "www." not in value.lower()
    return isinstance(value, int) and abs(value) <= _LARGEST_HARMLESS


def _breaks_out(text: str) -> bool:
    found = _BREAKOUT.search(text)
    return found is not None and bool(_SOME_DIGITS.search(text, found.end()))


def _has_long_number(text: str, numbers: tuple[Column, ...]) -> bool:
    return any(
        not any(run in column for column in numbers) for run in (found.group() for found in _LONG_NUMBER.finditer(text))
    )
