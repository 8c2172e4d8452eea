"""How a hunt goes: who wins, how the others end, and what the caller learns."""

from __future__ import annotations

from itertools import pairwise

import pytest

from basix_contract.mock import Directory, VirtualClock
from basix_contract.mock._call import LegEnd, TerminalPlan
from basix_contract.mock._hunt import plan_hunt
from basix_contract.profile import Destination, User
from tests.mock.conftest import Ask, Start, error_of
from tests.mock.listener import Listener

RINGS = TerminalPlan("rings")


def answers(after_s: float) -> TerminalPlan:
    """A terminal that is picked up."""
    return TerminalPlan("answers", after_s)


def busy(after_s: float) -> TerminalPlan:
    """A terminal that is in use."""
    return TerminalPlan("busy", after_s)


def rejects(after_s: float) -> TerminalPlan:
    """A terminal on which the call is turned down."""
    return TerminalPlan("rejects", after_s)


@pytest.mark.parametrize(
    ("plans", "limit_s", "ends", "answered"),
    [
        ((), 5, [], None),
        ((RINGS,), 5, [(5, 0, "send_cancel,NO_ANSWER")], None),
        (
            (RINGS, answers(1), RINGS),
            5,
            [(1, 1, "answered"), (1, 0, "send_cancel,LOSE_RACE"), (1, 2, "send_cancel,LOSE_RACE")],
            1,
        ),
        ((answers(2), answers(1)), 5, [(1, 1, "answered"), (1, 0, "send_cancel,LOSE_RACE")], 1),
        ((answers(1), answers(1)), 5, [(1, 0, "answered"), (1, 1, "send_cancel,LOSE_RACE")], 0),
        ((answers(5),), 5, [(5, 0, "send_cancel,NO_ANSWER")], None),
        ((busy(1), answers(2)), 5, [(1, 0, "recv_refuse,USER_BUSY"), (2, 1, "answered")], 1),
        ((busy(3), answers(2)), 5, [(2, 1, "answered"), (2, 0, "send_cancel,LOSE_RACE")], 1),
        ((busy(1), rejects(2)), 5, [(1, 0, "recv_refuse,USER_BUSY"), (2, 1, "recv_refuse,CALL_REJECTED")], None),
        ((rejects(9), RINGS), 5, [(5, 0, "send_cancel,NO_ANSWER"), (5, 1, "send_cancel,NO_ANSWER")], None),
    ],
)
def test_the_first_answer_wins_and_the_rest_ends_with_it(
    plans: tuple[TerminalPlan, ...], limit_s: float, ends: list[tuple[float, int, str]], answered: int | None
) -> None:
    """Every terminal's end has its moment and its cause."""
    hunt = plan_hunt(plans, limit_s)
    assert hunt.ends == tuple(LegEnd(*end) for end in ends)
    assert hunt.answered == answered


@pytest.mark.parametrize(
    ("user", "error_id"),
    [
        ("nora", "no_answer"),
        ("rita", "rejected"),
        ("bert", "busy"),
        ("magic-busy", "busy"),
        ("magic-rejects", "rejected"),
        ("magic-no-answer", "no_answer"),
        ("magic-unavailable", "user_unavailable"),
    ],
)
def test_each_way_of_not_answering_has_its_error_id(
    start: Start, ask: Ask, listener: Listener, user: str, error_id: str
) -> None:
    """The call is accepted, its uuids are given, and the callback tells why nobody picked up."""
    server = start(clock=VirtualClock())
    assert ask(server, user_name=user, callback_url=listener.url()).json()["uuids"]
    assert listener.wait_for()[0].json == {"result_code": 500, "error": {"id": error_id}}
    call = server.wait_until(lambda calls: bool(calls[0].callbacks))[0]
    assert (call.outcome, call.answered_uuid, call.second_leg) == (error_id, None, "")


@pytest.mark.parametrize("user", ["jessica", "magic-answers", "magic-answers-late"])
def test_an_answered_call_tells_the_uuid_that_answered(start: Start, ask: Ask, listener: Listener, user: str) -> None:
    """One leg answers, the others lose the race, and the callback names the winner."""
    server = start(clock=VirtualClock())
    ask(server, user_name=user, callback_url=listener.url())
    told = listener.wait_for()[0].json
    call = server.calls[0]
    assert told == {"result_code": 0, "uuid": call.answered_uuid}
    assert sorted(leg.cause for leg in call.legs) == ["answered", "send_cancel,LOSE_RACE"]
    assert [leg.uuid for leg in call.legs if leg.state == "answered"] == [call.answered_uuid]


def test_any_terminal_may_be_the_one_that_answers(start: Start, ask: Ask) -> None:
    """Which terminal picks up is a matter of chance, and of the seed."""
    server = start(clock=VirtualClock(), seed=2)
    for _ in range(24):
        ask(server, user_name="james")
    calls = server.wait_until(lambda calls: all(call.outcome for call in calls))
    assert {call.uuids.index(str(call.answered_uuid)) for call in calls} == {0, 1, 2, 3}


@pytest.mark.parametrize("timeout_s", [1, 17, 180])
def test_a_user_who_never_answers_rings_until_answer_timeout(
    start: Start, ask: Ask, listener: Listener, timeout_s: int
) -> None:
    """The ringing lasts as long as the request says, to the millisecond of the mock's clock."""
    server = start(clock=VirtualClock())
    parameters = {} if timeout_s == 180 else {"answer_timeout": timeout_s}
    ask(server, user_name="nora", callback_url=listener.url(), **parameters)
    listener.wait_for()
    moments = {event.kind: event.at_s for event in server.calls[0].events}
    assert moments["result"] - moments["call"] == pytest.approx(timeout_s)


def test_a_user_who_is_too_slow_has_not_answered(start: Start, ask: Ask, listener: Listener) -> None:
    """Whoever would answer after answer_timeout is not reached."""
    server = start(clock=VirtualClock())
    ask(server, user_name="magic-answers-late", answer_timeout=2, callback_url=listener.url("/slow"))
    assert listener.wait_for()[0].json["error"]["id"] == "no_answer"
    ask(server, user_name="magic-answers-late", answer_timeout=3, callback_url=listener.url("/quick"))
    assert listener.wait_for(2)[1].json["result_code"] == 0


def test_an_unreachable_user_may_be_refused_at_once(start: Start, ask: Ask) -> None:
    """A user without terminals is an error now, or a call that fails (A50)."""
    server = start(unreachable_user="error")
    assert error_of(ask(server, user_name="magic-unavailable")) == "user_unavailable"
    assert error_of(ask(server, user_name="bob")) is None


@pytest.mark.parametrize(
    ("destination", "outcome"),
    [
        ("magic-picks-up", "answers"),
        ("magic-line-busy", "busy"),
        ("magic-turns-down", "rejects"),
        ("magic-rings-on", "never-answers"),
        ("0377778888", "busy"),
        ("nobody-here", "unknown"),
        ("bert", "busy"),
        ("2008", "busy"),
    ],
)
def test_the_second_leg_neither_delays_nor_changes_the_callback(
    start: Start, ask: Ask, listener: Listener, destination: str, outcome: str
) -> None:
    """Success means that the user answered, whatever becomes of the destination (A39)."""
    server = start(clock=VirtualClock(), unresolvable_destination="after-answer", second_leg_s=60.0)
    ask(server, user_name="bob", destination=destination, callback_url=listener.url())
    assert listener.wait_for()[0].json["result_code"] == 0
    call = server.wait_until(lambda calls: calls[0].second_leg != "" and bool(calls[0].callbacks))[0]
    assert call.second_leg == outcome
    moments = {event.kind: event.at_s for event in call.events}
    assert moments["destination"] - moments["result"] == pytest.approx(60.0)


def test_time_by_hand_stands_still_until_it_is_moved(start: Start, ask: Ask, listener: Listener) -> None:
    """With a clock moved by hand nothing happens but what the test lets happen."""
    clock = VirtualClock(is_automatic=False)
    server = start(clock=clock)
    ask(server, user_name="nora", answer_timeout=10, callback_url=listener.url())
    clock.advance(9.5)
    assert server.calls[0].outcome == ""
    assert {leg.state for leg in server.calls[0].legs} == {"ringing"}
    clock.advance(0.5)
    assert listener.wait_for()[0].json["error"]["id"] == "no_answer"


def test_the_domains_channels_are_limited(start: Start, ask: Ask) -> None:
    """A call that would ring more channels than are left is refused, and channels come back at its end."""
    small = Directory(
        domain="acme.example",
        token="mock-token-3fK9",
        users=(User(name="a", outcome_after_s=0.2), User(name="b", terminals=1, outcome_after_s=0.2)),
        destinations=(Destination(value="line", outcome="busy"),),
        channel_limit=3,
    )
    server = start(small)
    assert error_of(ask(server, user_name="a")) is None
    assert error_of(ask(server, user_name="a")) == "channel_limit_reached"
    assert error_of(ask(server, user_name="b", destination="line")) is None
    assert error_of(ask(server, user_name="b")) == "channel_limit_reached"
    server.wait_until(lambda calls: all(call.events[-1].kind == "hangup" for call in calls))
    assert error_of(ask(server, user_name="a")) is None


def test_calls_in_flight_do_not_mix(start: Start, ask: Ask, listener: Listener) -> None:
    """Each of many calls at once gets the result of its own user, at its own URL, with its own uuid."""
    server = start(clock=VirtualClock())
    users = {"jessica": None, "bert": "busy", "rita": "rejected", "nora": "no_answer", "james": None}
    uuids: dict[str, list[str]] = {}
    for number in range(30):
        user = list(users)[number % len(users)]
        reply = ask(server, user_name=user, callback_url=listener.url(f"/{number}/{user}"))
        uuids[f"/{number}/{user}"] = reply.json()["uuids"]
    told = {request.target: request.json for request in listener.wait_for(30)}
    assert told.keys() == uuids.keys()
    for target, body in told.items():
        expected = users[target.rpartition("/")[2]]
        assert body.get("error", {}).get("id") == expected
        assert expected is not None or body["uuid"] in uuids[target]
    every = [uuid for group in uuids.values() for uuid in group]
    assert len(set(every)) == len(every)


def test_the_events_of_a_call_are_in_order(start: Start, ask: Ask, listener: Listener) -> None:
    """A call is placed, replied to, rung, ended and told, in this order of time."""
    server = start()
    ask(server, user_name="bob", callback_url=listener.url())
    call = server.wait_until(lambda calls: len(calls) == 1 and len(calls[0].events) == 7)[0]
    kinds = [event.kind for event in call.events]
    assert kinds[:4] == ["call", "reply", "leg", "result"]
    assert sorted(kinds[4:]) == ["callback", "destination", "hangup"]
    assert all(earlier.at_s <= later.at_s for earlier, later in pairwise(call.events))
