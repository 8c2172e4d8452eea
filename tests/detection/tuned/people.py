"""Calls to people who exist: schemathesis draws a body, and the names in it are replaced by those of the profile."""

from __future__ import annotations

import json
import os
import time
import tomllib
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

Person = dict[str, Any]
Body = dict[str, Any]

PROFILE = tomllib.loads(Path(os.environ["BASIX_PROFILE"]).read_text("utf-8"))
COMPONENTS = yaml.safe_load(Path(os.environ["BASIX_DOCUMENT"]).read_text("utf-8"))["components"]
SCHEMAS = COMPONENTS["schemas"]
GROUPS: dict[str, Person] = {group["name"]: group for group in PROFILE["groups"]}
PLACES: list[Person] = PROFILE["destinations"]
COLUMNS = ("id", "name", "label", "extension", "did", "email")
LONGEST_S = 180
SHORT_HUNT_S = 1

# A hunt that nobody answers lasts a second: one call in so many is enough.
SELDOM = 12
USERS: list[Person] = PROFILE["users"]
QUICK = [user for user in USERS if user["outcome"] != "never-answers"]
ROTA = [user for _ in range(SELDOM) for user in QUICK] + [user for user in USERS if user not in QUICK]


def schema_of(name: str) -> jsonschema_rs.Draft202012Validator:
    """The schema of one component, ready to validate."""
    return jsonschema_rs.Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": COMPONENTS})


REQUEST = schema_of("CallUserRequest")


def is_call(body: Any) -> bool:
    """Is this a JSON object that the document's schema accepts?"""
    return isinstance(body, dict) and REQUEST.is_valid(body)


def number_of(body: Mapping[str, Any]) -> int:
    """A number that depends on the body alone, so that a body sent again is changed in the same way."""
    return zlib.crc32(json.dumps(body, sort_keys=True).encode())


def given(body: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The selectors of a kind that say something, by their column."""
    return {column: body[f"{kind}_{column}"] for column in COLUMNS if body.get(f"{kind}_{column}") not in (None, "")}


def introduced(body: Body) -> Body:
    """The same call, for somebody of the profile and to a place in it.

    One in four stays as it was drawn, two in four lose what the document leaves open.
    """
    number = number_of(body)
    if number % 4 == 0:
        return body
    body = _simplified(body, number // 4) if number % 4 > 1 else dict(body)
    wants_group = bool(given(body, "group") or body.get("group_resolver"))
    users = [user for user in ROTA if user.get("groups") or not wants_group]
    user = users[number // 4 % len(users)]
    for column in given(body, "user"):
        body[f"user_{column}"] = user[column]
    _introduce_group(body, user, number)
    body["destination"] = _placed(body["destination"], number)
    if user["outcome"] == "never-answers":
        body["answer_timeout"] = SHORT_HUNT_S
    return body


def user_of(body: Mapping[str, Any]) -> Person | None:
    """The user whom every selector of the body names."""
    selectors = given(body, "user")
    fitting = (user for user in USERS if all(str(user[column]) == str(value) for column, value in selectors.items()))
    return next(fitting, None) if selectors else None


def names_nobody(body: Mapping[str, Any]) -> bool:
    """Is there no selector that could be anybody's, even read loosely?"""
    values = [str(value).strip().lower() for value in given(body, "user").values()]
    return not any(str(user[column]).lower() in values for user in USERS for column in COLUMNS)


def is_plain(body: Mapping[str, Any]) -> bool:
    """Must this valid call be accepted: people of the profile, and nothing that the document leaves open (A01-A38)?"""
    user, place = user_of(body), body["destination"]
    columns, groups = tuple(given(body, "user")), given(body, "group")
    own = [GROUPS[name] for name in (user or {}).get("groups", [])]
    number = place["called_number"] if isinstance(place, dict) else place.rpartition("}")[2]
    holds = (
        user is not None and user["outcome"] not in ("busy", "limited"),
        len(columns) == 1 or columns == ("name", "email"),
        not groups or any(group[column] == value for column, value in groups.items() for group in own),
        len(groups) + ("group_resolver" in body) <= 1,
        set(body) <= set(SCHEMAS["CallUserRequest"]["properties"]),
        all(value not in (None, "", {}) for name, value in body.items() if name != "user_email"),
        type(body.get("answer_timeout", 1)) is int and body.get("answer_timeout", 1) <= LONGEST_S,
        number in [known["value"] for known in PLACES],
        _is_plain_place(place),
    )
    return all(holds)


class Telephones:
    """Nobody is called again while their telephones ring."""

    def __init__(self) -> None:
        self._free_at_s: dict[str, float] = {}

    def wait_for(self, user: Person | None) -> None:
        """Return once the user's last hunt is over."""
        time.sleep(max(0.0, self._free_at_s.get((user or {}).get("name", ""), 0.0) - time.monotonic()))

    def ring(self, user: Person | None) -> None:
        """Note that a hunt begins."""
        if user is not None:
            hunt_s = SHORT_HUNT_S if user["outcome"] == "never-answers" else user.get("outcome_after_s", 0.0)
            self._free_at_s[user["name"]] = time.monotonic() + hunt_s + 0.02


def _simplified(body: Body, number: int) -> Body:
    """One selector, one group at most, the options that were drawn, and nothing that is empty or not documented."""
    users, groups = list(given(body, "user")), list(given(body, "group"))
    kept: Body = {name: body[name] for name in ("auto_answer", "calling_name", "callback_url") if name in body}
    kept["destination"] = body["destination"]
    kept[f"user_{users[number % len(users)]}"] = ""
    if groups:
        kept[f"group_{groups[number % len(groups)]}"] = ""
    elif body.get("group_resolver"):
        kept["group_resolver"] = body["group_resolver"]
    if body.get("answer_timeout", 0) in range(1, LONGEST_S + 1):
        kept["answer_timeout"] = int(body["answer_timeout"])
    if isinstance(body["destination"], dict):
        kept["destination"] = _documented(body["destination"], "DestinationObject")
    # Any text will do where the names of the profile are going to stand.
    return {name: value if value != "" or name == "calling_name" else "?" for name, value in kept.items()}


def _documented(value: Body, schema: str) -> Body:
    known = {name: part for name, part in value.items() if name in SCHEMAS[schema]["properties"]}
    if isinstance(known.get("end_user"), dict):
        known["end_user"] = _documented(known["end_user"], "EndUser")
    return known


def _is_plain_place(place: Any) -> bool:
    if not isinstance(place, dict):
        return not place.startswith("{") or set(_keys_of(place)) <= {"name", "organization"}
    own_number = {known["value"]: known.get("calling_number") for known in PLACES}.get(place["called_number"])
    is_own = place.get("calling_number", own_number) == own_number
    is_documented = set(place) <= set(SCHEMAS["DestinationObject"]["properties"])
    return is_own and is_documented and _is_plain_person(place.get("end_user", {"name": "?"}))


def _is_plain_person(end_user: Body) -> bool:
    is_documented = set(end_user) <= set(SCHEMAS["EndUser"]["properties"])
    return is_documented and bool(end_user) and all(isinstance(value, str) and value for value in end_user.values())


def _keys_of(inline: str) -> list[str]:
    return [pair.partition("=")[0] for pair in inline[1:].partition("}")[0].split(",")]


def _introduce_group(body: Body, user: Person, number: int) -> None:
    names = user.get("groups", [])
    if body.get("group_resolver"):
        is_agent = any(GROUPS[name]["kind"] == "CALL_CENTER" for name in names)
        body["group_resolver"] = "any:CALL_CENTER" if is_agent and number % 3 else "*"
    for column in given(body, "group"):
        body[f"group_{column}"] = GROUPS[names[number % len(names)]][column]


def _placed(destination: Any, number: int) -> Any:
    lines = [place for place in PLACES if place["kind"] == "pstn"]
    line = lines[number // 8 % len(lines)]
    if isinstance(destination, dict):
        called = {**destination, "called_number": line["value"]}
        return {**called, "calling_number": line["calling_number"]} if "calling_number" in called else called
    if destination.startswith("{name="):
        return destination.rpartition("}")[0] + "}" + line["value"]
    return PLACES[number // 8 % len(PLACES)]["value"]
