"""The most obliging server there could be, and what it would do to whom with a request it was sent.

Written from the other side than the gate: the gate asks what may leave, this asks what every careless way of reading
the bytes would make of them. It shares no code with the gate.
"""

from __future__ import annotations

import html
import itertools
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlsplit

from basix_contract.messages import Request
from tests.profile.universe import PLACE, World

Pair: TypeAlias = tuple[str, Any]

_SELECTORS = ("id", "name", "label", "extension", "did", "email")
_USER = {f"user{name}": name for name in _SELECTORS} | {"namename": "name"}
_GROUP = {f"group{name}": name for name in _SELECTORS[:5]}
# Members that another vendor's interface takes for a person or a number, wherever they stand.
_SYNONYMS = frozenset({
    "user", "username", "to", "from", "dest", "number", "phone", "tel", "extension", "ext", "callee", "caller", "agent",
    "group", "target", "who", "endpoint", "did",
})  # fmt: skip
# The longest first: group_name ends with what name_name begins with, and so on.
_PARAMETERS = (*_USER, *_GROUP, "destination", "callednumber", "callingnumber", "callbackurl")
_FIELDS = frozenset({
    "host", "accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "cache-control",
    "connection", "content-length", "content-type", "pragma", "user-agent", "x-requested-with",
})  # fmt: skip
_CODECS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "shift_jis")
_EMERGENCY = ("110", "118", "119", "112", "911", "999", "000", "171", "117", "104")
_SCHEMES = re.compile(r"^(?:[a-z]+:(?=/)|(?:https?|ftp|mailto|file|javascript|data|tel|sip):)", re.IGNORECASE)
_LONG = re.compile(r"\d(?:[ ().\-]{0,2}\d){6,}")
_LOOSE = re.compile(
    r"([A-Za-z][A-Za-z0-9_ .\[\]-]{1,40}?)[\"'\\]*\s*[:=>]+"
    r"(?:\s*[\[{]*(\\*[\"'])(?P<quoted>.*?)\2|(?<==)(?P<form>[^&\"'\n]+)|(?<=>)(?P<element>[^<]+)"
    r"|\s*[\[{]*(?P<bare>[^\"'\s,;&<>{}\[\]]+))",
    re.DOTALL,
)


def _spelt_emergencies() -> frozenset[str]:
    lines, codes, carriers, lands, zeros = (
        ("", "0", "8", "9"),
        ("", "184", "186"),
        ("", "0033"),
        ("", "0081", "01081"),
        ("", "0"),
    )
    found = set()
    for parts in itertools.product(lines, codes, carriers, lands, zeros, ("110", "118", "119", "112")):
        found.add("".join(parts))
    return frozenset(found | set(_EMERGENCY))


EMERGENCIES = _spelt_emergencies()


class Server:
    """A lenient PBX in front of one world's people; `leaks` says what a request would do outside its profile."""

    def __init__(self, world: World) -> None:
        profile = world.profile
        self.world = world
        self.longest_s = profile.live.longest_ring_s
        self.users = {name: self._known(profile.users, profile.absent.users, name) for name in _SELECTORS}
        self.groups = {name: self._known(profile.groups, profile.absent.groups, name) for name in _SELECTORS[:5]}
        self.places = _undecoded({row.value for row in profile.destinations})
        self.numbers = {digits_of(row.value) for row in profile.destinations if row.kind == "pstn"} - {""}
        self.callers = {row.calling_number for row in profile.destinations} - {""}
        self.callers |= {digits_of(number) for number in self.callers} - {""}

    @staticmethod
    def _known(rows: Any, absent: Any, name: str) -> set[str]:
        found = {str(getattr(row, name, "")) for row in rows} | {str(row[name]) for row in absent if name in row}
        found -= {"", "None"}
        numbers = {digits_of(value) for value in found} if name == "did" else set()
        return (_undecoded(found) | numbers) - {""}

    def rings(self, request: Request) -> bool:
        """Tell whether some reading of a request names a user who exists."""
        exist = {
            name: {str(getattr(user, name)) for user in self.world.profile.users} - {"", "None"} for name in _SELECTORS
        }
        return any(
            str(part) in exist[_USER[name]] or digits_of(part) in {digits_of(did) for did in exist["did"]} - {""}
            for pairs in readings(request)
            for name, value in pairs
            if name in _USER
            for part in _parts(value)
        )

    def leaks(self, url: str, request: Request) -> Iterator[str]:
        """Yield everything a request could do to whoever is not in the profile."""
        yield from self._outside(url, request)
        if self.world.is_remote and self.rings(request) and not self._ends_soon(request):
            yield "ringing"
        for pairs in readings(request):
            for name, value in pairs:
                yield from self._pair(name, value)
            yield from self._microphones(pairs)

    def _ends_soon(self, request: Request) -> bool:
        """Tell whether all that a request says of answer_timeout, once at least, is a short time."""
        text = (request.target + request.body.decode("latin-1")).replace("\0", "")
        said = re.findall(r"answer_timeout\W*([^\s,}\]&\"'<\\]*)", text)
        if _is_json(request.body.decode("utf-8", "replace")):
            said = [
                str(value) if type(value) is int else "x"
                for pairs in readings(request)
                for name, value in pairs
                if name == "answertimeout"
            ]
        return bool(said) and all(re.fullmatch(r"[1-9][0-9]?", one) and int(one) <= self.longest_s for one in said)

    # ── the envelope ──

    def _outside(self, url: str, request: Request) -> Iterator[str]:
        target = urlsplit(self.world.base_url)
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc, parts.path, parts.fragment) != (
            target.scheme,
            target.netloc,
            target.path + "/call_user",
            "",
        ):
            yield f"target: {url}"
        if request.method not in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            yield f"method: {request.method}"
        for name, value in request.headers:
            if name.lower() not in _FIELDS or (name.lower() == "host" and value != target.netloc):
                yield f"header: {name}"
            if name.lower() == "content-type" and re.search(r"charset=\W*+(?!utf-?8\b|us-ascii)", value, re.IGNORECASE):
                yield f"header: {value}"
        live = self.world.profile.live
        if self.world.is_remote and live.consent != target.hostname:
            yield "consent"
        if self.world.is_stopped:
            yield "stopped"
        if self.world.is_quiet:
            yield "quiet-hours"

    # ── members ──

    def _pair(self, name: str, value: Any) -> Iterator[str]:
        if name in _USER or name in _GROUP:
            yield from self._selector(name, value)
        elif name in ("destination", "callednumber"):
            yield from self._destination(value)
        elif name == "callingnumber":
            yield from (f"calling-number: {part}" for part in _parts(value) if not self._may_show(part))
        elif name == "callbackurl":
            yield from (f"callback: {part}" for part in _parts(value) if not _is_ours(part))
        elif name == "groupresolver":
            yield from (f"group: {part}" for part in _parts(value) if re.search(r"board|sales|support", str(part)))
        elif name == "avatar":
            yield from (f"avatar: {part}" for part in _parts(value) if _fetches(str(part)))
        elif name in _SYNONYMS:
            yield from (f"unknown-member: {part}" for part in _parts(value))
        elif name not in ("answertimeout", "id"):
            yield from self._text(value)

    def _selector(self, name: str, value: Any) -> Iterator[str]:
        if isinstance(value, Object) and value:
            yield f"people: a query under {name}"
            return
        column = self.users[_USER[name]] if name in _USER else self.groups[_GROUP[name]]
        for part in _parts(value):
            text = str(part)
            if digits_of(text) in _EMERGENCY[:4] and name not in ("userid", "groupid"):
                yield f"emergency: {name}={text}"
            if text not in column and not (name.endswith("did") and digits_of(text) in column):
                yield f"{'people' if name in _USER else 'group'}: {name}={text}"
            if isinstance(part, float):
                yield f"people: {name}={text}"

    def _destination(self, value: Any) -> Iterator[str]:
        if isinstance(value, Object):
            return  # its members come as pairs of their own
        for part in _parts(value):
            text = str(part)
            inline = re.fullmatch(r"\{([^{}]*)\}(.*)", text, re.DOTALL)
            bare = inline[2] if inline and text not in self.places else text
            if _dials_emergency(bare):
                yield f"emergency: {text}"
            if bare.strip() not in self.places and digits_of(bare) not in self.numbers:
                yield f"destination: {text}"
            if inline:
                yield from self._inline(inline[1])
            rows = [row for row in self.world.profile.destinations if bare == row.value or _same(bare, row.value)]
            if self.world.is_remote and not self.world.profile.live.attended and rows:
                yield from () if any(row.ends_by_itself for row in rows) else (f"endless: {text}",)

    def _inline(self, text: str) -> Iterator[str]:
        for pair in re.split(r"[,;|^]", text):
            key, _, part = pair.partition("=")
            if _plain(key) == "callingnumber" and not self._may_show(part):
                yield f"calling-number: {part}"
            if _plain(key) == "avatar" and _fetches(part):
                yield f"avatar: {part}"

    def _may_show(self, part: Any) -> bool:
        text = str(part)
        return (text in self.callers or digits_of(text) in self.callers) and not _dials_emergency(text)

    def _text(self, value: Any) -> Iterator[str]:
        """A text for people: no number to call that the profile does not hold, nothing to fetch, nobody to write to."""
        for part in _parts(value):
            text = unicodedata.normalize("NFKC", str(part))
            if text in self.users["email"] or text in self.places:
                continue
            for run in _LONG.findall(text):
                if digits_of(run) not in self.numbers | self.callers and run not in self.places | self.callers:
                    yield f"free-text: {run}"
            if re.search(r"(?:://|tel:|sip:)\s*\w|\w@\w", text):
                yield f"free-text: {text}"

    def _microphones(self, pairs: list[Pair]) -> Iterator[str]:
        if not any(_is_on(value) for name, value in pairs if name == "autoanswer"):
            return
        named = [(_USER[name], str(part)) for name, value in pairs if name in _USER for part in _parts(value)]
        for key, text in named:
            for user in self.world.profile.users:
                own = str(getattr(user, key))
                if (own == text or (key == "did" and _same(own, text))) and not user.auto_answer:
                    yield f"auto-answer: {key}={text}"


# ── every way to read the bytes ──


class Object(list[Pair]):
    """The members of a JSON object."""


def readings(request: Request) -> Iterator[list[Pair]]:
    """Yield what each way of reading a request's query and body makes of it: names without punctuation, and values."""
    for text, readers in _texts(request):
        for read in readers:
            found = read(text)
            if found:
                yield found


def names_somebody(request: Request) -> bool:
    """Tell whether some reading of a request names a user, whoever that may be."""
    return any(name in _USER for pairs in readings(request) for name, _ in pairs)


def _texts(request: Request) -> Iterator[tuple[str, tuple[Callable[[str], list[Pair]], ...]]]:
    """Yield each text the bytes could stand for, and who would read it: nobody decodes as a form what holds JSON."""
    query = request.target.partition("?")[2]
    seen: set[str] = set()
    for raw in (query.encode(), request.body):
        for codec in _CODECS:
            text = raw.decode(codec, "ignore").lstrip("\ufeff")
            seen |= {text, text.replace("\0", "")} - {""}
    for text in seen:
        yield text, (_json_pairs, _form_pairs, _loose_pairs)
        decoded = {unquote_plus(text), unquote(text), html.unescape(text), text.replace('\\"', '"')} - {text}
        for other in decoded:
            yield other, (_form_pairs,) if _json_pairs(text) else (_json_pairs, _form_pairs, _loose_pairs)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _json_pairs(text: str) -> list[Pair]:
    """Read every JSON value that begins anywhere in a text, and the JSON and forms inside its strings."""
    decoder = json.JSONDecoder(object_pairs_hook=Object, strict=False)
    at, found = 0, []
    for _ in range(40):
        starts = [spot for spot in (text.find(sign, at) for sign in "{[") if spot >= 0]
        if not starts:
            break
        start = min(starts)
        try:
            value, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            at = start + 1
            continue
        found += list(_flat("", value, 3))
    return found


def _flat(name: str, value: Any, depth: int) -> Iterator[Pair]:
    if isinstance(value, Object):
        if _plain(name) in (*_USER, *_GROUP):
            yield _plain(name), value
        for key, part in value:
            yield from _flat(key, part, depth)
    elif isinstance(value, list):
        for part in value:
            yield from _flat(name, part, depth)
    else:
        yield _plain(name), value
        if isinstance(value, str) and depth and _plain(name) != "callbackurl" and re.search(r"[{\[&]", value):
            for key, part in _json_pairs(value) + _form_pairs(value):
                yield from _flat(key, part, depth - 1)


def _form_pairs(text: str) -> list[Pair]:
    pairs = []
    for piece in re.split(r"[&\r\n]+", text)[:200]:
        key, equals, value = piece.partition("=")
        if equals and _plain(key) in (*_USER, *_GROUP, "destination", "callednumber", "callbackurl", "autoanswer"):
            pairs.append((_plain(key), re.split(r"[\"'}<\n]", value)[0].strip(" []")))
    return pairs


def _loose_pairs(text: str) -> list[Pair]:
    """Take the word or the quoted text behind a documented name for its value, unless the whole is sound JSON."""
    if _is_json(text):
        return []
    pairs: list[Pair] = []
    for found in itertools.islice(_LOOSE.finditer(text), 100):
        known = next((word for word in _PARAMETERS if _plain(found[1]).endswith(word)), "")
        value = _unescaped(next(text for text in found.group("quoted", "form", "element", "bare") if text is not None))
        if (
            known
            and value.strip(" {}[]")
            and not (value in ("", "null", "true", "false") and found["bare"] is not None)
            and _plain(value) not in _PARAMETERS
        ):
            pairs.append((known, value))
    return pairs


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold().replace("ı", "i")
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", folded))


def _parts(value: Any) -> Iterator[Any]:
    """Yield the texts and numbers that a value comes down to."""
    if isinstance(value, Object):
        for _, part in value:
            yield from _parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _parts(part)
    elif isinstance(value, str):
        if value.strip().strip("\0"):
            yield value
    elif value is not None and not isinstance(value, bool):
        yield value


def _undecoded(values: set[str]) -> set[str]:
    """Return texts beside what they look like to a reader that does not decode them as they were encoded."""
    misread = {value.encode().decode(codec, "ignore") for value in values for codec in _CODECS}
    encoded = {
        form for v in values for form in (quote(v, safe=""), quote_plus(v), json.dumps(v)[1:-1], unquote_plus(v))
    }
    half_decoded = {unquote(form) for form in encoded}
    return values | misread | encoded | half_decoded | {form.strip() for form in encoded}


# ── numbers, URLs, switches ──


def digits_of(value: Any) -> str:
    """Return a telephone number's national digits; nothing for what is none."""
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if isinstance(value, float | bool) or not re.fullmatch(r"\+?[\d\s().\u2010-\u2015\u2212-]+", text):
        return ""
    digits = "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit())
    if text.lstrip().startswith("+"):
        return "0" + digits[2:].lstrip("0") if digits.startswith("81") else "010" + digits
    return "0" + digits[5:].lstrip("0") if digits.startswith("01081") else digits


def _same(one: str, other: str) -> bool:
    return bool(digits_of(one)) and digits_of(one) == digits_of(other)


def _dials_emergency(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else "" for sign in plain if sign != "+")
    if re.fullmatch(r"[\d\s()+.*#\-]+", plain):
        return kept in EMERGENCIES or digits_of(plain) in EMERGENCIES or bool(re.fullmatch(r"11[089]\d{2,}", kept))
    return any(run in EMERGENCIES for run in re.findall(r"\d+", plain)) or "sos" in plain.lower().split(":")


def _is_ours(part: Any) -> bool:
    """Tell whether a callback URL leads to our receiver, or to nobody, however carelessly it is taken apart."""
    if not isinstance(part, str):
        return isinstance(part, int) and 0 < part < 256
    return all(not host or host == PLACE.rstrip("/") for host in _hosts(part))


def _hosts(url: str) -> Iterator[str]:
    """Yield every host that a careless reader could find in a URL."""
    bare = re.sub(r"[\x00-\x20\x7f]+", "", url)
    for text in {bare, bare.replace("\\", "/"), unquote(bare), unquote(bare).replace("\\", "/")}:
        rest = _SCHEMES.sub("", text)
        is_path = rest == text and text.startswith("/") and not text.startswith("//")
        after = "" if is_path else rest.lstrip("/")
        if " " not in url.strip():
            yield re.split(r"[/?#]", after)[0]
        if "@" in text:
            yield re.split(r"[/?#&]", text.rpartition("@")[2])[0]
        for behind in re.findall(r"//+([^/?#&]*)", after):
            yield behind if re.search(r"[.:]|localhost", behind) else ""


def _fetches(text: str) -> bool:
    found = re.match(r"(?:[a-z]+:)?//+([^/:?#]*)", text.strip(), re.IGNORECASE)
    if found:
        return not found[1].lower().endswith(".example") or "@" in text
    return bool(re.search(r"[a-z0-9]\.(?:com|net|org|jp|io)\b|^\\\\", text, re.IGNORECASE))


def _is_on(value: Any) -> bool:
    return not (value is None or value is False or value == "" or (value == 0 and not isinstance(value, bool)))
