"""A plan before it is played: who would be rung, how often and for how long, for somebody who answers for it.

People are rows of the profile and numbers their last three digits, unless the plan was asked to reveal them.
"""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType

from basix_contract.profile import Profile, User
from basix_contract.report._excerpts import printable
from basix_contract.report._plan_short import (
    duration,
    is_left_out,
    lasts_s,
    longest_s,
    shortly,
    some,
    that_ring,
    times,
)
from basix_contract.suite import PlannedStep, Preview

_WIDTH = 100
_WITHHELD = "withheld"

_CONSEQUENCES: Mapping[str, str] = MappingProxyType(
    {
        "rings": "names a user and is to be accepted: a telephone rings",
        "may-ring": "names a user and is to be refused, or may be: a telephone rings if it is not",
        "cannot-ring": "names nobody",
        _WITHHELD: "is kept back, for the reason given with it",
    }
)
_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "answers": "answers",
        "never-answers": "rings on",
        "rejects": "rejects",
        "busy": "is busy",
        "limited": "is at its channel limit",
        "unknown": "does what nobody knows",
    }
)


def plan_json(plan: Preview, profile: Profile) -> bytes:
    """Return a plan as JSON: the totals, then every request in the order in which it is played."""
    members = {
        "target": plan.target,
        "is_live": plan.is_live,
        "requests": len(plan.steps),
        "counts": _counts(plan),
        "may_ring": plan.may_ring,
        "budget": plan.budget,
        "wrong_credentials": sum(step.has_wrong_credentials and not step.withheld for step in plan.steps),
        "questions": sum(len(step.asks) for step in plan.steps if not step.withheld),
        "expected_s": round(lasts_s(plan, profile), 3),
        "longest_s": round(longest_s(plan, profile), 3),
        "steps": [asdict(step) for step in plan.steps],
    }
    text = json.dumps(members, ensure_ascii=False, indent=2)
    return (text + "\n").encode("utf-8", "backslashreplace")


def plan_text(plan: Preview, profile: Profile, *, reveals_numbers: bool = False) -> str:
    """Return a plan as text: every request in its order, whom they reach, and in short what it comes to."""
    lines = [f"Nothing has been sent. This is what would be, to {printable(plan.target)}:"]
    lines += _requests(plan)
    lines += ["", "Whom it reaches", *_people(plan, profile, reveals_numbers=reveals_numbers)]
    lines += ["", "What it comes to", *_totals(plan)]
    lines += ["", "In short", *shortly(plan, profile), ""]
    return "\n".join(lines)


# ── every request ──


def _requests(plan: Preview) -> Iterator[str]:
    whom = max((len(_whom(step)) for step in plan.steps), default=0)
    where = max((len(_where(step)) for step in plan.steps), default=0)
    scenario = ""
    for number, step in enumerate(plan.steps, 1):
        if is_left_out(step):
            continue
        if step.scenario != scenario:
            scenario = step.scenario
            yield from ("", scenario)
        facts = f"{number:>5}  {_consequence(step):<11}  {_whom(step):<{whom}}  {_where(step):<{where}}  "
        yield from _folded(facts, printable(step.title) + "".join(_marks(step)))
        for line in (step.withheld, *(f"asks: {asked}" for asked in step.asks)):
            yield from _folded(" " * 7, printable(line)) if line else ()
    beyond = sum(map(is_left_out, plan.steps))
    if beyond:
        yield from ("", f"Left out: {some(beyond, 'request', 'requests')} beyond the budget of {plan.budget} calls.")


def _marks(step: PlannedStep) -> Iterator[str]:
    yield " + callback" if step.callback else ""
    yield " + WRONG CREDENTIALS" if step.has_wrong_credentials else ""


def _consequence(step: PlannedStep) -> str:
    return _WITHHELD if step.withheld else step.consequence


def _whom(step: PlannedStep) -> str:
    if step.consequence == "cannot-ring":
        return "nobody"
    if not step.user:
        return "a listed user"
    return step.user if step.rings_for_s is None else f"{step.user} up to {duration(step.rings_for_s)}"


def _where(step: PlannedStep) -> str:
    if not step.destination:
        return ""
    talk = f" up to {duration(step.talks_for_s)}" if step.talks_for_s else ""
    return f"→ {printable(step.destination)}{talk}"


def _folded(before: str, text: str) -> Iterator[str]:
    told = textwrap.wrap(text, max(_WIDTH - len(before), _WIDTH // 4)) or [""]
    for place, line in enumerate(told):
        yield (before if not place else " " * len(before)) + line


# ── people ──


def _people(plan: Preview, profile: Profile, *, reveals_numbers: bool) -> Iterator[str]:
    steps = tuple(that_ring(plan.steps))
    if not steps:
        yield "  nobody"
    users = {f"users[{number}]": user for number, user in enumerate(profile.users)}
    places = {f"destinations[{number}]": place for number, place in enumerate(profile.destinations)}
    for name, user in users.items():
        rung = [step.rings_for_s or 0.0 for step in steps if step.user == name]
        if rung:
            told = f"{times(len(rung))}, {duration(sum(rung))} at most in all; the telephone {_OUTCOMES[user.outcome]}"
            yield f"  {name:<16}  {told}{_revealed(user) if reveals_numbers else ''}"
    for name, place in places.items():
        calls = sum(step.destination.startswith(name) for step in steps)
        if calls:
            after = "" if place.ends_after_s is None else f" after {duration(place.ends_after_s)} at most"
            ending = f"ends by itself{after}" if place.ends_by_itself else f"goes on until somebody hangs up{after}"
            yield f"  {name:<16}  {times(calls)}; an answered call there {ending}"


def _revealed(user: User) -> str:
    known = (user.label or user.name, user.extension, user.did, user.email)
    return f" ({', '.join(printable(part) for part in known if part)})"


# ── totals ──


def _totals(plan: Preview) -> Iterator[str]:
    for name, count in _counts(plan).items():
        yield f"  {count:>5}  {name:<11}  {_CONSEQUENCES[name]}"
    yield f"  {len(plan.steps):>5}  in all"


def _counts(plan: Preview) -> dict[str, int]:
    counted = Counter(_consequence(step) for step in plan.steps)
    return {name: counted[name] for name in _CONSEQUENCES}
