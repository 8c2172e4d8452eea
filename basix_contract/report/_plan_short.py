"""A plan in a few sentences, for somebody who decides whether it may be played."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator

from basix_contract.profile import Profile
from basix_contract.report._excerpts import printable
from basix_contract.suite import PlannedStep, Preview

_WIDTH = 100
_SECONDS_A_MINUTE, _SECONDS_AN_HOUR = 60, 3600
_OVER_BUDGET = "gate[budget]"


def shortly(plan: Preview, profile: Profile) -> Iterator[str]:
    """Yield what a plan comes to, sentence by sentence, on lines that fit a screen."""
    for told in (_calls(plan), _talks(plan, profile), _budget(plan), _time(plan, profile), *_live(plan, profile)):
        yield from textwrap.wrap(told, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def that_ring(steps: Iterable[PlannedStep], kinds: tuple[str, ...] = ("rings", "may-ring")) -> Iterator[PlannedStep]:
    """Return the steps that may ring somebody and are not kept back."""
    return (step for step in steps if step.consequence in kinds and not step.withheld)


def lasts_s(plan: Preview, profile: Profile) -> float:
    """Return how long a run lasts where replies are prompt and telephones do as the profile says."""
    return _length_s(plan, profile, [(step.user, step.lasts_s) for step in that_ring(plan.steps, ("rings",))])


def longest_s(plan: Preview, profile: Profile) -> float:
    """Return how long it lasts where all rings that may ring, for as long as it may."""
    calls = [(step.user, (step.rings_for_s or 0.0) + (step.talks_for_s or 0.0)) for step in that_ring(plan.steps)]
    return _length_s(plan, profile, calls)


def _length_s(plan: Preview, profile: Profile, calls: list[tuple[str, float]]) -> float:
    """Add up calls: of real telephones one follows another, elsewhere only those of one user do."""
    telephones = defaultdict[str, float](float)
    for user, call_s in calls:
        telephones["" if plan.is_live else user] += call_s
    paced_s = profile.limits.min_interval_s * sum(not step.withheld for step in plan.steps)
    played_s = telephones[""] + paced_s if plan.is_live else max(paced_s, *telephones.values(), 0.0)
    return played_s + profile.callback.grace_s


def is_left_out(step: PlannedStep) -> bool:
    """Tell whether a step is kept back because the budget is used up by then."""
    return step.withheld.startswith(_OVER_BUDGET)


def duration(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds < _SECONDS_A_MINUTE:
        return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.0f} s"
    if seconds < _SECONDS_AN_HOUR:
        rest_s = round(seconds % _SECONDS_A_MINUTE)
        return f"{seconds // _SECONDS_A_MINUTE:.0f} min" + (f" {rest_s} s" if rest_s else "")
    return f"{seconds // _SECONDS_AN_HOUR:.0f} h {seconds % _SECONDS_AN_HOUR // _SECONDS_A_MINUTE:.0f} min"


def times(number: int) -> str:
    """Return how often, in words."""
    return "once" if number == 1 else f"{number} times"


def _calls(plan: Preview) -> str:
    sure, possible = (list(that_ring(plan.steps, (kind,))) for kind in ("rings", "may-ring"))
    if not sure and not possible:
        return "No telephone rings."
    longest = max(step.rings_for_s or 0.0 for step in (*sure, *possible))
    people = len({step.user for step in sure})
    told = f"Telephones of {people} user{'s' if people != 1 else ''} ring, {times(len(sure))} in all"
    told += f", each time for {duration(longest)} at most."
    more = some(len(possible), "more request rings", "more requests ring")
    return f"{told} {more} one only where the server does not refuse it." if possible else told


def _talks(plan: Preview, profile: Profile) -> str:
    named = {step.destination.partition("]")[0] + "]" for step in that_ring(plan.steps) if step.destination}
    rows = {f"destinations[{number}]": row for number, row in enumerate(profile.destinations)}
    places = [row for name, row in rows.items() if name in named]
    if not places:
        return ""
    open_ended = [name for name, row in rows.items() if name in named and not row.ends_by_itself]
    told = f"Who answers is connected to one of {len(places)} destinations" if len(places) > 1 else ""
    told = told or "Who answers is connected to one destination"
    if open_ended:
        return f"{told}; calls to {', '.join(open_ended)} go on until somebody hangs up."
    longest = max(row.ends_after_s or 0.0 for row in places)
    return f"{told}, where every call ends by itself{f' after {duration(longest)} at most' if longest else ''}."


def _budget(plan: Preview) -> str:
    beyond = sum(map(is_left_out, plan.steps))
    told = f"{some(plan.may_ring, 'call', 'calls')} at most, of a budget of {plan.budget}"
    advice = "(raise max_calls, or ask for less with --only)"
    if beyond:
        return f"{told}; {some(beyond, 'more is', 'more are')} left out, for it is used up by then {advice}."
    over = plan.may_ring - plan.budget
    return f"{told}: that is {over} too few, the last may be withheld {advice}." if over > 0 else f"{told}."


def _time(plan: Preview, profile: Profile) -> str:
    expected, longest = duration(lasts_s(plan, profile)), duration(longest_s(plan, profile))
    return f"It takes about {expected}, and {longest} if all rings that may ring, for as long as it may."


def _live(plan: Preview, profile: Profile) -> Iterator[str]:
    live, wrong = profile.live, sum(step.has_wrong_credentials and not step.withheld for step in plan.steps)
    if wrong and plan.is_live:
        said = some(wrong, "request carries", "requests carry")
        yield f"{said} wrong credentials, at the very end: a PBX may lock the account."
    if not plan.is_live:
        return
    asked = sum(len(step.asks) for step in plan.steps)
    if asked:
        what = some(asked, "question", "questions")
        yield f"Whoever sits at the terminal is asked {what}; without a terminal those points stay open."
    if live.quiet_hours:
        yield f"Nothing is sent in the quiet hours, {live.quiet_hours} {live.time_zone}."
    brake = f", or create the file {printable(profile.limits.stop_file)}" if profile.limits.stop_file else ""
    yield f"To stop it press Ctrl-C{brake}: nothing is sent after that."


def some(number: int, one: str, several: str) -> str:
    """Return so many of something, in words."""
    return f"{number} {one if number == 1 else several}"
