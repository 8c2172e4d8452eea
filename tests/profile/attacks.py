"""Requests of every kind: good ones, nearly good ones, and those that try to reach somebody else in any spelling."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from basix_contract.messages import Headers
from basix_contract.profile import Profile
from tests.profile.drawing import one_in, pick, some
from tests.profile.paths import other_path
from tests.profile.planned import planned_bodies
from tests.profile.universe import FORBIDDEN, GROUPS, NOBODY, NUMBERS, OWN_NUMBERS, PEOPLE, PLACE, PLACES, World

_SELECTORS = ("id", "name", "label", "extension", "did", "email")
_FULL = str.maketrans("0123456789", "０１２３４５６７８９")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_GREEK = str.maketrans("aeiosj", "аеіоѕј")
_TOKEN = f"http://{PLACE}c0token0001/result?call=c0token0001"

_URLS = (
    _TOKEN,
    _TOKEN,
    _TOKEN,
    f"https://{PLACE}c0token0001/",
    f"ftp://{PLACE}x",
    f"mailto:{PLACE}x",
    f"//{PLACE}x",
    PLACE,
    f"http://{PLACE}c0/UPPER/%E5%B1%B1;p=1/!$'()*?q=%20&z=a/b?c:@&A=%C3",
    f"http://{PLACE}c0/two//slashes?x=//y",
    "http://",
    "/result_receiver",
    "not a url",
    "http://evil.jp/",
    "http://127.0.0.1:4444.evil.jp/",
    "http://127.0.0.1:4444@evil.jp/",
    f"http://evil.jp/{PLACE}",
    f"http://{PLACE}@evil.jp/",
    f"http://{PLACE}#@evil.jp/",
    f"http://{PLACE}?@evil.jp",
    "http://127.0.0.1:4444\\@evil.jp/",
    "http:\\\\evil.jp\\",
    "http://evil.jp\t/",
    "\thttp://evil.jp/",
    f"http://{PLACE}..//evil.jp/",
    f"http://{PLACE}%2e%2e/%2f%2fevil.jp",
    "http://127.0.0.1:44440/",
    "http://localhost:4444/",
    "http://[::1]:4444/",
    "http://2130706433:4444/",
    "//evil.jp/x",
    "evil.jp",
    " evil",
    f"http://{PLACE}x?user_name=maria&destination=09012345678",
    f"http://{PLACE}x?next=http://evil.jp/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    f"http://user:pass@{PLACE}",
    "http://１２７.0.0.1:4444/",
    "HTTP://EVIL.JP",
    f"http://{PLACE}\r\nHost: evil.jp",
    "http://127.0.0.1:4444%2f@evil.jp/",
    7,
    0,
    2130706433,
    [_TOKEN, "http://evil.jp/"],
    {"url": "http://evil.jp/"},
    None,
    "",
    True,
)
_AVATARS = (
    "https://pictures.example/olive.png",
    "olive.png",
    "https://gravatar/3osdj.jpg",
    "http://evil.jp/a.png",
    "//evil.jp/a",
    "https://evil.jp\\.pictures.example/x",
    "https://pictures.example@evil.jp/x",
    "evil.com",
    "\\\\evil.jp\\share",
    "",
)
_TEXTS = (
    "Olive",
    "Thomas Jenkins",
    "x" * 64,
    "",
    "トーマス",
    "call 090-1234-5678 now",
    "09012345678",
    "0312341234",
    "110",
    "１１０",
    "}sofia/gateway/09012345678",
    "x\r\nRefer-To: <sip:09012345678@evil.jp>",
    "tel:09012345678",
    "mail maria@acme.example",
    '{"user_name": "maria", "destination": "09012345678"}',
    "x&user_name=maria&destination=maria",
    "http://evil.jp/",
    'He said "hi" & left <b>',
    "back\\slash 100% {name=x,y}",
    "😀",
    "\ud800",
    "0000000000",
    ["Olive"],
    {"name": "Olive"},
    7,
)
_NAMES_ASIDE = (
    "note",
    "uuid",
    "to",
    "from",
    "user",
    "username",
    "User Name",
    "dest",
    "phone",
    "callee",
    "who",
    "name_name",
    "number",
    "extension",
    "endpoint",
    "user[name]",
    "__proto__",
    "k1",
    "",
    "data[destination]",
    "agent",
    "group",
    "url",
    "110",
)
_ODD_VALUES = ("x", "maria", "09012345678", 7, 10001001, "", None, "119", {"user_name": "maria"}, [1, None])
_SWITCHES: tuple[Any, ...] = (
    True,
    False,
    None,
    0,
    1,
    1.0,
    "true",
    "false",
    "on",
    "",
    [],
    {},
    [True],
    "1",
    "yes",
    {"$ne": 1},
)
_POOLS: dict[str, tuple[Any, ...]] = {
    "callback_url": _URLS,
    "calling_name": _TEXTS,
    "auto_answer": _SWITCHES,
    "answer_timeout": (30, 1, "30", "soon", 2**70, "09012345678", [30], {"seconds": 30}, 1.5),
    "group_resolver": ("*", "any:CALL_CENTER", "board", "any:board", ["board"], "", {"$ne": 1}),
}
_EXTRAS = (*_POOLS, "group_name", "group_id", "aside")
_BYTES = st.one_of(
    st.none(), st.binary(max_size=60), st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace"))
)
_ELSEWHERE = (*NUMBERS, *FORBIDDEN, *(place for place, _ in PLACES))
_FEW_BYTES = st.binary(max_size=3)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request somebody wants sent."""

    method: str
    url: str
    headers: Headers
    body: bytes | None


# ── values in every spelling ──


def spellings(value: Any) -> tuple[Any, ...]:
    """Return a value as people, programs and attackers write it."""
    text = str(value)
    found: list[Any] = [value, text, f" {text} ", f"{text}\0", f"{text}\n", text.swapcase(), text.translate(_GREEK)]
    found += [
        text.translate(_FULL),
        text.translate(_ARABIC),
        f"{text}x",
        text[:-1],
        [value],
        {"$ne": value},
        [value, value],
    ]
    if text.lstrip("+").replace(" ", "").replace("-", "").isdigit():
        digits = "".join(letter for letter in text if letter.isdigit())
        bare = digits.removeprefix("0")
        found += [
            int(digits),
            float(digits),
            f"{digits}.0",
            f"{digits}e0",
            f"+81{bare}",
            f"+81 {bare[:1]}-{bare[1:5]}-{bare[5:]}",
            f"0081{bare}",
            f"01081{bare}",
            f"81{bare}",
            f"{digits[:2]}-{digits[2:6]}-{digits[6:]}",
            f"({digits[:3]}) {digits[3:]}",
            f"tel:{digits}",
            f"sip:{digits}@evil.jp",
            f"9{digits}",
            f"0{digits}",
            f"184{digits}",
            f"*31#{digits}",
            f"{digits}#",
            f"{digits},119",
            "\u200b".join(digits),
            digits[:3] + "．" + digits[3:],
            f"+{digits}",
            -int(digits),
            f"{digits};ext=1",
        ]
    return tuple(found)


def inline(value: Any) -> tuple[str, ...]:
    """Return a destination behind, between and before braces."""
    return (
        f"{{name=Olive,organization=X-Men}}{value}",
        f"{{}}{value}",
        f"{{name=x}}{{name=y}}{value}",
        f"{value}{{name=x}}",
        f"{{name={{x}}}}{value}",
        f"{{calling_number=09012345678}}{value}",
        f"{{avatar=http://evil.jp/x}}{value}",
        f"{{name=x}}09012345678{{y}}{value}",
        f"{{name=x,id=09012345678}}{value}",
        f"[name=x]{value}",
        f"<x>{value}",
        f"{{sip_h_X=1}}{value}",
        f"{{name=x}} {value}",
        f"{{name=0312341234}}{value}",
        f"{{name=a^^b}}{value}",
    )


@cache
def _everybody(name: str) -> tuple[Any, ...]:
    return tuple(getattr(person, name) for person in PEOPLE) + tuple(row[name] for row in NOBODY if name in row)


def _selector_value(draw: st.DrawFn, profile: Profile, name: str, *, of_users: bool = True) -> Any:
    """Draw a value of one selector: the profile's, a stranger's, and either in any spelling."""
    rows: Any = profile.users if of_users else profile.groups
    listed = [value for row in rows if (value := getattr(row, name, None)) not in (None, "")]
    others = _everybody(name) if of_users else tuple(getattr(group, name) for group in GROUPS)
    value = pick(draw, listed) if listed and not one_in(draw, 5) else pick(draw, others)
    if one_in(draw, 6):
        value = pick(draw, spellings(value))
    return pick(draw, (None, "", True, [], {"$ne": None})) if one_in(draw, 12) else value


def _destination(draw: st.DrawFn, profile: Profile) -> Any:
    """Draw a destination in any form."""
    listed = [row.value for row in profile.destinations]
    value: Any = pick(draw, listed) if not one_in(draw, 5) else pick(draw, _ELSEWHERE)
    if one_in(draw, 4):
        value = pick(draw, spellings(value) + inline(value))
    if not one_in(draw, 3):
        return value
    members = {pick(draw, ("called_number", "called_number", "called_number", "calledNumber", "number")): value}
    own = [row.calling_number for row in profile.destinations if row.calling_number]
    if one_in(draw, 2):
        number: Any = pick(draw, own) if own and not one_in(draw, 3) else pick(draw, (*OWN_NUMBERS, "09012345678"))
        members["calling_number"] = pick(draw, spellings(number)) if one_in(draw, 4) else number
    if one_in(draw, 2):
        members["end_user"] = _end_user(draw)
    if one_in(draw, 8):
        members[pick(draw, _NAMES_ASIDE)] = _aside(draw)
    return members


def _end_user(draw: st.DrawFn) -> dict[str, Any]:
    pools: dict[str, tuple[Any, ...]] = {
        "name": _TEXTS,
        "avatar": _AVATARS,
        "id": ("11223344", 11223344, "09012345678", "110"),
        "phone": ("x", None, "09012345678"),
    }
    return {name: pick(draw, pools[name]) for name in some(draw, tuple(pools), 0, 2)}


def _aside(draw: st.DrawFn) -> Any:
    return pick(draw, pick(draw, (_ODD_VALUES, _ODD_VALUES, _TEXTS, _URLS)))


# ── bodies ──


def _members(draw: st.DrawFn, profile: Profile) -> list[tuple[str, Any]]:
    """Draw the members of a call, most of them good."""
    found = [(f"user_{name}", _selector_value(draw, profile, name)) for name in some(draw, _SELECTORS, 1, 2)]
    found.append(("destination", _destination(draw, profile)))
    found += [
        (pick(draw, _NAMES_ASIDE) if name == "aside" else name, _extra(draw, profile, name))
        for name in some(draw, _EXTRAS, 0, 2)
    ]
    if one_in(draw, 8):
        name, _ = pick(draw, found)
        found.append((name, _destination(draw, profile) if name == "destination" else pick(draw, _everybody("name"))))
    return [(pick(draw, _respelt(name)) if one_in(draw, 20) else name, value) for name, value in found]


def _extra(draw: st.DrawFn, profile: Profile, name: str) -> Any:
    if name == "aside":
        return _aside(draw)
    if name.startswith("group_") and name != "group_resolver":
        return _selector_value(draw, profile, name.removeprefix("group_"), of_users=False)
    return pick(draw, _POOLS[name])


def _respelt(name: str) -> tuple[str, ...]:
    return (
        name.upper(),
        name.title(),
        name.replace("_", ""),
        name.replace("_", "-"),
        f" {name} ",
        name.replace("_", " "),
        f"{name}[]",
        f"params[{name}]",
        name.replace("u", "ｕ"),
        name.replace("s", "ſ"),
        name.replace("i", "ı"),
        f"{name}\0",
    )


def _as_json(pairs: list[tuple[str, Any]], *, is_ascii: bool = True) -> str:
    return (
        "{"
        + ", ".join(f"{json.dumps(n, ensure_ascii=is_ascii)}: {json.dumps(v, ensure_ascii=is_ascii)}" for n, v in pairs)
        + "}"
    )


def _escaped(pairs: list[tuple[str, Any]]) -> str:
    def text(value: str) -> str:
        return '"' + "".join(f"\\u{ord(letter):04x}" for letter in value if ord(letter) < 65536) + '"'

    return "{" + ", ".join(f"{text(n)}: {text(v) if isinstance(v, str) else json.dumps(v)}" for n, v in pairs) + "}"


def _multipart(pairs: list[tuple[str, Any]]) -> str:
    return (
        "".join(f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{_bare(v)}\r\n' for n, v in pairs) + "--b--"
    )


def _bare(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def encodings(pairs: list[tuple[str, Any]]) -> tuple[bytes, ...]:
    """Return the same members as every kind of body there is, whole and broken."""
    text = _as_json(pairs)
    form = urlencode([(name, _bare(value)) for name, value in pairs], errors="replace")
    texts = (
        text,
        _as_json(pairs, is_ascii=False),
        _escaped(pairs),
        f"\ufeff{text}",
        f"[{text}]",
        json.dumps(text),
        text[:-1],
        text + text,
        text + " call",
        text[:-1] + ",}",
        text.replace('"', "'"),
        text.replace('"', ""),
        f'{{"note": {json.dumps(text)}}}',
        f'{{"params": {text}}}',
        form,
        "&".join(f"{name}={_bare(value)}" for name, value in pairs),
        quote(text),
        _multipart(pairs),
        "<call_user>" + "".join(f"<{name}>{_bare(value)}</{name}>" for name, value in pairs) + "</call_user>",
        "<call_user " + " ".join(f'{name}="{_bare(value)}"' for name, value in pairs) + "/>",
        "\n".join(f"{name}: {_bare(value)}" for name, value in pairs),
        f"{{}}{text}",
        text + "\0" + text,
        f"callback({text})",
        text.replace("e", "\\u0065"),
        "".join(f"&#{ord(letter)};" for letter in text[:2000]),
        text.replace(":", "=>"),
    )
    raw = [part.encode("utf-8", "replace") for part in texts]
    wide = [text.encode(codec) for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7")]
    return (*raw, *wide, text.encode("utf-16-le") + b"x", b"\xff" + text.encode(), "マリア".encode("shift_jis"))


def a_body(draw: st.DrawFn, world: World) -> bytes | None:
    """Draw a body: most are JSON objects, some are anything."""
    kind = pick(draw, ("json", "json", "json", "json", "json", "other", "other", "planned", "planned", "bytes", "path"))
    if kind == "bytes":
        return draw(_BYTES)
    if kind == "planned":
        return _planned(draw, world)
    if kind == "path":
        return other_path(draw, world)
    pairs = _members(draw, world.profile)
    return _as_json(pairs).encode() if kind == "json" else pick(draw, encodings(pairs))


def _planned(draw: st.DrawFn, world: World) -> bytes:
    """Draw a step the suite plans for this profile, with a stranger put in, bytes cut out, or left as it is."""
    raw = pick(draw, planned_bodies(world.profile))
    known = [str(value) for user in world.profile.users for name in _SELECTORS if (value := getattr(user, name))]
    known += [row.value for row in world.profile.destinations]
    change = pick(draw, ("none", "none", "stranger", "bytes"))
    if change == "stranger":
        stranger = pick(draw, ("maria", "09012345678", "10001009", "board", "119", "jess"))
        return raw.replace(pick(draw, known).encode(), stranger.encode())
    if change == "bytes" and raw:
        at = pick(draw, range(len(raw)))
        return raw[:at] + draw(_FEW_BYTES) + raw[at + pick(draw, range(4)) :]
    return raw


# ── whole requests ──


def attempt(draw: st.DrawFn, world: World) -> Attempt:
    """Draw a request to the target, now and then with something odd about its outside."""
    plain = Attempt("POST", f"{world.base_url}/call_user", (("Content-Type", "application/json"),), a_body(draw, world))
    odd = pick(draw, (*[""] * 12, "method", "fields", "url", *(("signed",) if world.is_remote else ())))
    if odd == "signed":
        return replace(plain, headers=(*plain.headers, ("Authorization", pick(draw, ("Basic dDp0", "Basic eDp5")))))
    if odd == "method":
        return replace(plain, method=pick(draw, ("GET", "PUT", "DELETE", "CONNECT", "TRACE", "OPTIONS", "MKCOL")))
    if odd == "fields":
        return replace(plain, headers=pick(draw, _odd_fields(world)))
    return replace(plain, url=pick(draw, _odd_urls(world))) if odd else plain


def _odd_fields(world: World) -> tuple[Headers, ...]:
    host = world.base_url.split("/")[2]
    return (
        (("Host", "evil.jp"),),
        (("Host", host),),
        (("Host", host), ("Host", "evil.jp")),
        (("X-Forwarded-Host", "evil.jp"),),
        (("X-HTTP-Method-Override", "CONNECT"),),
        (("Forwarded", "host=evil.jp"),),
        (("X-Original-URL", "/call_external"),),
        (("Content-Type", "application/json; charset=utf-7"),),
        (("Content-Type", "application/json; charset=UTF-16"),),
        (("Content-Type", "application/json;charset=UTF-8"),),
        (("Content-Encoding", "gzip"),),
        (("Transfer-Encoding", "chunked"),),
        (("Content-Length", "3"),),
        (("Cookie", "session=1"),),
        (("Connection", "upgrade"),),
        (("X-User", "maria"),),
        (("Authorization", "Basic dDp0"),),
        (("Authorization", "Basic d3Jvbmc6cGFpcg=="),),
        (("Expect", "100-continue"),),
        (("X-Requested-With", "XMLHttpRequest"),),
    )


def _odd_urls(world: World) -> tuple[str, ...]:
    base = world.base_url
    host = base.split("/")[2]
    scheme = base.partition(":")[0]
    return (
        f"{base}/call_user?user_name=maria&destination=09012345678",
        f"{base}/call_user?user_id=10001001&destination=0312341234",
        f"{base}/call_user?",
        f"{base}/call_external",
        f"{base}/call_user/",
        f"{base}/../api/call_user",
        f"{base}//call_user",
        f"{base}/%63all_user",
        f"{base}/call_user%2f..",
        f"{base}/call_user;x=1",
        f"{base}/call_user#x",
        f"{base}x/call_user",
        base,
        f"{scheme}://evil.jp/basix/api/call_user",
        f"{scheme}://{host}.evil.jp/basix/api/call_user",
        f"{scheme}://u:p@{host}/basix/api/call_user",
        f"{scheme}://{host}@evil.jp/basix/api/call_user",
        f"{base}/CALL_USER",
        f"{scheme}://{host}:1/basix/api/call_user" if ":" not in host else f"{scheme}://127.0.0.1/basix/api/call_user",
        f"{'https' if scheme == 'http' else 'http'}://{host}/basix/api/call_user",
        f"{base}\\..\\call_user",
        f"{base}/call_user\t",
        f"{base}/call_user?callback_url=http://evil.jp/",
        f"{base}/call_user?%75ser_name=maria",
        f"ftp://{host}/basix/api/call_user",
    )
