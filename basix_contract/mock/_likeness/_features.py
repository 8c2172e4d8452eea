"""What is special about a request: short names for everything a PBX may accept or refuse it for.

The same names are found in the requests of a journal and in those that a mock is sent, so that what was learnt from
the one holds for the other. They stand in the order in which PBXes usually look at a request.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from basix_contract.messages import Headers, field_value
from basix_contract.mock._likeness._people import People, Row
from basix_contract.mock._likeness._values import class_of, class_of_name, class_of_timeout, class_of_url
from basix_contract.mock._words import Words

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_INLINE = ("name", "organization")  # what the document's own example has in the braces
_OUTCOMES = ("limited", "busy")


def envelope_features(method: str, headers: Headers) -> Iterator[str]:
    """Yield what is special about a request before its body is read, but for its credentials."""
    if method != "POST":
        yield f"method {method}"
    media_type, _, parameters = (field_value(headers, "content-type") or "").lower().partition(";")
    if media_type.strip() != "application/json":
        yield f"media type {media_type.strip() or 'none'}"
    elif "utf-16" in parameters:
        yield "charset utf-16"


def read_object(body: bytes) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
    """Return the JSON object in a body, however it is encoded, and what is special about its form."""
    found: list[str] = []
    if body.startswith(_BOM):
        found.append("body with a byte order mark")
    if body.startswith(_WIDE):
        return None, ("body in UTF-16",)

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            found.append("body with a member twice")
        return dict(pairs)

    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=build)
    except (ValueError, RecursionError):
        return None, ("body empty" if not body.strip() else "body no JSON",)
    if not isinstance(value, dict):
        return None, ("body no object",)
    return value, tuple(dict.fromkeys(found))


def parameter_features(
    asked: Mapping[str, Any], people: People, words: Words, user: Row | None = None
) -> Iterator[str]:
    """Yield what is special about the parameters of a request; `user` is who it names, where that is known."""
    named = user
    for feature, found in _user_features(asked, people, words):
        named = named or found
        yield feature
    yield from _whose(named)
    yield from _group_features(asked, people, words, named)
    yield from _destination_features(asked, people, words)
    readers = {
        "answer_timeout": class_of_timeout,
        "auto_answer": class_of,
        "calling_name": class_of_name,
        "callback_url": class_of_url,
    }
    for name, read in readers.items():
        if name in asked:
            yield f"{name} {read(asked[name])}"
    if any(name not in words.parameters for name in asked):
        yield "unknown parameter"


def _whose(user: Row | None) -> Iterator[str]:
    outcome = (user or {}).get("outcome")
    if outcome in _OUTCOMES:
        yield f"user {outcome}"


def _user_features(asked: Mapping[str, Any], people: People, words: Words) -> Iterator[tuple[str, Row | None]]:
    given = [name for name in words.user_selectors if name in asked]
    known = 0
    for name in given:
        column, value = name.partition("_")[2], asked[name]
        found = people.user(column, value)
        known += found is not None
        yield f"{name} {_selector_class(column, value, found)}", found or None
    if all(asked[name] is None or not str(asked[name]).strip() for name in given):
        yield "user none", None
    if known > 1 and {*given} != {"user_name", "user_email"}:
        yield "user by several selectors", None


def _selector_class(column: str, value: Any, found: Row | None) -> str:
    """Tell how a selector is written: its own type is no news, another one is."""
    told = "text" if class_of(value) == "digits" else class_of(value)
    if found is None:
        return "unknown" if told in ("text", "number") else told
    return "known" if told == ("number" if column == "id" else "text") else f"known, as {told}"


def _group_features(asked: Mapping[str, Any], people: People, words: Words, user: Row | None) -> Iterator[str]:
    own = tuple((user or {}).get("groups", ()))
    given = [name for name in words.group_selectors if name in asked and name != words.resolver]
    for name in given:
        column, value = name.partition("_")[2], asked[name]
        found = people.group(column, value)
        yield f"{name} {_selector_class(column, value, found)}"
        if found and found.get("name") not in own:
            yield "group the user is not in"
    if len(given) > 1:
        yield "group by several selectors"
    if words.resolver in asked:
        rule = asked[words.resolver]
        is_rule = rule in words.rules
        yield f"{words.resolver} {rule if is_rule else 'other' if rule else class_of(rule)}"
        if is_rule and user is not None and not own:
            yield f"{words.resolver} for a user in no group"
        if given:
            yield f"{words.resolver} beside a group"


def _destination_features(asked: Mapping[str, Any], people: People, words: Words) -> Iterator[str]:
    if "destination" not in asked:
        yield "destination absent"
        return
    given = asked["destination"]
    if isinstance(given, dict):
        yield from _object_features(given, people, words)
    elif isinstance(given, str) and given.startswith("{"):
        keys = {pair.partition("=")[0].strip() for pair in given[1:].partition("}")[0].split(",")}
        yield "destination inline" if keys <= {*_INLINE} else "destination inline with other keys"
    elif isinstance(given, str) and given.strip():
        yield f"destination {people.kind_of(given)}"
    else:
        yield f"destination {class_of(given)}"


def _object_features(given: Mapping[str, Any], people: People, words: Words) -> Iterator[str]:
    called = given.get("called_number")
    if isinstance(called, str) and called:
        yield f"destination object for {people.kind_of(called)}"
    else:
        yield f"called_number {class_of(called) if 'called_number' in given else 'absent'}"
    if set(given) - set(words.destination_keys):
        yield "destination with an unknown member"
    if "calling_number" in given:
        yield "calling_number own" if people.owns(given["calling_number"]) else "calling_number foreign"
    if "end_user" in given:
        yield from _end_user_features(given["end_user"], words)


def _end_user_features(end_user: Any, words: Words) -> Iterator[str]:
    if not isinstance(end_user, dict) or not end_user:
        yield f"end_user {class_of(end_user)}"
        return
    if set(end_user) - set(words.end_user_keys):
        yield "end_user with an unknown member"
    if isinstance(end_user.get("id"), int):
        yield "end_user.id as a number"
    if not str(end_user.get("avatar", "http")).startswith("http"):
        yield "end_user.avatar that is no URL"
