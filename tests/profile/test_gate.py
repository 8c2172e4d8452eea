"""The gate counts, refuses in the order of its rules, and repeats nothing that it refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from basix_contract.errors import GateRefusal, UsageError
from basix_contract.messages import Request
from basix_contract.profile import RULES, Destination, Gate, Limits, Live, Profile
from tests.profile.conftest import BASE_URL, PROFILE, URL, call, gate_of, post, rule_against

BRIEF = call(answer_timeout=30)
REMOTE = "https://pbx.acme-telephony.jp/basix/api"


def test_what_passes_is_counted() -> None:
    """A request that passes counts as one, and as a call when it names somebody who exists."""
    gate = gate_of()
    for body in (call(), call(user_id=999), b"{}", b"", call(user_name="jessic", user_id=None)):
        gate.ensure_admitted(URL, post(body))

    assert (gate.spent.requests, gate.spent.calls) == (5, 1)


def test_what_is_refused_is_not_counted() -> None:
    """A refused request costs nothing."""
    gate = gate_of()
    with pytest.raises(GateRefusal):
        gate.ensure_admitted(URL, post(call(user_name="maria")))

    assert (gate.spent.requests, gate.spent.calls) == (0, 0)


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        (call(user_name="jessica", user_email="jessica@acme.example"), 1),
        (b'{"user_id": 10001001, "user_id": 10001002, "destination": "thomas"}', 2),
        (b'{"user_id": 10001001, "USER_ID": 10001002, "destination": "thomas"}', 2),
        (b'{"user_id": 10001001, "destination": "thomas"}{"user_id": 10001002, "destination": "thomas"}', 2),
        (b"user_id=10001001&destination=0312341234", 1),
        (b"user_id=999&destination=0312341234", 0),
        (b'{"user_name": "jessica"', 1),
        (b'{"user_name": ""', 0),
        (b'{"destination": "0312341234"}', 0),
    ],
)
def test_a_request_costs_as_many_calls_as_it_could_place(body: bytes, calls: int) -> None:
    """Selectors given twice may ring twice; several of one user, absent and empty ones do not."""
    gate = gate_of()
    gate.ensure_admitted(URL, post(body))

    assert gate.spent.calls == calls


@pytest.mark.parametrize(
    ("of_profile", "of_run", "allowed"), [(2, None, 2), (None, 3, 3), (5, 1, 1), (1, 5, 1), (0, None, 0)]
)
def test_the_smaller_budget_holds(of_profile: int | None, of_run: int | None, allowed: int) -> None:
    """The budgets of profile and run both hold; beyond the smaller no call passes, and everything else does."""
    gate = gate_of(replace(PROFILE, limits=Limits(max_calls=of_profile)), max_calls=of_run)
    for _ in range(allowed):
        gate.ensure_admitted(URL, post(call()))
    with pytest.raises(GateRefusal, match=r"gate\[budget\]"):
        gate.ensure_admitted(URL, post(call()))
    gate.ensure_admitted(URL, post(b"{}"))

    assert gate.max_calls == gate.spent.calls == allowed


def test_an_interrupted_run_has_spent_of_the_budget() -> None:
    """What was placed before a run was resumed counts as well."""
    gate = gate_of(max_calls=3, calls_before=2)
    gate.ensure_admitted(URL, post(call()))

    with pytest.raises(GateRefusal, match=r"gate\[budget\]"):
        gate.ensure_admitted(URL, post(call()))


def test_a_call_too_many_in_one_request_is_refused() -> None:
    """A request that could place two calls does not pass when one is left."""
    gate = gate_of(max_calls=1)
    with pytest.raises(GateRefusal, match=r"gate\[budget\]"):
        gate.ensure_admitted(URL, post(b'{"user_id": 10001001, "user_id": 10001002}'))


def test_without_any_budget_three_hundred_calls_are_allowed() -> None:
    """On this machine a budget is a courtesy."""
    assert gate_of(replace(PROFILE, limits=Limits())).max_calls == 300


def test_the_stop_file_stops_everything(tmp_path: Path) -> None:
    """While the stop file is there nothing passes, not even what rings nobody; afterwards it does."""
    brake = tmp_path / "stop"
    gate = gate_of(replace(PROFILE, limits=Limits(stop_file=str(brake))))
    gate.ensure_admitted(URL, post(b"{}"))
    brake.touch()
    with pytest.raises(GateRefusal, match=r"gate\[stopped\]"):
        gate.ensure_admitted(URL, post(b"{}"))
    assert gate.reason_against(URL, post(b"{}")) == ""
    brake.unlink()
    gate.ensure_admitted(URL, post(b"{}"))


@pytest.mark.parametrize("path", ["stop\0file", "x" * 5_000])
def test_a_stop_file_that_cannot_be_looked_for_stops_as_well(path: str) -> None:
    """Where it is not known whether the brake is pulled, it is."""
    gate = gate_of(replace(PROFILE, limits=Limits(stop_file=path)))
    with pytest.raises(GateRefusal, match=r"gate\[stopped\]"):
        gate.ensure_admitted(URL, post(b"{}"))


def test_a_stop_file_below_a_file_is_not_there(tmp_path: Path) -> None:
    """A path that leads through a file names nothing."""
    (tmp_path / "file").touch()
    gate = gate_of(replace(PROFILE, limits=Limits(stop_file=str(tmp_path / "file" / "stop"))))
    gate.ensure_admitted(URL, post(b"{}"))


# ── targets that are not this machine ──


def _remote(**changes: Any) -> Gate:
    number = Destination(value="0312341234", ends_by_itself=True)
    profile = replace(
        PROFILE,
        live=Live(consent="pbx.acme-telephony.jp", quiet_hours=""),
        destinations=(number, Destination(value="0377778888")),
    )
    return Gate(replace(profile, **changes), base_url=REMOTE, callback_place="198.51.100.7:8080/")


def _against(gate: Gate, body: bytes, base_url: str = REMOTE) -> str:
    return rule_against(gate, body, f"{base_url}/call_user")


def test_a_remote_target_with_consent_is_called() -> None:
    """Consent that names the host, https and a budget open the way."""
    assert _against(_remote(), BRIEF) == ""


@pytest.mark.parametrize("consent", ["", "acme-telephony.jp", "PBX.acme-telephony.jp", "pbx.acme-telephony.jp."])
def test_without_consent_nothing_at_all_leaves(consent: str) -> None:
    """A host that is not consented to letter for letter gets no request, not even an empty one; a plan can be read."""
    gate = _remote(live=Live(consent=consent, quiet_hours=""))
    with pytest.raises(GateRefusal, match=r"gate\[consent\]"):
        gate.ensure_admitted(f"{REMOTE}/call_user", post(b""))

    assert gate.reason_against(f"{REMOTE}/call_user", post(BRIEF)) == ""


def test_a_remote_target_is_reached_by_https_only() -> None:
    """A token never travels in the clear, consent or not."""
    gate = Gate(replace(PROFILE, live=Live(consent="pbx.jp")), base_url="http://pbx.jp/api")

    with pytest.raises(GateRefusal, match=r"gate\[consent\]"):
        gate.ensure_admitted("http://pbx.jp/api/call_user", post(b"{}"))


def test_a_remote_target_needs_a_budget_in_the_profile() -> None:
    """A budget of the command line alone allows no call."""
    gate = Gate(
        replace(PROFILE, live=Live(consent="pbx.acme-telephony.jp", attended=True, quiet_hours=""), limits=Limits()),
        base_url=REMOTE,
        max_calls=5,
    )
    with pytest.raises(GateRefusal, match=r"gate\[budget\]"):
        gate.ensure_admitted(f"{REMOTE}/call_user", post(BRIEF))


def test_a_remote_destination_must_end_by_itself() -> None:
    """Where nobody could end an answered call, only those destinations pass that do it themselves."""
    gate = _remote()
    attended = _remote(live=Live(consent="pbx.acme-telephony.jp", attended=True, quiet_hours=""))

    assert _against(gate, call(destination="0377778888")) == "endless"
    assert _against(gate, call(destination={"called_number": "03-7777-8888"})) == "endless"
    assert _against(gate, b"user_id=10001001&destination=0377778888") == "unreadable"
    assert _against(gate, call(destination="0312341234", answer_timeout=30)) == ""
    assert _against(attended, call(destination="0377778888", answer_timeout=30)) == ""


def test_an_emergency_number_is_never_shown_as_the_caller_in_whatever_type() -> None:
    """Declared or not, as text or as a JSON number: the called party must not be made to call it back."""
    declared = (Destination(value="0312341234", calling_number="118"),)
    gate = gate_of(replace(PROFILE, destinations=declared))

    for number in ("118", 118):
        body = call(destination={"called_number": "0312341234", "calling_number": number})
        assert rule_against(gate, body) == "emergency"


# ── the embedded mock ──


def test_the_embedded_mock_may_be_asked_anything() -> None:
    """Nobody can be rung there: every body and field passes, below its own URL only, within the budget."""
    gate = gate_of(Profile(), is_embedded=True, max_calls=1)
    gate.ensure_admitted(f"{URL}/x?user_name=maria", Request("BREW", "", (("Host", "x"),), b""))

    assert gate.spent.calls == 1
    with pytest.raises(GateRefusal, match=r"gate\[budget\]"):
        gate.ensure_admitted(URL, post(call(user_name="maria")))
    assert rule_against(gate, b"{}", "http://127.0.0.1:9999/basix/api/call_user") == "target"
    assert rule_against(gate, b"{}", "mailto:x") == "target"


def test_no_remote_target_is_the_embedded_mock() -> None:
    """A host that is not this machine is judged by the profile, whatever it is said to be."""
    gate = Gate(_remote_profile(), base_url=REMOTE, is_embedded=True)

    assert _against(gate, call(user_name="maria")) == "people"


# ── a target without telephones ──


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (call(user_name="maria"), ""),
        (call(destination="0399998888"), ""),
        (call(destination="110"), "emergency"),
        (call(destination={"called_number": "+81 110"}), "emergency"),
        (call(callback_url="https://somewhere.jp/result"), "callback"),
    ],
)
def test_where_nothing_rings_anybody_may_be_named(body: bytes, rule: str) -> None:
    """`has_no_telephones` lets people and numbers pass; emergency numbers and other hosts stay refused."""
    target = replace(PROFILE.target, has_no_telephones=True)
    said = rule_against(gate_of(replace(PROFILE, target=target)), body, URL)

    assert said == rule


def test_that_nothing_rings_is_believed_of_this_machine_only() -> None:
    """A host that is not this machine is judged by the profile, whatever its profile says of telephones."""
    target = replace(PROFILE.target, has_no_telephones=True)
    gate = Gate(replace(_remote_profile(), target=target), base_url=REMOTE)

    assert _against(gate, call(user_name="maria")) == "people"


def _remote_profile() -> Profile:
    return replace(PROFILE, live=Live(consent="pbx.acme-telephony.jp", attended=True, quiet_hours=""))


# ── what a refusal says ──


def test_a_refusal_names_the_rule_and_what_to_change_but_not_what_was_refused() -> None:
    """One line says rule, parameter and remedy; no value, no name, no number is in it."""
    gate = gate_of()
    for body, where in (
        (call(user_name="Gustav Geheim"), "user_name"),
        (call(destination="09012345678"), "destination"),
        (call(callback_url="http://secret.evil.jp/"), "callback_url"),
        (call(geheim="09012345678"), ""),
        (b"user_name=Geheim", ""),
    ):
        reason = gate.reason_against(URL, post(body))

        assert reason.startswith("gate[")
        assert where in reason
        assert reason.endswith(")")
        assert "\n" not in reason
        assert not any(word in reason.lower() for word in ("geheim", "09012345678", "secret", "evil"))


@pytest.mark.parametrize("name", RULES)
def test_every_rule_says_what_is_wrong_and_what_to_do(name: str) -> None:
    """Every rule of the table has a sentence and a remedy, short enough for one line."""
    rule = RULES[name]

    assert 20 < len(rule.what) < 120
    assert 20 < len(rule.fix) < 120


@pytest.mark.parametrize("base_url", ["", "pbx", "ftp://pbx/", "http://u:p@pbx/", "http://pbx:99999/", "http://[pbx/"])
def test_the_base_url_must_be_one(base_url: str) -> None:
    """A gate for no place cannot be made, and what is wrong is said without repeating the URL."""
    with pytest.raises(UsageError, match="the URL") as caught:
        Gate(PROFILE, base_url=base_url)

    assert "u:p" not in str(caught.value)


def test_a_slash_behind_the_base_url_makes_no_difference() -> None:
    """`/call_user` is appended to either."""
    assert Gate(PROFILE, base_url=BASE_URL + "/").reason_against(URL, post(b"{}")) == ""
