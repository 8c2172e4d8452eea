"""When nobody is rung, how long a call may ring, and what is done only where telephones are real."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from basix_contract.errors import GateRefusal, UsageError
from basix_contract.messages import Request
from basix_contract.profile import Gate, Live, is_live, is_quiet, parse_profile, wall_clock
from tests.profile.conftest import BASE_URL, PROFILE, URL, call, post

NIGHT = Live(quiet_hours="20:00-08:00", time_zone="Asia/Tokyo")
TUNNEL = replace(PROFILE, live=Live(tunnel=True, consent="127.0.0.1", attended=True, quiet_hours="", longest_ring_s=20))


@pytest.mark.parametrize(
    ("utc", "is_night"),
    [("10:59", False), ("11:00", True), ("15:00", True), ("22:59", True), ("23:00", False), ("03:00", False)],
)
def test_quiet_hours_are_those_of_the_telephones(utc: str, is_night: bool) -> None:  # noqa: FBT001 - a table's column
    """The clock on the wall there counts, over midnight too; the first minute is quiet, the last is not."""
    now = datetime.fromisoformat(f"2026-11-23T{utc}:00+00:00")

    assert is_quiet(NIGHT, now) == is_night
    assert is_quiet(replace(NIGHT, quiet_hours="08:00-20:00"), now) != is_night


def test_without_a_time_zone_every_hour_is_quiet() -> None:
    """Where quiet hours are asked for and nobody says where, nobody is rung; without quiet hours anybody may be."""
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    assert is_quiet(Live(), now)
    assert not is_quiet(Live(quiet_hours=""), now)
    assert wall_clock(NIGHT, now) == "21:00 Asia/Tokyo"
    assert wall_clock(Live(), now) == "12:00 UTC"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('quiet_hours = "8 to 20"', "two times of day"),
        ('quiet_hours = "24:00-08:00"', "two times of day"),
        ('quiet_hours = "08:00-08:00"', "must not begin when it ends"),
        ('time_zone = "Asia/Nowhere"', "no time zone of this name"),
        ('time_zone = "../etc/passwd"', "no time zone of this name"),
        ('time_zone = "Asia"', "no time zone of this name"),
        ("longest_ring_s = 181", "1 or more, and at most 180"),
        ("longest_ring_s = 0", "1 or more, and at most 180"),
        ("wrong_credentials = 4", "0 or more, and at most 3"),
    ],
)
def test_nonsense_is_named_when_the_profile_is_read(line: str, said: str) -> None:
    """An hour, a zone or a number that cannot be is a usage error with its key."""
    with pytest.raises(UsageError, match=said) as caught:
        parse_profile(f"[live]\n{line}\n")

    assert f"live.{line.partition(' ')[0]}" in str(caught.value)


def test_a_tunnel_is_as_live_as_another_machine() -> None:
    """What leads to real telephones is live, whatever its host is called."""
    assert is_live(TUNNEL, "127.0.0.1")
    assert is_live(PROFILE, "pbx.example")
    assert not is_live(PROFILE, "localhost")


_MEMBERS = '"user_name": "jessica", "destination": "0312341234"'


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (call(answer_timeout=20), ""),
        (call(answer_timeout=1), ""),
        (call(), "ringing"),
        (call(answer_timeout=21), "ringing"),
        (call(answer_timeout=0), "ringing"),
        (call(answer_timeout="20"), "ringing"),
        (call(answer_timeout=20.0), "ringing"),
        (call(answer_timeout=True), "ringing"),
        (call(answer_timeout=None), "ringing"),
        (f'{{{_MEMBERS}, "answer_timeout": 20, "answer_timeout": 180}}'.encode(), "ringing"),
        (f'{{{_MEMBERS}, "Answer-Timeout": 20}}'.encode(), "ringing"),
        (f'[{{{_MEMBERS}, "answer_timeout": 20}}]'.encode(), ""),
        (f"[{{{_MEMBERS}}}]".encode(), "ringing"),
        (f'[{{{_MEMBERS}, "answer_timeout": 200}}]'.encode(), "ringing"),
        (f'[{{{_MEMBERS}, "answer_timeout": 20, "answer_timeout": null}}]'.encode(), "ringing"),
        (b"user_name=jessica&destination=0312341234&answer_timeout=20", ""),
        (b"user_name=jessica&destination=0312341234", "ringing"),
        (call(user_id=999, user_name=None), ""),
        (b"{}", ""),
    ],
)
def test_whatever_could_ring_says_that_it_rings_briefly(body: bytes, rule: str) -> None:
    """A request that names somebody who exists carries one short answer_timeout, in a form every server reads alike."""
    gate = Gate(TUNNEL, base_url=BASE_URL)
    said = gate.reason_against(URL, post(body))

    assert said.partition("]")[0].removeprefix("gate[") == rule
    assert Gate(replace(TUNNEL, live=Live()), base_url=BASE_URL).reason_against(URL, post(body)) == ""


def test_a_query_that_could_ring_says_so_too() -> None:
    """Parameters in a query count as those of a body."""
    gate = Gate(TUNNEL, base_url=BASE_URL)
    query = "?user_name=jessica&destination=0312341234"

    assert gate.reason_against(URL + query, post(b"")).startswith("gate[ringing]")
    assert gate.reason_against(f"{URL}{query}&answer_timeout=20", post(b"")) == ""


def test_wrong_credentials_are_counted() -> None:
    """The right pair passes always and none at all too; any other pair only as often as the profile says."""
    gate = Gate(TUNNEL, base_url=BASE_URL, authorization="Basic right")
    for signed in ("Basic right", "", "Basic a", "Basic b", "Basic c", "Basic right", ""):
        gate.ensure_admitted(URL, _signed(signed))

    with pytest.raises(GateRefusal, match=r"gate\[credentials\]"):
        gate.ensure_admitted(URL, _signed("Basic a"))
    assert gate.spent.requests == 7


def _signed(value: str) -> Request:
    plain = post(b"{}")
    return replace(plain, headers=(*plain.headers, *((("Authorization", value),) if value else ())))


def test_only_what_is_planned_leaves_and_once() -> None:
    """The same request is let pass as often as it was planned; another body, URL or signature is another request."""
    gate = Gate(PROFILE, base_url=BASE_URL)
    gate.allow_only([(URL, post(call())), (URL, post(call())), (URL, _signed("Basic right"))])
    for request in (post(call()), _signed("Basic right"), post(call())):
        gate.ensure_admitted(URL, request)

    for request in (post(call()), _signed("Basic other"), post(b"{}"), _signed("Basic right")):
        with pytest.raises(GateRefusal, match=r"gate\[unplanned\]"):
            gate.ensure_admitted(URL, request)


def test_a_gate_that_was_stopped_lets_nothing_pass() -> None:
    """Not even what names nobody."""
    gate = Gate(PROFILE, base_url=BASE_URL)
    gate.stop()

    with pytest.raises(GateRefusal, match=r"gate\[stopped\]"):
        gate.ensure_admitted(URL, post(b"{}"))
