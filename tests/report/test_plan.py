"""A plan before it is played: every request, whom it reaches, and what it comes to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from basix_contract.profile import Profile, parse_profile
from basix_contract.report import plan_json, plan_text
from basix_contract.suite import PlannedStep, Preview

PROFILE = parse_profile("""
[callback]
grace_s = 2.0
[[users]]
name = "jessica"
label = "Jessica"
extension = "2001"
outcome = "answers"
[[users]]
name = "nora"
outcome = "never-answers"
[[users]]
name = "rita"
outcome = "rejects"
[[destinations]]
value = "0312341234"
[[destinations]]
value = "0377778888"
ends_by_itself = true
""")


def step(id_: str, **members: Any) -> PlannedStep:
    """A planned request that rings the first user for ten seconds, for the first number."""
    plain: dict[str, Any] = {
        "id": id_,
        "scenario": id_.partition("/")[0],
        "title": f"about {id_}",
        "expect": "accept",
        "consequence": "rings",
        "rests_on": "it names users[0]",
        "user": "users[0]",
        "rings_for_s": 10.0,
        "destination": "destinations[0] …234",
        "talks_for_s": 0.0,
        "lasts_s": members.get("rings_for_s", 10.0) or 0.0,
        "callback": False,
        "has_wrong_credentials": False,
        "asks": (),
        "withheld": "",
    }
    return PlannedStep(**{**plain, **members})


NOBODY = {"consequence": "cannot-ring", "user": "", "rings_for_s": None, "destination": ""}
STEPS = (
    step("reply/a"),
    step("reply/b", callback=True),
    step("groups/a", consequence="may-ring", user="users[1]", rings_for_s=75.0, destination="destinations[1] …888"),
    step("groups/b", **NOBODY),
    step("groups/c", withheld="gate[people]: user_name is not in the profile (list it)"),
)


def planned(
    *steps: PlannedStep, budget: int = 300, target: str = "http://127.0.0.1:8090/basix/api", is_live: bool = False
) -> Preview:
    """A plan of these requests."""
    return Preview(target=target, steps=steps, budget=budget, is_live=is_live)


def test_a_plan_is_told_request_by_request() -> None:
    """Each request is a line: what it does to whom, for how long at most, where it leads, with a callback or not."""
    assert (
        plan_text(planned(*STEPS), PROFILE)
        == """\
Nothing has been sent. This is what would be, to http://127.0.0.1:8090/basix/api:

reply
    1  rings        users[0] up to 10 s        → destinations[0] …234  about reply/a
    2  rings        users[0] up to 10 s        → destinations[0] …234  about reply/b + callback

groups
    3  may-ring     users[1] up to 1 min 15 s  → destinations[1] …888  about groups/a
    4  cannot-ring  nobody                                             about groups/b
    5  withheld     users[0] up to 10 s        → destinations[0] …234  about groups/c
       gate[people]: user_name is not in the profile (list it)

Whom it reaches
  users[0]          2 times, 20 s at most in all; the telephone answers
  users[1]          once, 1 min 15 s at most in all; the telephone rings on
  destinations[0]   2 times; an answered call there goes on until somebody hangs up
  destinations[1]   once; an answered call there ends by itself

What it comes to
      2  rings        names a user and is to be accepted: a telephone rings
      1  may-ring     names a user and is to be refused, or may be: a telephone rings if it is not
      1  cannot-ring  names nobody
      1  withheld     is kept back, for the reason given with it
      5  in all

In short
  Telephones of 1 user ring, 2 times in all, each time for 1 min 15 s at most. 1 more request rings
  one only where the server does not refuse it.
  Who answers is connected to one of 2 destinations; calls to destinations[0] go on until somebody
  hangs up.
  3 calls at most, of a budget of 300.
  It takes about 22 s, and 1 min 17 s if all rings that may ring, for as long as it may.
"""
    )


def test_a_budget_that_is_too_small_is_told() -> None:
    """Where the budget does not reach for all calls, the plan says how many may be withheld, and what to do."""
    text = plan_text(planned(*STEPS, budget=1), PROFILE)

    assert "3 calls at most, of a budget of 1: that is 2 too few" in text
    assert "too few" not in plan_text(planned(*STEPS, budget=3), PROFILE)


def test_people_are_named_on_request_only() -> None:
    """A plan shows rows of the profile; who they are and how they are reached stands in it when revealed."""
    hidden = plan_text(planned(*STEPS), PROFILE)
    revealed = plan_text(planned(*STEPS), PROFILE, reveals_numbers=True)

    assert not any(word in hidden for word in ("Jessica", "jessica", "2001", "nora"))
    assert "the telephone answers (Jessica, 2001)\n" in revealed
    assert "the telephone rings on (nora)\n" in revealed


def test_a_plan_of_nothing_reaches_nobody() -> None:
    """Where nobody can be rung, the plan says so."""
    text = plan_text(planned(step("reply/a", **NOBODY)), PROFILE)

    assert "Whom it reaches\n  nobody\n" in text
    assert "No telephone rings.\n  0 calls at most" in text
    assert "\n  It takes about 2 s, and 2 s if all" in text
    assert "in all\n" in plan_text(planned(), Profile())


def test_calls_of_one_user_follow_each_other_and_pace_is_kept() -> None:
    """The longest line of calls decides how long a run lasts, or the pace that the profile asks for."""
    paced = parse_profile("[limits]\nmin_interval_s = 0.5\n[callback]\ngrace_s = 0")
    many = [step(f"reply/{number}", user=f"users[{number % 3}]", rings_for_s=0.25) for number in range(12)]

    assert json.loads(plan_json(planned(*many), Profile()))["expected_s"] == 4.0  # 4 calls, and a grace of 3 s
    assert json.loads(plan_json(planned(*many), paced))["expected_s"] == 6.0
    assert "It takes about 6 s, and 6 s if" in plan_text(planned(*many), paced)
    assert "users[0] up to 0.25 s" in plan_text(planned(*many), paced)


def test_a_plan_is_json_as_well() -> None:
    """As JSON a plan has its totals, and every request with all that is known of it."""
    document = json.loads(plan_json(planned(*STEPS), PROFILE))

    assert {name: value for name, value in document.items() if name != "steps"} == {
        "target": "http://127.0.0.1:8090/basix/api",
        "is_live": False,
        "requests": 5,
        "counts": {"rings": 2, "may-ring": 1, "cannot-ring": 1, "withheld": 1},
        "may_ring": 3,
        "budget": 300,
        "wrong_credentials": 0,
        "questions": 0,
        "expected_s": 22.0,
        "longest_s": 77.0,
    }
    assert [row["id"] for row in document["steps"]] == ["reply/a", "reply/b", "groups/a", "groups/b", "groups/c"]
    assert document["steps"][2] == {
        "id": "groups/a",
        "scenario": "groups",
        "title": "about groups/a",
        "expect": "accept",
        "consequence": "may-ring",
        "rests_on": "it names users[0]",
        "user": "users[1]",
        "rings_for_s": 75.0,
        "destination": "destinations[1] …888",
        "talks_for_s": 0.0,
        "lasts_s": 75.0,
        "callback": False,
        "has_wrong_credentials": False,
        "asks": [],
        "withheld": "",
    }


@pytest.mark.parametrize("title", ["zebra " * 60, "z" * 300])
def test_lines_fit_a_screen(title: str) -> None:
    """Whatever the titles and reasons, no line is wider than 100 columns, and nothing is left out."""
    text = plan_text(planned(step("reply/a", title=title, withheld="because " * 40)), PROFILE)

    assert max(map(len, text.splitlines())) <= 100
    assert text.count("z") == title.count("z")
    assert text.count("because") == 40


def test_what_is_not_printable_is_escaped() -> None:
    """Nothing in a plan steers a terminal."""
    text = plan_text(planned(step("reply/a", title="\x1b[2J", destination="\x07"), target="http://\x1b"), PROFILE)

    assert text.replace("\n", "").isprintable()


LIVE = parse_profile("""
[callback]
grace_s = 2.0
[limits]
min_interval_s = 1.0
stop_file = "/tmp/brake"
[live]
time_zone = "Asia/Tokyo"
[[users]]
name = "jessica"
[[users]]
name = "bob"
[[destinations]]
value = "0312341234"
ends_by_itself = true
ends_after_s = 8.0
""")


def test_a_live_plan_is_one_call_after_another_and_says_what_an_operator_must_know() -> None:
    """Telephones, talks, budget, time, wrong credentials, questions, quiet hours and the brake: a line or two each."""
    over = "gate[budget]: the calls of this run are used up by then"
    steps = (
        step("reply/a", talks_for_s=8.0, lasts_s=11.0, asks=("Did it ring?",)),
        step("reply/b", user="users[1]", talks_for_s=8.0, lasts_s=11.0),
        step("auth/a", consequence="may-ring", talks_for_s=8.0, has_wrong_credentials=True),
        step("auth/b", withheld=over),
    )
    text = plan_text(planned(*steps, budget=3, is_live=True), LIVE)

    assert "    1  rings        users[0] up to 10 s  → destinations[0] …234 up to 8 s  about reply/a\n" in text
    assert "       asks: Did it ring?\n" in text
    assert "about auth/a + WRONG\n" in text
    assert "auth/b" not in text
    assert "\nLeft out: 1 request beyond the budget of 3 calls.\n" in text
    assert (
        text.partition("In short\n")[2]
        == """\
  Telephones of 2 users ring, 2 times in all, each time for 10 s at most. 1 more request rings one
  only where the server does not refuse it.
  Who answers is connected to one destination, where every call ends by itself after 8 s at most.
  3 calls at most, of a budget of 3; 1 more is left out, for it is used up by then (raise max_calls,
  or ask for less with --only).
  It takes about 27 s, and 59 s if all rings that may ring, for as long as it may.
  1 request carries wrong credentials, at the very end: a PBX may lock the account.
  Whoever sits at the terminal is asked 1 question; without a terminal those points stay open.
  Nothing is sent in the quiet hours, 20:00-08:00 Asia/Tokyo.
  To stop it press Ctrl-C, or create the file /tmp/brake: nothing is sent after that.
"""
    )
