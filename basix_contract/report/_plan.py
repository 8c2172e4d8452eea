"""A plan before it is played: who would be rung, how often and for how long, for somebody who answers for it.

People are rows of the profile and numbers their last three digits, unless the plan was asked to reveal them.
"""

from __future__ import annotations

import json
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from basix_contract.profile import Profile, User
from basix_contract.report._excerpts import printable
from basix_contract.suite import PlannedStep, Preview

_WIDTH = 100
_WITHHELD = "withheld"
_SECONDS_A_MINUTE = 60

_CONSEQUENCES: Mapping[str, str] = MappingProxyType(
    {
        "rings": "names a user and should be accepted: a telephone rings",
        "may-ring": "names a user and should be refused, or may be: a telephone rings if it is not",
        "cannot-ring": "names nobody",
        _WITHHELD: "the gate keeps it back, for the reason given with it",
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
    """Return a plan as JSON: the totals, then every request in its order."""
    members = {
        "target": plan.target,
        "requests": len(plan.steps),
        "counts": _counts(plan),
        "may_ring": plan.may_ring,
        "budget": plan.budget,
        "expected_s": round(_lasts_s(plan, profile, ("rings",)), 3),
        "steps": [_members(step) for step in plan.steps],
    }
    text = json.dumps(members, ensure_ascii=False, indent=2)
    return (text + "\n").encode("utf-8", "backslashreplace")


def _members(step: PlannedStep) -> dict[str, Any]:
    return {
        "id": step.id,
        "scenario": step.scenario,
        "title": step.title,
        "expect": step.expect,
        "user": step.user,
        "consequence": step.consequence,
        "rings_for_s": step.rings_for_s,
        "destination": step.destination,
        "callback": step.callback,
        "withheld": step.withheld,
    }


def plan_text(plan: Preview, profile: Profile, *, reveals_numbers: bool = False) -> str:
    """Return a plan as text: every request in its order, then who is rung and what it comes to."""
    lines = [f"Nothing has been sent. This is what would be, to {printable(plan.target)}:"]
    lines += _requests(plan)
    lines += ["", "Whom it reaches", *_people(plan, profile, reveals_numbers=reveals_numbers)]
    lines += ["", "What it comes to", *_totals(plan, profile), ""]
    return "\n".join(lines)


# ── every request ──


def _requests(plan: Preview) -> Iterator[str]:
    whom = max((len(_whom(step)) for step in plan.steps), default=0)
    where = max((len(_where(step)) for step in plan.steps), default=0)
    scenario = ""
    for number, step in enumerate(plan.steps, 1):
        if step.scenario != scenario:
            scenario = step.scenario
            yield from ("", scenario)
        facts = f"{number:>5}  {_consequence(step):<11}  {_whom(step):<{whom}}  {_where(step):<{where}}  "
        yield from _folded(facts, printable(step.title) + (" + callback" if step.callback else ""))
        if step.withheld:
            yield from _folded(" " * 7, printable(step.withheld))


def _consequence(step: PlannedStep) -> str:
    return _WITHHELD if step.withheld else step.consequence


def _whom(step: PlannedStep) -> str:
    if not step.user:
        return "nobody"
    return step.user if step.rings_for_s is None else f"{step.user} up to {_duration(step.rings_for_s)}"


def _where(step: PlannedStep) -> str:
    return f"→ {printable(step.destination)}" if step.destination else ""


def _folded(before: str, text: str) -> Iterator[str]:
    told = textwrap.wrap(text, max(_WIDTH - len(before), _WIDTH // 4)) or [""]
    for place, line in enumerate(told):
        yield (before if not place else " " * len(before)) + line


# ── people ──


def _people(plan: Preview, profile: Profile, *, reveals_numbers: bool) -> Iterator[str]:
    steps = tuple(_that_ring(plan.steps))
    if not steps:
        yield "  nobody"
    users = {f"users[{number}]": user for number, user in enumerate(profile.users)}
    places = {f"destinations[{number}]": place for number, place in enumerate(profile.destinations)}
    for name, user in users.items():
        rung = [step.rings_for_s or 0.0 for step in steps if step.user == name]
        if rung:
            told = (
                f"{_times(len(rung))}, {_duration(sum(rung))} at most in all; the telephone {_OUTCOMES[user.outcome]}"
            )
            yield f"  {name:<16}  {told}{_revealed(user) if reveals_numbers else ''}"
    for name, place in places.items():
        calls = sum(step.destination.startswith(name) for step in steps)
        if calls:
            ending = "ends by itself" if place.ends_by_itself else "goes on until somebody hangs up"
            yield f"  {name:<16}  {_times(calls)}; an answered call there {ending}"


def _revealed(user: User) -> str:
    known = (user.label or user.name, user.extension, user.did, user.email)
    return f" ({', '.join(printable(part) for part in known if part)})"


def _that_ring(steps: Iterable[PlannedStep], kinds: tuple[str, ...] = ("rings", "may-ring")) -> Iterator[PlannedStep]:
    return (step for step in steps if step.consequence in kinds and not step.withheld)


# ── totals ──


def _totals(plan: Preview, profile: Profile) -> Iterator[str]:
    for name, count in _counts(plan).items():
        yield f"  {count:>5}  {name:<11}  {_CONSEQUENCES[name]}"
    yield f"  {len(plan.steps):>5}  in all"
    yield ""
    yield f"  {plan.may_ring} calls at most, of a budget of {plan.budget}"
    if plan.may_ring > plan.budget:
        over = plan.may_ring - plan.budget
        yield f"  that is {over} too few: the last may be withheld (raise max_calls, or ask for less with --only)"
    expected_s, longest_s = (_lasts_s(plan, profile, kinds) for kinds in (("rings",), ("rings", "may-ring")))
    yield f"  about {_duration(expected_s)}, and {_duration(longest_s)} if all rings that may ring"


def _counts(plan: Preview) -> dict[str, int]:
    counted = Counter(_consequence(step) for step in plan.steps)
    return {name: counted[name] for name in _CONSEQUENCES}


def _lasts_s(plan: Preview, profile: Profile, kinds: tuple[str, ...]) -> float:
    """Return how long a run lasts where replies are prompt: calls of one user follow each other, the rest overlaps."""
    telephones = defaultdict[str, float](float)
    for step in _that_ring(plan.steps, kinds):
        telephones[step.user] += step.rings_for_s or 0.0
    paced_s = profile.limits.min_interval_s * sum(not step.withheld for step in plan.steps)
    return max(paced_s, *telephones.values(), 0.0) + profile.callback.grace_s


def _duration(seconds: float) -> str:
    if seconds < _SECONDS_A_MINUTE:
        return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.0f} s"
    return f"{seconds // _SECONDS_A_MINUTE:.0f} min {seconds % _SECONDS_A_MINUTE:.0f} s"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
