"""What is said about a profile before it is played: what stands in the way, and what a run will not show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias

import pytest

from basix_contract.contract import load_ledger
from basix_contract.profile import (
    Absent,
    Callback,
    Destination,
    Group,
    Limits,
    Live,
    Profile,
    Remark,
    Target,
    User,
    check_profile,
    load_profile,
    parse_profile,
    resembles,
)
from basix_contract.profile._remarks import ROWS
from basix_contract.suite.plan import plan_server
from tests.profile.test_load import PROFILES

Change: TypeAlias = Callable[[Profile], Profile]

LOCAL = "http://127.0.0.1:8090/basix/api"
REMOTE = "https://pbx.acme-telephony.jp/basix/api"


@cache
def _mock() -> Profile:
    return load_profile(PROFILES / "mock.toml")


SLOW = (User(name="jessica", outcome_after_s=1.0),)
LIVE = Live(consent="pbx.acme-telephony.jp", attended=True, time_zone="Asia/Tokyo")


def _remote(**changes: Any) -> Profile:
    base = replace(
        _mock(),
        target=Target(base_url=REMOTE, domain="acme.example", token_env="BASIX_API_TOKEN"),
        live=LIVE,
        destinations=tuple(replace(row, ends_after_s=10.0) for row in _mock().destinations),
        callback=Callback(listen="0.0.0.0:8099", public_url="https://hooks.acme-telephony.jp/basix"),
    )
    return replace(base, **changes)


def _keys(remarks: tuple[Remark, ...], severity: str = "error") -> list[str]:
    return [remark.key for remark in remarks if remark.severity == severity]


def _users(change: Callable[[User], User]) -> Change:
    return lambda profile: replace(profile, users=tuple(change(user) for user in profile.users))


def _groups(change: Callable[[Group], Group]) -> Change:
    return lambda profile: replace(profile, groups=tuple(change(group) for group in profile.groups))


def _numbers(change: Callable[[Destination], Destination]) -> Change:
    return lambda profile: replace(profile, destinations=tuple(change(row) for row in profile.destinations))


def _without_users(*outcomes: str) -> Change:
    return lambda profile: replace(profile, users=tuple(u for u in profile.users if u.outcome not in outcomes))


def _without_places(kind: str) -> Change:
    return lambda profile: replace(profile, destinations=tuple(d for d in profile.destinations if d.kind != kind))


def _one_answering(profile: Profile) -> Profile:
    first, *_ = profile.users_who("answers")
    return replace(profile, users=(first, *(user for user in profile.users if user.outcome != "answers")))


# What a profile may lack, and the entry of ROWS that says what it costs.
GAPS: dict[str, Change] = {
    "users.id": _users(lambda user: replace(user, id=None)),
    "users.name": _users(lambda user: replace(user, name="")),
    "users.label": _users(lambda user: replace(user, label="")),
    "users.label outside ASCII": _users(lambda user: replace(user, label=user.name)),
    "users.extension": _users(lambda user: replace(user, extension="")),
    "users.did": _users(lambda user: replace(user, did="")),
    "users.email": _users(lambda user: replace(user, email="")),
    "users.terminals": _users(lambda user: replace(user, terminals=None)),
    "two who answer": _one_answering,
    "never-answers": _without_users("never-answers"),
    "rejects": _without_users("rejects"),
    "busy": _without_users("busy"),
    "limited": _without_users("limited"),
    "groups": lambda profile: replace(profile, groups=()),
    "groups.id": _groups(lambda group: replace(group, id=None)),
    "groups.label": _groups(lambda group: replace(group, label="")),
    "groups.extension": _groups(lambda group: replace(group, extension="")),
    "groups.did": _groups(lambda group: replace(group, did="")),
    "CALL_CENTER": _groups(lambda group: replace(group, kind="ring")),
    "pstn": _without_places("pstn"),
    "user": _without_places("user"),
    "group": _without_places("group"),
    "extension": _without_places("extension"),
    "destinations.calling_number": _numbers(lambda row: replace(row, calling_number="")),
    "destinations.outcome": _numbers(lambda row: replace(row, outcome="")),
    "absent.users": lambda profile: replace(profile, absent=replace(profile.absent, users=())),
    "absent.groups": lambda profile: replace(profile, absent=replace(profile.absent, groups=())),
    "look-alike": lambda profile: replace(profile, absent=replace(profile.absent, users=({"name": "qqq"},))),
}


def test_the_mock_s_profile_leaves_nothing_to_be_said() -> None:
    """The profile of the embedded mock lacks nothing, played as a given target."""
    assert check_profile(_mock(), target=LOCAL) == ()


@pytest.mark.parametrize("gap", ROWS)
def test_a_gap_is_said_with_what_it_costs(gap: str) -> None:
    """Whatever a profile lacks is advice that names the rows no run can judge; nothing else is said about it."""
    remarks = check_profile(GAPS[gap](_mock()), target=LOCAL)

    assert ROWS[gap] in [remark.rows for remark in remarks]
    assert all(remark.severity == "advice" or remark.key.startswith("users[") for remark in remarks)


@pytest.mark.parametrize("gap", [gap for gap in ROWS if gap != "users.terminals"])
def test_the_rows_of_a_gap_are_those_no_step_is_planned_for(gap: str) -> None:
    """The rows named are the MUST and SHOULD rows that lose their steps; the plan itself says which."""
    lost = _probes(_mock()) - _probes(GAPS[gap](_mock()))
    rows = {row.id for row in load_ledger() if row.role == "server" and row.level in ("MUST", "SHOULD")}

    without = {row for row in rows if lost & set(load_ledger().by_id(row).checks)}
    others = set(ROWS["users.label outside ASCII"]) if gap == "two who answer" else set()  # the last label went too
    assert set(ROWS[gap]) == without - others


@cache
def _ledger_row(check: str) -> str:
    return next(row.id for row in load_ledger() if check in row.checks)


def _probes(profile: Profile) -> set[str]:
    plan = plan_server(profile, "token", is_embedded=False).whole()
    return {probe for scene in plan for step in scene.steps for probe in (step.intent.probe, *step.intent.judged_by)}


def test_uncounted_telephones_cost_the_row_about_legs() -> None:
    """How many uuids a reply owes is known where the profile counts terminals."""
    assert ROWS["users.terminals"] == (_ledger_row("uuids/per-leg"),)


def test_every_gap_has_its_rows() -> None:
    """Each entry of the table is reached by some profile, and each row exists."""
    assert set(GAPS) == set(ROWS)
    assert {row for rows in ROWS.values() for row in rows} <= {row.id for row in load_ledger()}


# ── what stands in the way ──


def test_an_empty_profile_is_told_what_it_needs() -> None:
    """Errors come first; without a target the kit's own mock is played."""
    remarks = check_profile(Profile())

    assert _keys(remarks) == ["users", "destinations"]
    assert "target.base_url" in _keys(remarks, "advice")
    assert [remark.severity for remark in remarks] == sorted((r.severity for r in remarks), reverse=True)


def test_a_thin_profile_is_no_error() -> None:
    """One user and one number are enough to begin; what they cannot show is advice."""
    thin = parse_profile(
        "[target]\nbase_url = 'http://127.0.0.1:8090/api'\ndomain = 'd'\ntoken = 't'\n"
        "[[users]]\nname = 'jessica'\n[[destinations]]\nvalue = '0312341234'\n"
    )
    remarks = check_profile(thin)

    assert _keys(remarks) == []
    assert {"CU-040", "CU-200", "CU-141", "CU-060", "CU-051"} <= {row for remark in remarks for row in remark.rows}
    assert "limits.max_calls" in _keys(remarks, "advice")


def test_a_remote_profile_that_is_complete_is_no_error() -> None:
    """Consent, https, a budget, a token from the environment, calls that somebody ends, a URL to call back."""
    assert check_profile(_remote(), environ={"BASIX_API_TOKEN": "x"}) == ()


@pytest.mark.parametrize(
    ("profile", "keys"),
    [
        (_remote(live=replace(LIVE, consent="")), ["live.consent"]),
        (_remote(live=replace(LIVE, time_zone="")), ["live.time_zone"]),
        (_remote(live=replace(LIVE, time_zone="", quiet_hours="")), []),
        (_remote(live=replace(LIVE, longest_ring_s=1), users=SLOW), ["users[0].outcome_after_s"]),
        (
            _remote(destinations=(replace(_mock().destinations[0], ends_by_itself=True),)),
            ["destinations[0].ends_after_s"],
        ),
        (
            _remote(live=replace(LIVE, attended=False)),
            [f"destinations[{n}].ends_by_itself" for n in range(len(_remote().destinations))],
        ),
        (
            _remote(target=Target(base_url=REMOTE, domain="d", token_env="BASIX_API_TOKEN", has_no_telephones=True)),
            ["target.has_no_telephones"],
        ),
        (_remote(limits=Limits()), ["limits.max_calls"]),
        (_remote(limits=Limits(max_calls=0)), ["limits.max_calls"]),
        (_remote(target=Target(base_url=REMOTE, domain="d", token="t")), ["target.token"]),
        (_remote(target=Target(base_url=REMOTE, domain="d")), ["target.token_env"]),
        (_remote(target=Target(base_url=REMOTE, token_env="BASIX_API_TOKEN")), ["target.domain"]),
        (_remote(target=Target(base_url=REMOTE, domain="d", token_env="OTHER")), ["target.token_env"]),
        (
            _remote(target=Target(base_url=REMOTE.replace("https", "http"), domain="d", token_env="BASIX_API_TOKEN")),
            ["target.base_url"],
        ),
        (_remote(callback=Callback()), ["callback.public_url"]),
        (_remote(callback=Callback(listen=":0")), ["callback.public_url"]),
        (_remote(callback=Callback(listen="0.0.0.0:80")), ["callback.public_url"]),
        (_remote(callback=Callback(listen="[::]:80")), ["callback.public_url"]),
        (_remote(callback=Callback(listen="198.51.100.7:80")), []),
        (_remote(callback=Callback(listen=":80", public_url="http://127.0.0.1:80")), ["callback.public_url"]),
        (_remote(callback=Callback(listen=":0", public_url="http://hooks.acme-telephony.jp:80")), ["callback.listen"]),
        (_remote(callback=Callback(listen=":0", public_url="https://hooks.acme-telephony.jp")), []),
    ],
)
def test_what_stands_in_the_way_of_a_remote_target_is_an_error(profile: Profile, keys: list[str]) -> None:
    """Each condition under which real telephones may ring is said by its key."""
    assert _keys(check_profile(profile, environ={"BASIX_API_TOKEN": "x"})) == keys


def test_a_tunnel_to_real_telephones_is_told_what_another_machine_is() -> None:
    """Everything but https is asked of a target on this machine that leads to real telephones."""
    tunnel = replace(_mock(), live=Live(consent="127.0.0.1", tunnel=True, attended=True))
    keys = _keys(check_profile(tunnel, target="http://127.0.0.1:8090/basix/api"))

    assert keys[:3] == ["target.token", "live.time_zone", "destinations[0].ends_after_s"]
    assert "limits.max_calls" not in keys


def test_a_host_that_exists_nowhere_is_a_placeholder() -> None:
    """Reserved names are examples, not hosts."""
    for host in ("pbx.example", "pbx.example.com", "test", "a.invalid"):
        assert "target.base_url" in _keys(check_profile(_mock(), target=f"http://{host}/api"))


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        (_users(lambda user: replace(user, groups=("nowhere",))), [f"users[{n}].groups" for n in range(10)]),
        (
            _users(lambda user: replace(user, outcome_after_s=181.0)),
            [f"users[{n}].outcome_after_s" for n in (0, 1, 2, 3, 4, 6, 7, 8)],
        ),
        (_users(lambda user: replace(user, did="05011112222")), [f"users[{n}].did" for n in range(10)]),
        (
            _users(lambda user: replace(user, extension="119" if user.name == "bob" else user.extension)),
            ["users[2].extension"],
        ),
        (_groups(lambda group: replace(group, id=7)), ["groups[0].id", "groups[1].id"]),
        (
            _numbers(lambda row: replace(row, value="110") if row.kind == "extension" else row),
            ["destinations[4].value"],
        ),
        (_numbers(lambda row: replace(row, value="x1") if row.outcome == "busy" else row), ["destinations[1].value"]),
        (
            _numbers(lambda row: replace(row, calling_number="118") if row.outcome == "busy" else row),
            ["destinations[1].calling_number"],
        ),
        (
            lambda profile: replace(profile, absent=Absent(users=({"name": "jessica"},), groups=({"id": 501},))),
            ["absent.users[0]", "absent.groups[0]"],
        ),
        (
            lambda profile: replace(profile, absent=replace(profile.absent, users=({"did": "+81 50-1111-2222"},))),
            ["absent.users[0]"],
        ),
        (_without_users("answers"), ["users"]),
        (lambda profile: replace(profile, destinations=()), ["destinations"]),
        (
            lambda profile: replace(
                profile, users=(replace(profile.users[0], name="fill-in-name"), *profile.users[1:])
            ),
            ["users[0].name"],
        ),
    ],
)
def test_what_cannot_be_right_is_an_error(change: Change, keys: list[str]) -> None:
    """Unknown groups, doubles, emergency numbers, placeholders, the absent who exist, answers that come too late."""
    found = _keys(check_profile(change(_mock()), target=LOCAL))

    assert found[: len(keys)] == keys or found == keys


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (_users(lambda user: replace(user, outcome_after_s=31.0)), "users[0].outcome_after_s"),
        (_users(lambda user: replace(user, outcome="unknown") if user.name == "bob" else user), "users[2].outcome"),
        (_users(lambda user: replace(user, auto_answer=False)), "users.auto_answer"),
        (_users(lambda user: replace(user, label="Reception・")), "users[0].label"),
        (lambda profile: replace(profile, destinations=profile.destinations * 2), "destinations[0].value"),
    ],
)
def test_what_may_be_meant_so_is_advice(change: Change, key: str) -> None:
    """A run is possible all the same."""
    remarks = check_profile(change(_mock()), target=LOCAL)

    assert key in _keys(remarks, "advice")
    assert _keys(remarks) == []


def test_the_example_says_what_to_fill_in() -> None:
    """The profile to be copied passes loading, can ring nobody, and check names every place to fill in."""
    example = load_profile(PROFILES / "live.example.toml")
    remarks = check_profile(example, environ={})
    text = (PROFILES / "live.example.toml").read_text("utf-8")
    open_places = [line for line in text.splitlines() if "fill-in" in line.partition("#")[0]]

    assert sum("placeholder" in remark.what for remark in remarks) >= len(open_places)
    assert {"target.base_url", "live.consent", "limits.max_calls", "target.token_env"} <= set(_keys(remarks))
    assert example.limits.max_calls == 0
    assert not any(letter.isdigit() for row in example.destinations for letter in row.value + row.calling_number)


def test_a_remark_is_one_line_and_repeats_no_value() -> None:
    """Keys and rows name everything; the profile's values stay in the profile."""
    values = [str(value) for user in _mock().users for value in (user.name, user.did, user.email) if value]
    changes = list(GAPS.values())
    for profile in (_remote(live=Live()), *(change(_mock()) for change in changes)):
        for remark in check_profile(profile, target=REMOTE):
            line = str(remark)
            assert line.startswith(f"{remark.severity}: {remark.key}: {remark.what} ({remark.fix})")
            assert "\n" not in line
            assert not any(value in line for value in values)


@pytest.mark.parametrize(
    ("one", "other", "is_like"),
    [
        ("jessic", "jessica", True),
        ("2001", "200", True),
        ("jessie", "jessica", True),
        ("je", "jessica", False),
        ("qqq", "jessica", False),
        ("", "", False),
    ],
)
def test_texts_resemble_each_other_from_three_letters_on(one: str, other: str, is_like: bool) -> None:  # noqa: FBT001 - what is expected
    """A part of the other, or the same beginning."""
    assert resembles(one, other) is is_like
