"""Bodies that are no JSON object: broken JSON, lists, forms, XML, bytes.

Nobody can say how a server reads these, so nothing in them is read: a body passes when it consists, from its first
byte to its last, of punctuation, a few idle words, and documented names each followed by at most one value that the
profile gives for that name, between quotes or where a form or XML would have it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from basix_contract.profile._numbers import dials_forbidden_number, is_emergency_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from basix_contract.profile._allowed import Allowed
    from basix_contract.profile._receiver_urls import ReceiverUrls

_MOST_NAMES = 64
# FE and FF stand for no letter in UTF-8, Shift_JIS and EUC-JP; a backslash only before a quote.
_MARK = r"[\s\"'{}\[\]:=,&<>;\0\xfe\xff]++|\\++(?=\")|(?<=<)[?/]|[?/](?=>)|//(?=\s)"
_END = rf"(?={_MARK}|$)"
_MARKS = re.compile(rf"(?:{_MARK})++")
# The kit's own words for bodies that say nothing; a number only once, so that no two can be read as one.
_IDLE = re.compile(rf"(?:{_MARK}|(?:call_user|call|more|xml|version|null|true|false|NaN|Infinity|a){_END})++")
_NUMERAL = re.compile(rf"(?:1\.0|42|1){_END}")
_NOTHING = "null|true|false"
_OTHER_VALUES = {
    "auto_answer": "null|false|0",
    "answer_timeout": r"-?(?:[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+|NaN|Infinity)",
    "calling_name": r"[A-Za-z \x80-\xff]++",
}
_URL, _ANY_URL = "callback_url", r"(?P<url>[^\s\"'<>&\\]++)"


class Fragments:
    """Recognises bodies made of nothing but parameters of the document with values of one profile."""

    def __init__(self, allowed: Allowed, urls: ReceiverUrls) -> None:
        self._urls = urls
        self._people = {name: _assignment(_any_of(column.texts)) for name, column in allowed.people.items()}
        values = {
            name: [text for text in column.texts if name.endswith("_id") or not is_emergency_number(text)]
            for name, column in allowed.selectors.items()
        }
        places = [text for text in allowed.destinations.texts if not dials_forbidden_number(text)]
        callers = [text for text in allowed.calling_numbers.texts if not dials_forbidden_number(text)]
        values |= {"destination": places, "called_number": places, "calling_number": callers}
        patterns = {name: f"{_any_of(texts)}|{_NOTHING}" for name, texts in values.items()} | _OTHER_VALUES
        self._values: Mapping[str, re.Pattern[str]] = {name: _assignment(each) for name, each in patterns.items()}
        self._values |= {_URL: re.compile("|".join(form.format(values=_ANY_URL) for form in _FORMS[:1]))}
        names = sorted(self._values, key=len, reverse=True)
        self._name = re.compile(rf"(?:{'|'.join(names)}){_END}")

    def calls(self, raw: bytes) -> int | None:
        """Return how many calls such a body, or a query, may place; None when there is more in it than may leave."""
        text = raw.decode("latin-1")
        named: Counter[str] = Counter()
        at, name, numerals, names = 0, "", 0, 0
        while at < len(text):
            if name and (end := self._end_of_value(name, text, at)):
                people = self._people.get(name)
                named[name] += people is not None and people.match(text, at) is not None
                at, name = end, ""
            elif found := (_MARKS if name else _IDLE).match(text, at):
                at = found.end()
            elif found := self._name.match(text, at):
                at, name, names = found.end(), found.group(), names + 1
            elif not name and (found := _NUMERAL.match(text, at)):
                at, numerals = found.end(), numerals + 1
            else:
                return None
            if names > _MOST_NAMES or numerals > 1:
                return None
        return max(named.values(), default=0)
