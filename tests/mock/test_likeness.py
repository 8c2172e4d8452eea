"""A likeness: what was seen of a PBX, as a file, and a mock that behaves like it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from basix_contract.errors import UsageError
from basix_contract.messages import Request, Response, field_value
from basix_contract.mock import (
    Answer,
    CallbackManner,
    Likeness,
    People,
    ReplyManner,
    behaviour_like,
    envelope_features,
    parameter_features,
    read_likeness,
    read_object,
    settings_like,
    shipped_words,
    write_likeness,
)
from basix_contract.mock._behaviour import World
from basix_contract.mock._call import CallRequest, CallResult
from basix_contract.mock._clock import RealClock
from basix_contract.mock._directory import Directory
from basix_contract.mock._exchange import Delivery, Refusal, Reply
from basix_contract.mock._state import PbxState
from basix_contract.profile import parse_profile

PROFILE = parse_profile(
    """
[target]
domain = "acme.example"
token = "t0ken"
[[users]]
id = 7
name = "ann"
extension = "0201"
terminals = 2
groups = ["sales"]
[[users]]
name = "bob"
outcome = "busy"
[[groups]]
id = 70
name = "sales"
[[groups]]
name = "support"
[[destinations]]
value = "0312341234"
calling_number = "0311112222"
[[destinations]]
value = "bob"
kind = "user"
"""
)
PEOPLE = People(
    users=(
        {"id": 7, "name": "ann", "extension": "0201", "groups": ["sales"], "outcome": "answers"},
        {"name": "bob", "outcome": "busy", "groups": []},
    ),
    groups=({"id": 70, "name": "sales"}, {"name": "support"}),
    destinations=(
        {"value": "0312341234", "kind": "pstn", "calling_number": "0311112222"},
        {"value": "bob", "kind": "user"},
    ),
)
GOOD = {"user_name": "ann", "destination": "0312341234"}
FULL = Likeness(
    reply=ReplyManner(
        success_status=201,
        media_type="application/json;charset=UTF-8",
        headers=("x-node",),
        members=("api",),
        members_of_errors=("trace",),
        members_beside_error_id=("text",),
        error_result_code=501,
        legs=3,
        uuid_case="upper",
        uuid_versions="1",
        has_sorted_uuids=True,
        after_s=0.3,
    ),
    callback=CallbackManner(
        media_type="text/json",
        members=("node",),
        members_of_errors=("text", "uuid"),
        error_ids={"busy": "line_is_busy"},
        after_s=0.2,
        is_before_reply=False,
        is_sent_after_refusal=True,
        sent_when_answered={"302": 1, "500": 3},
        repeat_after_s=0.5,
    ),
    accepted=("auto_answer text", "body in UTF-16", "answer_timeout text", "calling_name with control characters"),
    refused={
        "user_name unknown": Answer(status=404, id="who_is_that", media_type="application/json"),
        "credentials absent": Answer(status=403, media_type="text/html", page='<h1>"no" \\ entry\x7f</h1>'),
        "credentials wrong": Answer(status=401, id="go_away"),
    },
)


def features(**members: Any) -> tuple[str, ...]:
    """What is special about a call with these members."""
    return tuple(parameter_features({**GOOD, **members}, PEOPLE, shipped_words()))


def features_without(name: str, **members: Any) -> tuple[str, ...]:
    """What is special about a call that lacks one."""
    asked = {key: value for key, value in {**GOOD, **members}.items() if key != name}
    return tuple(parameter_features(asked, PEOPLE, shipped_words()))


SPECIAL: list[tuple[dict[str, Any], str]] = [
    ({"user_name": "nobody"}, "user_name unknown"),
    ({"user_name": ""}, "user_name empty"),
    ({"user_name": " "}, "user_name blank"),
    ({"user_name": None}, "user_name null"),
    ({"user_name": True}, "user_name boolean"),
    ({"user_name": []}, "user_name empty list"),
    ({"user_name": [1]}, "user_name a list"),
    ({"user_name": {"a": 1}}, "user_name an object"),
    ({"user_name": "bob"}, "user busy"),
    ({"user_id": 7}, "user_id known"),
    ({"user_id": "7"}, "user_id known, as text"),
    ({"user_id": 8}, "user_id unknown"),
    ({"user_id": 9_000_000_000_000_002}, "user_id known"),
    ({"user_id": "redacted_users_0_id"}, "user_id known, as text"),
    ({"user_extension": 201}, "user_extension known, as number"),
    ({"user_id": 7}, "user by several selectors"),
    ({"group_name": "sales"}, "group_name known"),
    ({"group_name": "support"}, "group the user is not in"),
    ({"group_name": "none"}, "group_name unknown"),
    ({"group_name": "sales", "group_id": 70}, "group by several selectors"),
    ({"group_resolver": "*"}, "group_resolver *"),
    ({"group_resolver": "any"}, "group_resolver other"),
    ({"group_resolver": ""}, "group_resolver empty"),
    ({"group_resolver": "*", "group_name": "sales"}, "group_resolver beside a group"),
    ({"group_resolver": "*", "user_name": "bob"}, "group_resolver for a user in no group"),
    ({"destination": ""}, "destination empty"),
    ({"destination": 0}, "destination number"),
    ({"destination": "0399999999"}, "destination unlisted"),
    ({"destination": "bob"}, "destination user"),
    ({"destination": "{name=A,organization=B}0312341234"}, "destination inline"),
    ({"destination": "{id=7}0312341234"}, "destination inline with other keys"),
    ({"destination": {"called_number": "bob"}}, "destination object for user"),
    ({"destination": {}}, "called_number absent"),
    ({"destination": {"called_number": ""}}, "called_number empty"),
    ({"destination": {"called_number": "bob", "note": 1}}, "destination with an unknown member"),
    ({"destination": {"called_number": "bob", "calling_number": "0311112222"}}, "calling_number own"),
    ({"destination": {"called_number": "bob", "calling_number": "1"}}, "calling_number foreign"),
    ({"destination": {"called_number": "bob", "end_user": {}}}, "end_user empty object"),
    ({"destination": {"called_number": "bob", "end_user": {"shoe": "38"}}}, "end_user with an unknown member"),
    ({"destination": {"called_number": "bob", "end_user": {"id": 3}}}, "end_user.id as a number"),
    ({"destination": {"called_number": "bob", "end_user": {"avatar": "a.png"}}}, "end_user.avatar that is no URL"),
    ({"answer_timeout": 0}, "answer_timeout zero"),
    ({"answer_timeout": -1}, "answer_timeout below zero"),
    ({"answer_timeout": 30}, "answer_timeout in seconds"),
    ({"answer_timeout": 181}, "answer_timeout above 180"),
    ({"answer_timeout": "30"}, "answer_timeout digits"),
    ({"answer_timeout": 30.0}, "answer_timeout whole fraction"),
    ({"answer_timeout": 1.5}, "answer_timeout fraction"),
    ({"auto_answer": "true"}, "auto_answer text"),
    ({"calling_name": "トーマス"}, "calling_name beyond ASCII"),
    ({"calling_name": "a\nb"}, "calling_name with control characters"),
    ({"calling_name": "x" * 65}, "calling_name longer than 64"),
    ({"calling_name": "Ann"}, "calling_name in ASCII"),
    ({"callback_url": "http://127.0.0.1/"}, "callback_url given"),
    ({"callback_url": "ftp://127.0.0.1/"}, "callback_url no http URL"),
    ({"callback_url": "http://"}, "callback_url without a host"),
    ({"callback_url": "http://[::1"}, "callback_url no URL"),
    ({"callback_url": {}}, "callback_url empty object"),
    ({"name_name": "x"}, "unknown parameter"),
]


@pytest.mark.parametrize(("members", "feature"), SPECIAL)
def test_what_is_special_about_a_call_has_a_name(members: dict[str, Any], feature: str) -> None:
    """Each thing a PBX may accept or refuse a call for is named, and a plain call has nothing of it."""
    assert feature in features(**members)
    assert features() == ("user_name known", "destination pstn")


def test_what_is_left_out_has_a_name() -> None:
    """A call without a user, and one without a destination, are named."""
    assert features_without("user_name")[0] == "user none"
    assert "destination absent" in features_without("destination")


FORMS: list[tuple[bytes, str]] = [
    (b"", "body empty"),
    (b"call", "body no JSON"),
    (b"[" * 100_000, "body no JSON"),
    (b"[]", "body no object"),
    (b'\xef\xbb\xbf{"a": 1}', "body with a byte order mark"),
    (b'{"a": 1, "a": 2}', "body with a member twice"),
    ('{"a": 1}'.encode("utf-16"), "body in UTF-16"),
]


@pytest.mark.parametrize(("body", "feature"), FORMS)
def test_the_form_of_a_body_has_a_name(body: bytes, feature: str) -> None:
    """What is no JSON object, and what is one in another spelling, is named."""
    assert feature in read_object(body)[1]


def test_the_envelope_of_a_request_has_names() -> None:
    """Method and media type are named where they are not those of the document."""
    said = [
        tuple(envelope_features(method, (("Content-Type", media_type),)))
        for method, media_type in (
            ("POST", "application/json; charset=utf-8"),
            ("GET", "text/plain"),
            ("POST", "application/json; charset=utf-16"),
        )
    ]

    assert said == [(), ("method GET", "media type text/plain"), ("charset utf-16",)]
    assert tuple(envelope_features("POST", ())) == ("media type none",)


# ── the file ──


@pytest.mark.parametrize("likeness", [FULL, Likeness()])
def test_a_likeness_survives_its_file(tmp_path: Path, likeness: Likeness) -> None:
    """What is written is read back as it was, whatever a PBX has put into its pages."""
    path = tmp_path / "like.toml"
    path.write_text(write_likeness(likeness), "utf-8")

    assert read_likeness(path) == likeness


WRONG = {
    "accepted = 7": "accepted cannot be 7",
    "accepted = [7]": r"accepted cannot be \[7\]",
    "more = 1": "unknown key 'more'",
    "[reply]\nlegs = true": "legs cannot be True",
    "[reply]\nfeet = 2": "unknown key 'feet'",
    '[refused]\nx = { id = "y" }': "status",
    "[refused]\nx = 1": "no likeness of a PBX",
    '[callback]\nerror_ids = { "busy" = 1 }': "error_ids cannot be",
    "=": "is no TOML",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items())
def test_a_file_that_is_no_likeness_is_named(tmp_path: Path, text: str, said: str) -> None:
    """What is wrong in the file is told, with its place."""
    path = tmp_path / "like.toml"
    path.write_text(text, "utf-8")

    with pytest.raises(UsageError, match=rf"like\.toml: .*{said}"):
        read_likeness(path)


def test_a_likeness_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing file is told."""
    with pytest.raises(UsageError, match="the likeness cannot be read"):
        read_likeness(tmp_path / "none.toml")


# ── the mock ──


def alike(likeness: Likeness = FULL) -> Any:
    """The behaviour of a mock that is like that PBX."""
    world = World(
        directory=Directory.from_profile(PROFILE, has_magic=False),
        settings=settings_like(likeness),
        state=PbxState(lambda: 0.0, None),
        clock=RealClock(),
        random=Random(1),  # noqa: S311 - a test wants the same draw each time
        words=shipped_words(),
    )
    return behaviour_like(likeness)(world)


def request(body: object = GOOD, *, shown: str | None = "t0ken") -> Request:
    """A request with these credentials and this body."""
    fields = [("Content-Type", "application/json")]
    if shown is not None:
        fields.append(("Authorization", "Basic " + base64.b64encode(f"acme.example:{shown}".encode()).decode()))
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request("POST", "/call_user", tuple(fields), raw)


def test_a_mock_refuses_as_was_seen() -> None:
    """Status, error id and members are those that were seen; a page where a page was."""
    pbx = alike()

    unknown: Reply = pbx.error_reply(pbx.judge(request({**GOOD, "user_name": "nobody"})))
    absent: Reply = pbx.error_reply(pbx.judge(request(shown=None)))
    wrong: Reply = pbx.error_reply(pbx.judge(request(shown="other")))

    assert unknown.status == 404
    assert json.loads(unknown.body) == {
        "result_code": 501,
        "error": {"id": "who_is_that", "text": "as seen"},
        "trace": "as seen",
    }
    assert (absent.status, absent.body, field_value(absent.headers, "content-type")) == (
        403,
        b'<h1>"no" \\ entry\x7f</h1>',
        "text/html",
    )
    assert (wrong.status, json.loads(wrong.body)["error"]["id"]) == (401, "go_away")


def test_what_was_not_seen_is_the_mocks_own_way() -> None:
    """A refusal that nobody has seen is the mock's, in the style of those that were seen."""
    pbx = alike()

    reply: Reply = pbx.error_reply(pbx.judge(request({**GOOD, "answer_timeout": 0})))

    assert reply.status == 400
    assert json.loads(reply.body)["error"]["id"] == "invalid_parameter"


@pytest.mark.parametrize(
    "members",
    [{"auto_answer": "true"}, {"auto_answer": "sometimes"}, {"answer_timeout": "soon"}, {"calling_name": "a\nb"}],
)
def test_a_mock_accepts_what_was_seen_to_be_accepted(members: dict[str, Any]) -> None:
    """What the mock would refuse by itself is taken where a PBX was seen to take it."""
    asked = request({**GOOD, **members})

    assert isinstance(alike().judge(asked), CallRequest)
    assert isinstance(alike(Likeness()).judge(asked), Refusal)


def test_a_mock_reads_what_was_seen_to_be_read() -> None:
    """UTF-16 is read where that was seen."""
    raw = json.dumps(GOOD).encode("utf-16")

    assert isinstance(alike().judge(request(raw)), CallRequest)
    assert isinstance(alike(Likeness()).judge(request(raw)), Refusal)


def test_a_mock_replies_as_was_seen() -> None:
    """Status, members, fields, number, case, version and order of uuids are those that were seen."""
    pbx = alike()
    call = pbx.place(pbx.judge(request()))

    reply: Reply = pbx.success_reply(call)
    body = json.loads(reply.body)

    assert reply.status == 201
    assert set(body) == {"result_code", "uuids", "api"}
    assert dict(reply.headers) == {"Content-Type": "application/json;charset=UTF-8", "x-node": "as seen"}
    assert len(body["uuids"]) == 3
    assert body["uuids"] == sorted(body["uuids"])
    assert all(uuid == uuid.upper() and uuid[14] == "1" for uuid in body["uuids"])


def test_a_mock_calls_back_as_was_seen() -> None:
    """Label, members, error ids, pause and number of callbacks are those that were seen."""
    pbx = alike()
    answered = pbx.place(pbx.judge(request()))
    busy = pbx.place(pbx.judge(request({**GOOD, "user_name": "bob"})))

    good = pbx.callback_body(answered, CallResult(uuid=answered.uuids[0]))
    bad = pbx.callback_body(busy, CallResult(error_id="busy"))

    assert good == {"result_code": 0, "uuid": answered.uuids[0], "node": "as seen"}
    assert bad == {"result_code": 501, "error": {"id": "line_is_busy"}, "text": "as seen", "uuid": busy.uuids[0]}
    assert pbx.callback_body(answered, CallResult(error_id="no_answer"))["error"] == {"id": "no_answer"}
    assert field_value(pbx.callback_headers(), "content-type") == "text/json"
    assert (pbx.settings.callback_delay_s, pbx.settings.callback_on_refusal) == (0.2, True)


def test_a_mock_repeats_as_was_seen() -> None:
    """A callback is sent as often as was seen for such an answer; for others the mock's own rule holds."""
    pbx, delivery = alike(), Delivery(url="http://127.0.0.1/", headers=(), body=b"")

    def sent(status: int) -> int:
        attempt = 1
        while (again := pbx.next_attempt(delivery, attempt, Response(status, (), b""))) is not None:
            assert again.after_s == 0.5
            attempt += 1
        return attempt

    assert [sent(status) for status in (200, 302, 500, 418)] == [1, 1, 3, 1]


def test_an_empty_likeness_is_the_mock_itself() -> None:
    """Where nothing was seen, everything is as the mock does it."""
    pbx = alike(Likeness())

    reply: Reply = pbx.success_reply(pbx.place(pbx.judge(request())))

    assert reply.status == 200
    assert set(json.loads(reply.body)) == {"result_code", "uuids"}
    assert dict(reply.headers) == {"Content-Type": "application/json"}
    assert field_value(pbx.callback_headers(), "content-type") == "application/json"
