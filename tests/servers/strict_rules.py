"""What the strict server accepts: what the document shows or its table allows, and nothing besides."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn
from urllib.parse import urlsplit

from basix_contract.profile import User
from tests.servers.directory import GROUP_SELECTORS, USER_SELECTORS, Directory

_LONGEST_TIMEOUT_S = 2**31
_NUMBER = re.compile(r"0[0-9]{8,10}")
_INLINE = re.compile(r"\{([^{}]*)\}([^{}]+)")
_MEDIA_TYPE = re.compile(r"application/json\s*(;\s*charset=\"?utf-8\"?\s*)?", re.IGNORECASE)
_END_USER = ("id", "name", "organization", "avatar", "prefecture")
_PAIR = {"user_name", "user_email"}


class Refusal(Exception):
    """A call that is not placed: the HTTP status and the error id it is refused with."""

    def __init__(self, status: int, id_: str) -> None:
        super().__init__(id_)
        self.status = status
        self.id = id_


def judge_call(directory: Directory, media_type: str, body: bytes) -> tuple[dict[str, Any], User]:
    """Return the parameters and the user of a call that may be placed; raises Refusal for any other."""
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise Refusal(415, "unsupported_media_type")
    asked = _read(body)
    if asked.get("user_email") == "" and asked.get("user_name"):
        del asked["user_email"]
    for name, value in asked.items():
        if name not in _PARAMETERS:
            raise Refusal(400, "unknown_parameter")
        if not _PARAMETERS[name](value):
            raise Refusal(422, "invalid_" + name)
    user = _user(directory, asked)
    _judge_group(directory, asked, user)
    _judge_destination(directory, asked.get("destination"))
    if user.outcome == "limited":
        raise Refusal(503, "channel_limit_reached")
    return asked, user


def _read(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body.decode(), object_pairs_hook=_distinct, parse_constant=_no_json)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(400, "malformed_json") from None
    if not isinstance(value, dict):
        raise Refusal(400, "not_an_object")
    return value


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _no_json(constant: str) -> NoReturn:
    raise ValueError(constant)


def _user(directory: Directory, asked: dict[str, Any]) -> User:
    given = [name for name in USER_SELECTORS if name in asked]
    if len(given) != 1 and set(given) != _PAIR:
        raise Refusal(400, "one_user_selector_wanted")
    users = [directory.user(name, asked[name]) for name in given]
    if None in users:
        raise Refusal(404, "user_not_found")
    if users[0] is None or users[0] is not users[-1]:
        raise Refusal(409, "user_selectors_disagree")
    return users[0]


def _judge_group(directory: Directory, asked: dict[str, Any], user: User) -> None:
    given = [name for name in (*GROUP_SELECTORS, "group_resolver") if name in asked]
    if len(given) > 1:
        raise Refusal(400, "one_group_selector_wanted")
    own = directory.groups_of(user)
    if "group_resolver" in given:
        kinds = {"*": ("ring", "hunt", "CALL_CENTER"), "any:CALL_CENTER": ("CALL_CENTER",)}
        if not any(group.kind in kinds[asked["group_resolver"]] for group in own):
            raise Refusal(404, "no_such_membership")
    elif given:
        group = directory.group(given[0], asked[given[0]])
        if group is None:
            raise Refusal(404, "group_not_found")
        if group not in own:
            raise Refusal(403, "not_a_member")


def _judge_destination(directory: Directory, destination: Any) -> None:
    if destination is None:
        raise Refusal(400, "destination_wanted")
    if isinstance(destination, str):
        inline = _INLINE.fullmatch(destination)
        if inline and _are_details(inline[1].split(",")) and _NUMBER.fullmatch(inline[2]):
            return
        if not _NUMBER.fullmatch(destination) and not directory.can_reach(destination):
            raise Refusal(404, "unreachable_destination")
        return
    if not _NUMBER.fullmatch(destination["called_number"]):
        raise Refusal(422, "object_for_outside_numbers_only")
    if "calling_number" in destination and not directory.owns(destination["calling_number"]):
        raise Refusal(403, "foreign_calling_number")


def _are_details(pairs: Iterable[str]) -> bool:
    names = [pair.partition("=")[0] for pair in pairs if pair.partition("=")[2]]
    return len(names) == len(set(names)) > 0 and set(names) <= set(_END_USER)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_timeout(value: Any) -> bool:
    return _is_whole(value) and 1 <= value <= _LONGEST_TIMEOUT_S


def _is_calling_name(value: Any) -> bool:
    return _is_text(value) and value.isascii() and value.isprintable() and len(value) <= 64


def _is_url(value: Any) -> bool:
    if not _is_text(value) or not value.isascii() or not value.isprintable() or " " in value:
        return False
    try:
        parts = urlsplit(value)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and has_place and "@" not in parts.netloc and "#" not in value


def _is_destination(value: Any) -> bool:
    if not isinstance(value, dict):
        return _is_text(value)
    members = {"called_number": _is_text, "calling_number": _is_text, "end_user": _is_end_user}
    return "called_number" in value and all(name in members and members[name](member) for name, member in value.items())


def _is_end_user(value: Any) -> bool:
    if not isinstance(value, dict) or not value or not set(value) <= set(_END_USER):
        return False
    avatar = value.get("avatar", "https://")
    if not _is_text(avatar) or not avatar.startswith(("http://", "https://")):
        return False
    return all(_is_text(text) or (name == "id" and _is_whole(text)) for name, text in value.items())


_PARAMETERS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys((*USER_SELECTORS, *GROUP_SELECTORS), _is_text),
    "user_id": _is_whole,
    "group_id": _is_whole,
    "group_resolver": lambda value: value in ("*", "any:CALL_CENTER"),
    "destination": _is_destination,
    "answer_timeout": _is_timeout,
    "auto_answer": lambda value: isinstance(value, bool),
    "calling_name": _is_calling_name,
    "callback_url": _is_url,
}
