"""What a receiver's checks make of histories written by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from basix_contract.checks import (
    RECEIVER_CHECKS,
    Allowed,
    Belief,
    CallTold,
    Delivery,
    Finding,
    Held,
    Outcome,
    ReceiverHistory,
    Reply,
)

_UUID = "ede7b23e-c172-445e-832e-963b11ba2b96"
_OTHER = "1c46fc4b-a42f-410e-82b5-11aa2a1f69fe"


def delivery(
    id_: str, status: int | None = 204, *, expects: dict[str, Allowed] | None = None, **members: Any
) -> Delivery:
    """A callback of second 1 that was answered at second 1.5."""
    plain = Delivery(
        id=id_,
        scenario="s",
        title=f"title of {id_}",
        call="s/a",
        expects=expects or {"acknowledge/answered": "2xx"},
        sent_at_s=1.0,
        reply=None if status is None else Reply(status=status, headers=(), body=b"", at_s=1.5),
    )
    return dataclasses.replace(plain, **members)


def found(check: str, *deliveries: Delivery, calls: tuple[CallTold, ...] = (), lag_s: float = 0.0) -> Finding:
    """What a check makes of a history."""
    return RECEIVER_CHECKS[check](ReceiverHistory(deliveries=deliveries, calls=calls, lag_s=lag_s))


@pytest.mark.parametrize(
    ("allowed", "status", "is_held"),
    [
        ("2xx", 200, True),
        ("2xx", 299, True),
        ("2xx", 199, False),
        ("2xx", 302, False),
        ("2xx", 404, False),
        ("2xx", 500, False),
        ("4xx", 400, True),
        ("4xx", 499, True),
        ("4xx", 200, False),
        ("4xx", 301, False),
        ("4xx", 501, False),
        ("no-5xx", 204, True),
        ("no-5xx", 302, True),
        ("no-5xx", 418, True),
        ("no-5xx", 500, False),
        ("no-5xx", 599, False),
        ("cut-or-no-5xx", 413, True),
        ("cut-or-no-5xx", 502, False),
    ],
)
def test_an_answer_is_judged_by_what_is_allowed(allowed: Allowed, status: int, *, is_held: bool) -> None:
    """Each word for answers allows just the statuses it names."""
    finding = found("odd/junk", delivery("a", status, expects={"odd/junk": allowed}))

    assert finding.status == ("held" if is_held else "broken")
    assert finding.evidence == ("a",)
    assert (f"title of a: answered {status}" in finding.detail) is not is_held


@pytest.mark.parametrize(
    ("allowed", "is_stalled", "status"),
    [
        ("2xx", False, "broken"),
        ("no-5xx", False, "broken"),
        ("no-5xx", True, "broken"),
        ("cut-or-no-5xx", False, "held"),
        ("cut-or-no-5xx", True, "broken"),
        ("any", True, "observed"),
    ],
)
def test_no_answer_is_judged_too(allowed: Allowed, status: str, *, is_stalled: bool) -> None:
    """A closed connection answers only what nobody need read to its end, and running out of time answers nothing."""
    silent = delivery("a", None, expects={"odd/junk": allowed}, silence="it was reset", is_stalled=is_stalled)

    assert found("odd/junk", silent).status == status


def test_what_was_not_played_is_not_testable() -> None:
    """A delivery that was withheld, or never came to be sent, breaks nothing and holds nothing."""
    assert found("acknowledge/answered", delivery("a", None, sent_at_s=None)).status == "not-testable"
    assert (
        found("acknowledge/answered", delivery("a", None, withheld="enough")).detail == "title of a: not sent, enough"
    )
    assert found("acknowledge/answered").status == "not-testable"


def test_a_run_that_was_cut_short_leaves_its_last_delivery_ambiguous() -> None:
    """What was sent and neither answered nor given up may have been taken."""
    assert found("acknowledge/answered", delivery("a", None)).status == "ambiguous"


def test_a_404_says_how_known_calls_are_told() -> None:
    """A receiver that takes known calls only is told of them by a command."""
    assert "--url-command" in found("acknowledge/answered", delivery("a", 404)).detail
    assert "--url-command" not in found("acknowledge/answered", delivery("a", 403)).detail


def test_what_fails_alone_explains_what_fails_together() -> None:
    """A callback with two peculiarities counts against neither where one of them fails by itself."""
    both = ("acknowledge/extra-members", "acknowledge/other-code")
    combined = delivery("c", 400, expects={both[0]: "2xx"}, features=both)
    plain = {check: delivery(check, expects={check: "2xx"}) for check in both}
    broken = delivery("d", 400, expects={both[1]: "2xx"})

    assert found(both[0], *plain.values(), combined).status == "broken"
    assert found(both[0], *plain.values(), combined, broken).status == "held"
    assert found(both[1], *plain.values(), combined, broken).status == "broken"


def test_two_seconds_are_enough() -> None:
    """A plain callback that was taken is judged by its time, our own lag allowed for; others are not."""
    in_time = delivery("a", is_timed=True)
    late = dataclasses.replace(
        in_time, id="b", title="title of b", reply=Reply(status=200, headers=(), body=b"", at_s=3.2)
    )

    assert found("acknowledge/in-time", in_time).status == "held"
    assert found("acknowledge/in-time", in_time, late).detail == "title of b: answered after 2.2 s"
    assert found("acknowledge/in-time", in_time, late, lag_s=0.3).status == "held"
    assert found("acknowledge/in-time", in_time, dataclasses.replace(late, is_timed=False)).status == "held"
    assert found("acknowledge/in-time", dataclasses.replace(late, reply=None, silence="x")).status == "not-testable"


def test_survival_names_what_came_before() -> None:
    """The callback after an odd one that is not taken is told of the odd one, with both as evidence."""
    odd = delivery("junk.1", 400, expects={"odd/junk": "no-5xx"})
    after = delivery("junk.1.next", 503, expects={"odd/next-callback": "2xx"}, follows="junk.1")

    finding = found("odd/next-callback", odd, after)

    assert finding.detail == "after title of junk.1: the next callback got answered 503"
    assert finding.evidence == ("junk.1", "junk.1.next")


def call(held_for: Held, *outcomes: Outcome, check: str = "belief/answered", **members: Any) -> CallTold:
    """A call and what the application holds it for."""
    return dataclasses.replace(
        CallTold(id="s/a", scenario="s", held_for={check: held_for}, belief=Belief(outcomes)), **members
    )


ANSWERED, NOT_ANSWERED = Outcome("answered", _UUID), Outcome("not-answered")


@pytest.mark.parametrize(
    ("told", "detail"),
    [
        (call("answered", ANSWERED, uuid=_UUID.upper()), ""),
        (call("answered", Outcome("answered"), uuid=_UUID), ""),
        (call("not-answered", NOT_ANSWERED), ""),
        (call("either", NOT_ANSWERED), ""),
        (call("either", ANSWERED), ""),
        (call("answered"), "knows no outcome of the call"),
        (call("answered", NOT_ANSWERED), "holds the call for not-answered, told was answered"),
        (call("not-answered", ANSWERED), "holds the call for answered, told was not-answered"),
        (call("answered", ANSWERED, uuid=_OTHER), f"keeps the uuid {_UUID}, told was {_OTHER}"),
        (call("answered", ANSWERED, ANSWERED), "holds 2 outcomes of one call: answered, answered"),
        (call("either", ANSWERED, NOT_ANSWERED), "holds 2 outcomes of one call: answered, not-answered"),
    ],
)
def test_a_belief_is_one_outcome_and_the_right_one(told: CallTold, detail: str) -> None:
    """One call has one outcome: what was told, with the uuid that was told, where one is kept."""
    finding = found("belief/answered", delivery("a"), calls=(told,))

    assert finding.status == ("broken" if detail else "held")
    assert finding.detail.endswith(detail)


@pytest.mark.parametrize(("outcomes", "is_held"), [((), True), ((NOT_ANSWERED,), True), ((ANSWERED,), False)])
def test_a_call_without_callback_is_not_held_for_answered(outcomes: tuple[Outcome, ...], *, is_held: bool) -> None:
    """Nothing known and not answered are both right; answered is a guess."""
    told = call("not-held-for-answered", *outcomes, check="belief/no-callback")

    assert found("belief/no-callback", calls=(told,)).status == ("held" if is_held else "broken")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (call("answered", belief=None), "--observer-command"),
        (call("answered", can_be_told_apart=False), "put {case} into --url"),
        (call("answered", belief=Belief(problem="it is no JSON")), "the observer cannot be understood: it is no JSON"),
    ],
)
def test_without_sight_a_belief_is_not_testable(told: CallTold, said: str) -> None:
    """Without an observer, a way to tell calls apart, or an answer that can be read, nothing is said of beliefs."""
    finding = found("belief/answered", delivery("a"), calls=(told,))

    assert finding.status == "not-testable"
    assert said in finding.detail


def test_what_was_not_taken_need_not_be_believed() -> None:
    """Where the callback itself was refused, that is what is told, and not that its result is not known."""
    assert found("belief/answered", delivery("a", 500), calls=(call("answered"),)).status == "not-testable"
