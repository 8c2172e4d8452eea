"""User selectors: each alone, several, unknown, empty, of a wrong type, and look-alikes of real ones."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from basix_contract.suite._scenario import CALLBACK_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import User
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk

# Values no telephone system can take for a person; none of them could be coerced into one either.
_TELLING = 3
_OTHER_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_WIDE = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
_OTHER_KANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_NOBODY: tuple[tuple[str, Any], ...] = (
    ("true", True),
    ("false", False),
    ("an empty list", []),
    ("an empty object", {}),
    ("a list of nothing", [None]),
)
# What a careless database layer would take for a question rather than a value; never asked of a given target.
_QUERIES: tuple[tuple[str, Any], ...] = (
    ("a query object", {"$ne": None}),
    ("another query object", {"$gt": ""}),
    ("a pattern object", {"$regex": ".*"}),
)


def plan_selectors(desk: Desk) -> tuple[Scenario, ...]:
    """Plan everything about whom a request names."""
    return (
        *desk.family("selectors", _alone(desk)),
        *desk.family("selectors-several", _several(desk)),
        *desk.family("selectors-nobody", _nobody(desk)),
        *desk.family("selectors-open", _open(desk)),
    )


def _alone(desk: Desk) -> Iterator[Step]:
    """Each selector of each user who answers, alone; the last of them has a scenario with look-alikes to himself."""
    for user in desk.profile.users_who("answers")[:-1]:
        yield from _each_selector(desk, user)


def _each_selector(desk: Desk, user: User) -> Iterator[Step]:
    destination = desk.destination()
    for name, value in desk.selectors_of(user).items():
        body = {name: value, "destination": destination.value if destination else ""}
        is_foreign = name == "user_label" and not str(value).isascii()
        probe = "selectors/label-unicode" if is_foreign else _probe(name)
        yield desk.step(probe, f"{name} alone, {desk.alias(user)}", body, user=user)


def _probe(name: str) -> str:
    return "selectors/" + name.replace("_", "-")


def _several(desk: Desk) -> Iterator[Step]:
    for user in desk.profile.users_who("answers"):
        own = desk.selectors_of(user)
        rest = dict.fromkeys(desk.base_selector(user))
        if "user_name" not in own or "user_email" not in own:
            continue
        pair = {"user_name": own["user_name"], "user_email": own["user_email"]}
        yield desk.step(
            "selectors/vendor-pair",
            "user_name and user_email of one user",
            desk.call(user, **rest | pair),
            user=user,
        )
        yield desk.step(
            "selectors/all-agree",
            "every selector of one user",
            desk.call(user, **own),
            user=user,
            expect="open",
        )
        yield desk.step(
            "selectors/empty-beside-good",
            "an empty user_email beside a good user_name",
            desk.call(user, **rest | pair | {"user_email": ""}),
            user=user,
        )
        return


def _nobody(desk: Desk) -> Iterator[Step]:
    """Refusals between good calls: each value is known to the target before it stands where it does not belong."""
    for user in desk.profile.users_who("answers")[-1:]:
        control = desk.control("selectors", user, desk.call(user, callback_url=CALLBACK_URL))
        yield control
        alone = tuple(_each_selector(desk, user))
        yield from alone
        bare = desk.call(user, **dict.fromkeys(desk.base_selector(user)), callback_url=CALLBACK_URL)
        yield from (
            desk.step(probe, title, {**selector, **bare}, expect="refuse", control=control.id)
            for probe, title, selector in _selectors_of_nobody(desk, user)
        )
        for before in alone:
            title = f"{before.title}, after its look-alikes"
            yield desk.step("state/after-error", title, before.body, user=user, control=before.id)


def _selectors_of_nobody(desk: Desk, user: User) -> Iterator[tuple[str, str, dict[str, Any]]]:
    names = tuple(desk.selectors_of(user))
    yield "selectors/none", "no user selector", {}
    yield "selectors/none", "a group instead of a user", _group_only(desk)
    yield from (("selectors/empty", f"{name} empty", {name: ""}) for name in names)
    yield from (("selectors/empty", f"{name} null", {name: None}) for name in names)
    yield from (("selectors/empty", f"{name} of blanks", {name: " \t"}) for name in names if name != "user_id")
    yield "selectors/empty", "every selector empty", dict.fromkeys(names, "")
    for title, value in (*_NOBODY, *(_QUERIES if desk.is_embedded else ())):
        yield from (("selectors/wrong-type", f"{name} is {title}", {name: value}) for name in names)
    yield from (("selectors/unknown", f"an absent {name}", {name: value}) for name, value in _absent(desk))
    yield from (("selectors/look-alike", title, selector) for title, selector in _look_alikes(desk))
    if user.name:
        yield "selectors/name-name", "name_name instead of user_name", {"name_name": user.name}


def _group_only(desk: Desk) -> dict[str, Any]:
    group = next(iter(desk.profile.groups), None)
    return dict(list(desk.group_members(group).items())[:1]) if group else {}


def _absent(desk: Desk) -> Iterator[tuple[str, Any]]:
    """Read the profile's proven absences; values of selectors it gives none for are made up for the embedded mock."""
    known: dict[str, list[Any]] = {}
    for row in desk.profile.absent.users:
        for key, value in row.items():
            if not _is_look_alike(desk, key, value):
                known.setdefault(f"user_{key}", []).append(value)
    if desk.is_embedded:
        for name in desk.user_selectors:
            known.setdefault(name, []).append(99999999 if name == "user_id" else f"nobody-{name.partition('_')[2]}")
    return ((name, value) for name, values in known.items() for value in values)


def _look_alikes(desk: Desk) -> Iterator[tuple[str, dict[str, Any]]]:
    """Take the absent selectors that resemble a user's; only for the embedded mock are some made up."""
    for row in desk.profile.absent.users:
        for key, value in row.items():
            if _is_look_alike(desk, key, value):
                yield f"an absent user_{key} that resembles a user's", {f"user_{key}": value}
    if desk.is_embedded:
        users = desk.profile.users_who("answers")
        for other in users[-1:]:
            yield from _made_up(desk.selectors_of(other))
        for other in users:
            yield from _respelt(desk.selectors_of(other))
        yield from _groups_as_users(desk)


def _groups_as_users(desk: Desk) -> Iterator[tuple[str, dict[str, Any]]]:
    for group in desk.profile.groups:
        for name, value in desk.group_members(group).items():
            as_user = name.replace("group_", "user_")
            if as_user in desk.user_selectors:
                yield f"a group's {name} as {as_user}", {as_user: value}


def _is_look_alike(desk: Desk, key: str, value: object) -> bool:
    return any(_resembles(str(value), str(getattr(user, key, ""))) for user in desk.profile.users)


def _resembles(value: str, other: str) -> bool:
    """Tell whether one is a part of the other, or they begin alike."""
    shortest = min(len(value), len(other))
    return shortest >= _TELLING and (value in other or other in value or value[:_TELLING] == other[:_TELLING])


def _made_up(own: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Change each selector of a user a little, and put it into a member where it does not belong."""
    for name, value in own.items():
        if not isinstance(value, str):
            continue
        for title, twisted in _twisted(value):
            yield f"{name} {title}", {name: twisted}
    if isinstance(own.get("user_id"), int):
        yield "user_id one digit short", {"user_id": own["user_id"] // 10}
        yield "user_id below zero", {"user_id": -own["user_id"]}
        yield "user_id zero", {"user_id": 0}
        yield "user_id with a fraction", {"user_id": own["user_id"] + 0.5}
    for name, value in own.items():
        yield from _in_the_wrong_member(own, name, value)


def _twisted(value: str) -> tuple[tuple[str, str], ...]:
    return (
        ("cut short", value[:-1]),
        ("with a letter more", value + "x"),
        ("without its first letter", value[1:]),
        ("with a percent sign", value[:2] + "%"),
        ("with an asterisk", value[:2] + "*"),
        ("as a pattern", ".*"),
        ("with a question mark", value[:-1] + "?"),
        ("with an underscore", value[:-1] + "_"),
        ("between quotes", f"' OR '1'='1' -- {value[:0]}"),
        ("cut at a NUL", value + "\0"),
        ("with a line end behind it", value + "\nx"),
        ("with a zero before it", "0" + value),
        ("twice", f"{value},{value}"),
    )


def _respelt(own: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Spell a user's values in other digits, letters and kana, and without the marks on their letters."""
    for name, value in own.items():
        if not isinstance(value, str):
            continue
        if "@" in value:
            yield f"{name} with a tag", {name: value.replace("@", "+pbx@")}
        if value.isdigit():
            yield f"{name} in digits of another script", {name: value.translate(_OTHER_DIGITS)}
        for title, twisted in (
            ("without the marks on its letters", _without_marks(value)),
            ("in wide letters", value.translate(_WIDE)),
            ("in the other kana", value.translate(_OTHER_KANA)),
            ("as it stands in a URL", f"%{value[:1].encode().hex().upper()}{value[1:]}" if value.isascii() else value),
        ):
            if twisted != value:
                yield f"{name} {title}", {name: twisted}


def _without_marks(value: str) -> str:
    parts = unicodedata.normalize("NFKD", value)
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))


def _in_the_wrong_member(own: dict[str, Any], name: str, value: object) -> Iterator[tuple[str, dict[str, Any]]]:
    for other, right in own.items():
        if other not in (name, "user_id") and str(value) != str(right):
            yield f"the {name} as {other}", {other: str(value)}


def _open(desk: Desk) -> Iterator[Step]:
    user = desk.next_user()
    if user is None:
        return
    rest = dict.fromkeys(desk.base_selector(user))
    for probe, title, selector in _open_forms(desk.selectors_of(user)):
        yield desk.step(probe, title, desk.call(user, **rest | selector), user=user, expect="open")


def _open_forms(own: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    other, case = "selectors/other-json-type", "selectors/case-and-blanks"
    for name, value in own.items():
        if isinstance(value, int):
            yield other, f"{name} as text", {name: str(value)}
        elif value.isdigit():
            yield other, f"{name} as a number", {name: int(value)}
        elif value.isascii():
            yield case, f"{name} in the other case", {name: value.swapcase()}
            yield case, f"{name} between blanks", {name: f" {value} "}
