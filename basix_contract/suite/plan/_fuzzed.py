"""What schemathesis draws, each body judged anew by what it holds and not by what it was drawn for.

Only where nothing can ring: such bodies name anybody, and anything as a destination.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from basix_contract.suite._drawing import Drawing
from basix_contract.suite._scenario import CALLBACK_URL
from basix_contract.suite.plan._plan import Late
from basix_contract.validation import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from basix_contract.suite._fuzz import Fuzzed
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk


# What such a body can be played for.
FUZZED_PROBES = frozenset(("body/not-an-object", "destination/absent", "selectors/none", "robustness/unusual-values"))

# Members without a name, control characters, and what takes two surrogates: not every reply's business, a row's own.
_UNUSUAL = re.compile(r'"":|\\u00[01]|\\ud[89ab]')


def plan_fuzzed(desk: Desk, *, seed: int, most_calls: int) -> Late | None:
    """Plan the bodies that schemathesis draws; none where a telephone could be behind the target."""
    user = desk.next_user()
    if user is None or most_calls < 1 or not (desk.is_embedded or desk.profile.target.has_no_telephones):
        return None
    control = desk.control("fuzzed", user, desk.call(user, callback_url=CALLBACK_URL))

    def make(bodies: Iterable[Fuzzed]) -> tuple[Scenario, ...]:
        return desk.lines("fuzzed", _steps(desk, control, tuple(bodies)[: most_calls - 1]), phase="generated")

    return Late(Drawing(seed), make)


def _steps(desk: Desk, control: Step, bodies: Iterable[Fuzzed]) -> Iterator[Step]:
    yield control
    turns: Counter[str] = Counter()
    for drawn in bodies:
        parsed = parse_json(drawn.body)
        if parsed.problem or not _is_ours_to_send(desk, parsed.value):
            continue
        turns[drawn.phase] += 1
        title = f"schemathesis, {drawn.phase} {turns[drawn.phase]}"
        yield _step(desk, title, parsed.value, control.id)


def _is_ours_to_send(desk: Desk, body: Any) -> bool:
    """Leave out what could have a given target call other hosts: a callback_url that is hidden in something else."""
    return desk.is_embedded or not isinstance(body, dict) or isinstance(body.get("callback_url", ""), str)


def _step(desk: Desk, title: str, body: Any, control: str) -> Step:
    if not isinstance(body, dict):
        how: dict[str, Any] = {"expect": "refuse", "owes_envelope": False, "control": control}
        return desk.step("body/not-an-object", title, body, **how)
    told = {**body, "callback_url": CALLBACK_URL} if isinstance(body.get("callback_url"), str) else body
    how = {"user": desk.user_of(body), "owes_envelope": _UNUSUAL.search(json.dumps(body)) is None}
    if "destination" not in body:
        return desk.step("destination/absent", title, told, expect="refuse", control=control, **how)
    if not set(desk.user_selectors) & body.keys():
        return desk.step("selectors/none", title, told, expect="refuse", control=control, **how)
    return desk.step("robustness/unusual-values", title, told, expect="envelope", **how)
