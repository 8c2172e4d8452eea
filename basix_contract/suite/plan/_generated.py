"""What is drawn and not written by hand: combinations, a covering set and random ones, and breaches of every kind.

Drawn before anything is sent, from the profile's own people, by the run's seed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from basix_contract.errors import UsageError
from basix_contract.strategies import covering, invalid_requests, requests, sample
from basix_contract.suite._scenario import CALLBACK_PLACE, CALLBACK_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.strategies import Defect
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk

# How many are drawn at random: combinations beyond the covering set, and breaches.
_COMBINATIONS, _BREACHES = 60, 120
_COMBINED = ("combinations/legs", "combinations/callbacks")
_DRAWN: dict[str, Any] = {"phase": "generated"}


def plan_generated(desk: Desk, *, seed: int, most_calls: int) -> tuple[Scenario, ...]:
    """Plan what is drawn from the profile: at most so many calls, the covering set before all else."""
    try:
        bodies = _bodies(desk, seed)[:most_calls]
        breaches = _breaches(desk, seed)[: max(most_calls - len(bodies) - 1, 0)]
    except UsageError:
        return ()  # nobody who answers and can be named, or nowhere to connect them to
    lines: dict[str, list[Step]] = defaultdict(list)
    for body in bodies:
        step = _combination(desk, body)
        lines[step.intent.user].append(step)
    combined = [desk.family(f"combinations-{user}", steps, **_DRAWN) for user, steps in lines.items()]
    return (
        *(scenario for line in combined for scenario in line),
        *desk.lines("breaches", _refused(desk, breaches), **_DRAWN),
    )


def _bodies(desk: Desk, seed: int) -> list[dict[str, Any]]:
    """Draw without callbacks of one's own where they are not known to work: each has the mark for its URL."""
    how: dict[str, Any] = {"callback_url": CALLBACK_URL, "allows_invention": desk.is_embedded}
    listed = list(covering(desk.profile, **how))
    return listed + sample(requests(desk.profile, **how), _COMBINATIONS, seed)


def _breaches(desk: Desk, seed: int) -> list[tuple[Any, Defect]]:
    drawn = invalid_requests(
        desk.profile,
        callback_url=CALLBACK_URL,
        callback_place=CALLBACK_PLACE,
        allows_invention=desk.is_embedded,
    )
    return sample(drawn, _BREACHES, seed)


def _combination(desk: Desk, body: dict[str, Any]) -> Step:
    return desk.step(
        "combinations/accepted",
        f"a call with {_parts(body)}",
        body,
        user=desk.user_of(body),
        judged_by=_COMBINED,
    )


def _parts(body: dict[str, Any]) -> str:
    """Name what a body is made of, and nothing of what it says."""
    form = type(body["destination"]).__name__ if "destination" in body else ""
    words = [name if name != "destination" else f"destination ({_FORMS.get(form, form)})" for name in body]
    return ", ".join(words)


_FORMS = {"str": "text", "dict": "object"}


def _refused(desk: Desk, breaches: list[tuple[Any, Defect]]) -> Iterator[Step]:
    """Bind each refusal to one good call: whoever refuses that as well proves nothing."""
    user = desk.next_user()
    if user is None or not breaches:
        return
    control = desk.control("breaches", user, desk.call(user, callback_url=CALLBACK_URL))
    yield control
    for body, defect in breaches:
        yield desk.step(
            defect.check,
            f"drawn: {defect.label}",
            body,
            user=desk.user_of(body),
            expect="refuse",
            owes_envelope=isinstance(body, dict),
            control=control.id,
        )
