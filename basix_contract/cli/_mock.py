"""`mock`: the mock PBX in the foreground, with everything one needs to call it on the screen."""

from __future__ import annotations

import json
import shlex
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from basix_contract.cli._exits import OK
from basix_contract.cli._output import emit, printable
from basix_contract.contract import load_document
from basix_contract.errors import UsageError
from basix_contract.mock import (
    DEFECTS,
    MAGIC,
    SWITCHES,
    Event,
    Likeness,
    MockOptions,
    behaviour_like,
    find_switch,
    read_likeness,
    serve_forever,
    settings_like,
)
from basix_contract.profile import Profile, User, load_profile
from basix_contract.suite import shipped_profile

_WIDTH = 96

_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "answers": "answers",
        "never-answers": "never answers",
        "rejects": "rejects",
        "busy": "is busy",
        "limited": "is at the channel limit",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MockPlan:
    """What a mock is asked to be; `switches` are NAME=VALUE texts, of two on one name the last counts.

    `like` is a file that `observe` has written; switches go before what it says.
    """

    host: str
    port: int
    profile: Path | None
    seed: int | None
    defects: tuple[str, ...]
    switches: tuple[str, ...]
    like: Path | None = None


def run_mock(plan: MockPlan) -> int:
    """Serve until Ctrl-C or SIGTERM, telling each event as it comes."""
    profile = load_profile(plan.profile or shipped_profile())
    likeness = read_likeness(plan.like) if plan.like else Likeness()
    switches = {name: find_switch(name).read(text) for name, text in map(_pair, plan.switches)}
    options: MockOptions = {
        "settings": settings_like(likeness).but(switches),
        "defects": plan.defects,
        "on_event": _Teller(profile, is_shipped=plan.profile is None).tell,
    }
    if plan.like:
        options["behaviour"] = behaviour_like(likeness)
    if plan.seed is not None:
        options["seed"] = plan.seed
    serve_forever(profile, host=plan.host, port=plan.port, **options)
    return OK


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} is no switch", where="--switch", fix="write NAME=VALUE")
    return name.strip(), value.strip()


# ── lists ──


def defects_text() -> str:
    """Return one line for each fault the mock can have: its id, the check that must catch it, what it does."""
    width = max(len(id_) for id_ in DEFECTS)
    return "".join(f"{defect.id:<{width}}  {defect.kills:<28}  {defect.summary}\n" for defect in DEFECTS.values())


def switches_text() -> str:
    """Return one line for each switch: its name, what it takes with the default in front, what it means."""
    lines = []
    for switch in SWITCHES.values():
        others = [choice for choice in switch.choices if choice != switch.default]
        takes = "|".join(str(choice).lower() for choice in (switch.default, *others))
        lines.append(f"{switch.name + '=' + takes:<52}  {switch.summary} ({switch.open_point or 'safety'})\n")
    return "".join(lines)


# ── what is shown at the start ──


@dataclass(frozen=True, slots=True)
class _Teller:
    """Writes events to stdout as they come."""

    profile: Profile
    is_shipped: bool

    def tell(self, event: Event) -> None:
        """Write the screen to begin with, or one line; what need not be seen is passed over."""
        if event.kind == "listening":
            emit(self._welcome(event.detail["base_url"], event.detail["admin_url"]))
        elif event.kind in _TELLERS:
            told = printable(_TELLERS[event.kind](event.detail))
            emit(f"{event.at_s:9.3f}  {event.call_id or '':<8}  {told}\n")

    def _welcome(self, base_url: str, admin_url: str) -> str:
        profile = self.profile
        # A profile of one's own may hold the token of a real PBX.
        token = profile.target.token if self.is_shipped else "TOKEN"
        note = "good for this mock only" if self.is_shipped else "that of the profile"
        parts = [
            f"mock PBX   {base_url}",
            f"domain     {profile.target.domain}",
            f"token      {token}   ({note})",
            f"read-out   {admin_url}/calls",
            f"try it     {admin_url}/try{self._sign_in()}   (in a browser)",
            "",
            *_listed("users", (f"{_name(user)} {_OUTCOMES[user.outcome]}" for user in _known(profile))),
            *_listed("groups", (group.name for group in profile.groups)),
            *_listed("leads to", (destination.value for destination in profile.destinations)),
            "",
            *_magic("user"),
            *_magic("destination"),
            "",
            *_try_it(base_url, profile, token),
            "Ctrl-C ends it.",
            "",
        ]
        return "\n".join(parts) + "\n"

    def _sign_in(self) -> str:
        """Return what the page signs in with, behind a sign that no browser sends anywhere."""
        target = self.profile.target
        return f"#{quote(target.domain)}:{quote(target.token)}" if self.is_shipped else ""


def _known(profile: Profile) -> Iterator[User]:
    return (user for user in profile.users if user.outcome in _OUTCOMES)


def _name(user: User) -> str:
    return user.name or user.label or user.extension or str(user.id)


def _listed(label: str, items: Iterator[str]) -> Iterator[str]:
    told = textwrap.wrap(", ".join(items), _WIDTH - 11)
    yield from (f"{'' if place else label:<10} {line}" for place, line in enumerate(told))


def _magic(kind: str) -> Iterator[str]:
    for place, magic in enumerate(entry for entry in MAGIC.values() if entry.kind == kind):
        label = "" if place else f"magic {kind}s"
        yield f"{label:<19} {magic.name:<19} {magic.summary}"


def _try_it(base_url: str, profile: Profile, token: str) -> Iterator[str]:
    """Offer Example 1 of the document to paste, its user and number replaced where the directory lacks them."""
    document = load_document()
    user = next(iter(profile.users_who("answers")), None)
    place = next(iter(profile.destinations), None)
    selectors = {name: getattr(user, name.removeprefix("user_"), "") for name in document.user_selectors}
    given = next(((name, value) for name, value in selectors.items() if value not in ("", None)), None)
    if given is None or place is None:
        return
    body = json.dumps({given[0]: given[1], "destination": place.value}, ensure_ascii=False)
    sign_in = shlex.quote(f"{profile.target.domain}:{token}")
    yield f"curl -u {sign_in} \\"
    yield f"  {base_url}{document.operation_path} \\"
    yield f"  -H 'Content-Type: {document.media_type}' \\"
    yield f"  -d {shlex.quote(body)}"
    yield ""


# ── what is told as it happens ──


def _call(detail: Mapping[str, Any]) -> str:
    return f"call      {detail['user']} is rung for {detail['destination']}: {', '.join(detail['uuids'])}"


def _reply(detail: Mapping[str, Any]) -> str:
    return f"reply     {detail['status']} {detail['body']}"


def _callback(detail: Mapping[str, Any]) -> str:
    came_of_it = f"answered {detail['status']}" if detail["error"] is None else f"failed: {detail['error']}"
    return f"callback  {detail['url']} {detail['body']} {came_of_it}"


def _crash(detail: Mapping[str, Any]) -> str:
    return f"crash     {detail['error']}"


_TELLERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {"call": _call, "reply": _reply, "callback": _callback, "crash": _crash}
)
