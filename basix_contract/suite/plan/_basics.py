"""Plain calls, the document's examples, media types, methods and the spelling of bodies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from basix_contract.contract import load_document
from basix_contract.suite._scenario import CALLBACK_SLASHES, CALLBACK_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import User
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk

_CHARSETS = (
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json; charset="utf-8"',
    "Application/JSON; Charset=Utf-8",
)
# What curl, a browser's fetch and Java's HttpURLConnection say; all of them take JSON.
_ACCEPTED = ("*/*", "application/json, text/plain, */*", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2")
_NOT_JSON: tuple[tuple[str, bytes], ...] = (
    ("an empty body", b""),
    ("blanks", b"  \n"),
    ("a word", b"call_user"),
    ("a JSON text", b'"call_user"'),
    ("a JSON number", b"42"),
    ("a JSON null", b"null"),
    ("a JSON true", b"true"),
)


def plan_basics(desk: Desk) -> tuple[Scenario, ...]:
    """Plan the plain call, the examples and everything about the form of a request."""
    return (
        *desk.family("plain-call", _plain(desk), phase="alone", is_settled=True),
        *desk.family("examples", _examples(desk)),
        *desk.family("media", _media(desk)),
        *desk.family("accept", _accepting(desk)),
        *desk.family("method", _methods(desk)),
        *desk.family("body", _bodies(desk), phase="robustness"),
    )


def _plain(desk: Desk) -> Iterator[Step]:
    """An empty object first: it rings nobody, and its answer tells whether the target and the credentials work."""
    yield desk.step("preflight", "an empty object, to see whether anybody answers", {}, expect="answer")
    for user in desk.profile.users_who("answers")[:1]:
        yield desk.step("reply/plain-call", "a plain call", desk.call(user), user=user)


def _examples(desk: Desk) -> Iterator[Step]:
    for title, body, user in examples(desk, "answers"):
        yield desk.step("examples/accepted", title, body, user=user)


def examples(desk: Desk, outcome: str) -> Iterator[tuple[str, dict[str, Any], User]]:
    """Yield the document's examples whose users and destinations the profile lists, by what the users' phones do."""
    for name, example in load_document().request_examples.items():
        user = _user_named(desk, example.value) if name.startswith("example-") else None
        if user and user.outcome == outcome and _is_listed(desk, example.value["destination"]):
            callback = {"callback_url": CALLBACK_URL} if "callback_url" in example.value else {}
            yield name.replace("-", " "), {**example.value, **callback}, user


def _user_named(desk: Desk, body: dict[str, Any]) -> User | None:
    """Return the one user of the profile whom every selector of an example names."""
    selectors = {name: body[name] for name in desk.user_selectors if body.get(name)}
    for user in desk.profile.users:
        own = desk.selectors_of(user)
        if selectors and all(own.get(name) == value for name, value in selectors.items()):
            return user
    return None


def _is_listed(desk: Desk, destination: Any) -> bool:
    if isinstance(destination, dict):
        wanted, calling = destination.get("called_number"), destination.get("calling_number")
        return any(
            row.value == wanted and (calling is None or calling == row.calling_number)
            for row in desk.profile.destinations
        )
    return str(destination).rpartition("}")[2] in {row.value for row in desk.profile.destinations}


def _media(desk: Desk) -> Iterator[Step]:
    user = desk.next_user()
    if user is None:
        return
    body = desk.call(user)
    for media_type in _CHARSETS:
        yield desk.step("media/charset", media_type, body, user=user, media_type=media_type)
    for media_type in ("application/x-www-form-urlencoded; charset=UTF-8", "text/plain"):
        yield desk.step(
            "media/other-type",
            f"JSON as {media_type}",
            body,
            user=user,
            expect="open",
            owes_envelope=False,
            media_type=media_type,
        )


def _accepting(desk: Desk) -> Iterator[Step]:
    """Say in the ways of other HTTP clients what may be answered: it is JSON that the document promises."""
    for value in _ACCEPTED:
        user = desk.next_user()
        if user:
            field = ("Accept", value)
            yield desk.step("reply", f"Accept: {value}", desk.call(user), user=user, headers=(field,))


def _methods(desk: Desk) -> Iterator[Step]:
    user = desk.next_user()
    if user is None:
        return
    body = desk.call(user, callback_url=CALLBACK_URL)
    control = desk.control("method", user, body)
    yield control
    for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS"):
        yield desk.step(
            "method/not-post",
            f"{method} instead of POST",
            body,
            user=user,
            expect="refuse",
            control=control.id,
            owes_envelope=False,
            method=method,
        )
    query = urlencode({name: value for name, value in body.items() if name != "callback_url"})
    yield desk.step(
        "method/not-post",
        "GET with the parameters in the query",
        None,
        user=user,
        expect="refuse",
        control=control.id,
        owes_envelope=False,
        method="GET",
        query=query,
    )


def _bodies(desk: Desk) -> Iterator[Step]:
    user = desk.next_user()
    if user is None:
        return
    body = desk.call(user, callback_url=CALLBACK_URL)
    text = json.dumps(body)
    control = desk.control("body", user, body)
    yield control
    for title, raw in (*_NOT_JSON, *_broken(body, text)):
        yield desk.step(
            "body/not-an-object",
            title,
            raw,
            user=user if b"destination" in raw else None,
            expect="refuse",
            control=control.id,
            owes_envelope=False,
        )
    yield from _spellings(desk, user)


def _broken(body: dict[str, Any], text: str) -> tuple[tuple[str, bytes], ...]:
    """Write a good call's text with one thing wrong each; example 2 as printed lacks the quote before a name."""
    return (
        ("the quote before destination left out", text.replace('"destination"', 'destination"').encode()),
        ("a trailing comma", (text[:-1] + ",}").encode()),
        ("the closing brace left out", text[:-1].encode()),
        ("single quotes", text.replace('"', "'").encode()),
        ("a list around the object", f"[{text}]".encode()),
        ("the object as a JSON text", json.dumps(text).encode()),
        ("text after the object", (text + " call").encode()),
        ("a NUL and more behind the object", text.encode() + b"\0, more"),
        ("a comment behind the object", text.encode() + b" // call"),
        ("two objects", (text + text).encode()),
        ("urlencoded instead of JSON", "&".join(f"{name}={value}" for name, value in body.items()).encode()),
    )


def _spellings(desk: Desk, user: User) -> Iterator[Step]:
    body = desk.call(user)
    turned = dict(reversed(body.items()))
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in "destination")
    spellings = {
        "members in another order": json.dumps(turned).encode(),
        "blanks and line ends between members": json.dumps(body, indent=4).replace("\n", "\r\n").encode(),
        "an escaped member name": json.dumps(body).replace("destination", escaped).encode(),
        "no blanks at all": json.dumps(body, separators=(",", ":")).encode(),
        "blanks before the object": b" \t\r\n" + json.dumps(body).encode(),
        "line ends behind the object": json.dumps(body).encode() + b"\r\n\n",
        "every letter escaped, in capitals": _escaped(body, "{:04X}"),
        "every letter escaped, in small letters": _escaped(body, "{:04x}"),
    }
    for title, raw in spellings.items():
        yield desk.step("body/json-spelling", title, raw, user=user)
    yield from _letters(desk)
    yield from _escaped_pairs(desk, user)
    yield from _open_encodings(desk, user, json.dumps(body))


def _escaped(body: dict[str, Any], form: str) -> bytes:
    """Write every text of a body with nothing but escapes in it, the slashes of URLs included."""

    def text(value: object) -> str:
        if not isinstance(value, str):
            return json.dumps(value)
        return '"' + "".join("\\u" + form.format(ord(letter)) for letter in value) + '"'

    return ("{" + ", ".join(f"{text(name)}: {text(value)}" for name, value in body.items()) + "}").encode()


def _escaped_pairs(desk: Desk, user: User) -> Iterator[Step]:
    """Write letters beyond the first plane as they are, and as the pairs of escapes that most JSON writers make."""
    for number in desk.numbers()[:1]:
        body = desk.call(user, destination={"called_number": number.value, "end_user": {"name": "\U00020bb7野 😀"}})
        raw = json.dumps(body, ensure_ascii=False).encode()
        control = desk.step("body", "letters beyond the first plane as they are", raw, user=user)
        yield control
        title = "letters beyond the first plane as pairs of escapes"
        yield desk.step("body/json-spelling", title, json.dumps(body).encode(), user=user, control=control.id)


def _letters(desk: Desk) -> Iterator[Step]:
    """Name a user by letters outside ASCII, escaped and raw, and write slashes with a backslash before them."""
    for user in desk.profile.users_who("answers"):
        label = desk.selectors_of(user).get("user_label", "")
        if label.isascii():
            continue
        body = {"user_label": label, "destination": desk.call(user)["destination"]}
        escaped = desk.step("selectors/label-unicode", "a label outside ASCII, escaped", body, user=user)
        yield escaped
        raw, title = json.dumps(body, ensure_ascii=False).encode(), "letters outside ASCII as they are"
        yield desk.step("body/json-spelling", title, raw, user=user, control=escaped.id)
        break
    for user in desk.profile.users_who("answers")[:1]:
        slashes = json.dumps(desk.call(user, callback_url=CALLBACK_URL)).replace(CALLBACK_URL, CALLBACK_SLASHES)
        yield desk.step("body/json-spelling", "slashes behind backslashes", slashes.encode(), user=user)


def _open_encodings(desk: Desk, user: User, text: str) -> Iterator[Step]:
    encodings = {
        "a byte order mark": b"\xef\xbb\xbf" + text.encode(),
        "a member given twice": (text[:-1] + ', "destination": ' + text.rpartition(": ")[2]).encode(),
        "UTF-16": text.encode("utf-16"),
    }
    for title, raw in encodings.items():
        yield desk.step("body/open-encodings", title, raw, user=user, expect="open", owes_envelope=False)
