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
    from collections.abc import Callable, Iterable

    from basix_contract.profile._allowed import Allowed
    from basix_contract.profile._receiver_urls import ReceiverUrls

    Takes = Callable[[str], object]

_MOST_NAMES = 64
# A backslash counts as punctuation only before a quote, a slash only where XML or a comment has it.
_MARK = r"[\s\"'{}\[\]:=,&<>;\0]++|\\++(?=\")|(?<=<)[?/]|[?/](?=>)|//(?=\s)"
_END = rf"(?={_MARK}|$)"
# The kit's own words for bodies that say nothing; a number only once, so that no two can be read as one.
_IDLE = re.compile(rf"(?:{_MARK}|(?:call_user|call|more|xml|version|null|true|false|NaN|Infinity|a){_END})++")
_NUMERAL = re.compile(rf"(?:1\.0|42|1){_END}")
_NAME = re.compile(rf"[a-z_]++{_END}")
# What may stand behind a name: a text between two like quotes, a bare word, a form's value, the text of an element.
_QUOTED = re.compile(r"\\*[\"']?\s*[:=]\s*(?P<quote>\\*[\"'])(?P<value>.*?)(?P=quote)")
_BARE = re.compile(r"\\*[\"']?\s*:\s*(?P<value>[^\s,{}\[\]\"'&<>]+)(?=\s*(?:[,}\]]|$))")
_FORM = re.compile(r"=(?P<value>[^&\"'\s]*)(?=&|$)")
_ELEMENT = re.compile(r">(?P<value>[^<]*)(?=<)")
# Or no value at all: the next name, the end, an element's end, and behind `destination` an object.
_NO_VALUE = re.compile(r"\\*[\"']?\s*(?:>|:?\s*(?:\\*[\"'])?)(?=[a-z_]|$)")
_OBJECT = re.compile(r"\\*[\"']?\s*:\s*\{\s*(?:\\*[\"'])?(?=[a-z_]|$)")
_VOID = " \t\r\n\0"
_NOTHING = frozenset({"null", "true", "false"})
_SWITCH = "auto_answer"
_SECONDS = re.compile(r"-?(?:[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+|NaN|Infinity)")
_SHOWN = re.compile(r"[A-Za-z \x80-\xff]++")


class Fragments:
    """Recognises bodies made of nothing but parameters of the document with values of one profile."""

    def __init__(self, allowed: Allowed, urls: ReceiverUrls) -> None:
        self._people = {name: _spellings(column.texts) for name, column in allowed.people.items()}
        places = _spellings(text for text in allowed.destinations.texts if not dials_forbidden_number(text))
        callers = _spellings(text for text in allowed.calling_numbers.texts if not dials_forbidden_number(text))
        self._takes: dict[str, Takes] = {
            "destination": places.__contains__,
            "called_number": places.__contains__,
            "calling_number": callers.__contains__,
            "callback_url": urls.is_ours,
            _SWITCH: ("0", "false", "null").__contains__,
            "answer_timeout": _SECONDS.fullmatch,
            "calling_name": _SHOWN.fullmatch,
        }
        for name, column in allowed.selectors.items():
            texts = [text for text in column.texts if name.endswith("_id") or not is_emergency_number(text)]
            self._takes[name] = _spellings(texts).__contains__

    def calls(self, raw: bytes) -> int | None:
        """Return how many calls such a body, or a query, may place; None when there is more in it than may leave."""
        text = raw.decode("latin-1")
        named: Counter[str] = Counter()
        at, name, numerals, names = 0, "", 0, 0
        while at < len(text):
            if name and (found := _value_at(text, at)):
                if not self._may_stand(found, name):
                    return None
                named[name] += found["value"] in self._people.get(name, ())
                at, name = found.end(), ""
            elif name:
                found = _NO_VALUE.match(text, at) or (_OBJECT.match(text, at) if name == "destination" else None)
                if not found or not self._goes_on(text, found.end()):
                    return None
                at, name = found.end(), ""
            elif found := _IDLE.match(text, at):
                at = found.end()
            elif (found := _NAME.match(text, at)) and found.group() in self._takes:
                at, name, names = found.end(), found.group(), names + 1
            elif found := _NUMERAL.match(text, at):
                at, numerals = found.end(), numerals + 1
            else:
                return None
            if names > _MOST_NAMES or numerals > 1:
                return None
        return max(named.values(), default=0)

    def _goes_on(self, text: str, at: int) -> bool:
        """Tell whether a text is over, or goes on with a name."""
        found = _NAME.match(text, at)
        return at == len(text) or (found is not None and found.group() in self._takes)

    def _may_stand(self, found: re.Match[str], name: str) -> bool:
        """Tell whether the value behind a name is void, or one that the name may have; a text "false" is often true."""
        value = found["value"]
        if not value.strip(_VOID):
            return True
        if name == _SWITCH and found.re is not _BARE:
            return False
        return (found.re is _BARE and value in _NOTHING and name != _SWITCH) or bool(self._takes[name](value))


def _value_at(text: str, at: int) -> re.Match[str] | None:
    return next((found for form in (_QUOTED, _BARE, _FORM, _ELEMENT) if (found := form.match(text, at))), None)


def _spellings(texts: Iterable[str]) -> frozenset[str]:
    """Return texts as bodies carry them: plain, escaped for JSON, encoded for a form."""
    found: set[str] = set()
    for text in texts:
        found |= {text.encode("utf-8", "surrogatepass").decode("latin-1"), json.dumps(text)[1:-1]}
        found |= {quote(text, safe="", errors="replace"), quote_plus(text, errors="replace")}
    return frozenset(found)
