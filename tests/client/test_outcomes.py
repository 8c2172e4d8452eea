"""What the caller learns of each fault, and how often the PBX was asked: real sockets, every flavour of the client."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from basix_contract.client import (
    ApiError,
    CallOutcomeUnknown,
    ChannelLimitReached,
    ContractError,
    CredentialsRefused,
    NotSent,
    SuccessReply,
    UnexplainedError,
    UnreadableReply,
)
from basix_contract.client._evidence import Evidence, Fault
from tests.client.faults import (
    LIMITED,
    PAGE,
    SUCCESS,
    UUIDS,
    Pbx,
    chunked,
    envelope,
    floods,
    hangs_up,
    http,
    keeps_and_closes,
    never_accepting,
    refused,
    resets_at_once,
    resets_midway,
    trickles,
    trickles_head,
)
from tests.client.flavours import BOB, FLAVOURS, Flavour
from tests.profile.sockets import Behaviour, RawServer, answers, closes, resets, stalls, stalls_midway

_OF_ANOTHER = b'{"result_code":0,"uuids":["a"]}'


@dataclass(frozen=True, slots=True)
class Case:
    """What a server does, the kind of end that the caller sees, and what stands in its text."""

    behaviour: Behaviour
    kind: type[Exception] | None
    text: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


HASTY = {"reply_timeout_s": 0.15}

# What a whole reply can hold: read in one place, whatever brought it.
REPLIES: dict[str, Case] = {
    "success": Case(answers(envelope(SUCCESS)), None),
    "success under 500": Case(answers(envelope(SUCCESS, "500 Internal Server Error")), None),
    "success under 404": Case(answers(envelope(SUCCESS, "404 Not Found")), None),
    "success, chunked": Case(answers(chunked(b'{"res', b'ult_code":0,"uuids":["a"]}')), None),
    "refused call": Case(answers(envelope(LIMITED)), ChannelLimitReached, "channel_limit_reached"),
    "refused call under 500": Case(answers(envelope(LIMITED, "500 Internal Server Error")), ChannelLimitReached),
    "refused call under 401": Case(answers(envelope(LIMITED, "401 Unauthorized")), ChannelLimitReached),
    "an id never seen": Case(answers(envelope({"result_code": 7, "error": {"id": "Zebra!"}})), ApiError, "'Zebra!'"),
    "no reason": Case(answers(envelope({"result_code": 500})), UnexplainedError, "error.id is missing"),
    "reason of a wrong type": Case(
        answers(envelope({"result_code": 500, "error": "busy"})), UnexplainedError, "error.id is missing"
    ),
    "401 and nothing": Case(answers(http(b"", "401 Unauthorized")), CredentialsRefused, "domain and token"),
    "403 and a page": Case(answers(http(PAGE, "403 Forbidden")), CredentialsRefused, "HTTP 403"),
    "500 and nothing": Case(answers(http(b"", "500 Internal Server Error")), UnreadableReply, "it is empty"),
    "502 and a page": Case(answers(http(PAGE, "502 Bad Gateway")), UnreadableReply, "page of HTML"),
    "200 and a page": Case(answers(http(PAGE)), UnreadableReply, "page of HTML"),
    "no envelope": Case(answers(envelope({"ok": True})), UnreadableReply, "result_code is missing"),
    "a list": Case(answers(envelope([SUCCESS])), UnreadableReply, "not an object"),
    "two envelopes": Case(answers(http(b"{}{}")), UnreadableReply, "not JSON"),
    "false for 0": Case(
        answers(envelope({"result_code": False, "uuids": ["a"]})), UnreadableReply, "result_code must be"
    ),
    "0.0 for 0": Case(answers(http(b'{"result_code":0.0,"uuids":["a"]}')), UnreadableReply, "result_code must be"),
    "two codes": Case(
        answers(http(b'{"result_code":500,"result_code":0,"uuids":["a"]}')), UnreadableReply, "more than once"
    ),
    "success without uuids": Case(answers(envelope({"result_code": 0})), UnreadableReply, "uuids is missing"),
    "success with empty uuids": Case(answers(envelope({"result_code": 0, "uuids": []})), UnreadableReply, "uuids must"),
    "uuids that are numbers": Case(answers(envelope({"result_code": 0, "uuids": [1]})), UnreadableReply, "uuids must"),
    "JSON cut short, and told so": Case(answers(http(_OF_ANOTHER[:-2])), UnreadableReply, "cut short"),
}
# What can befall a request and its reply on their way.
FAULTS: dict[str, Case] = {
    "success": REPLIES["success"],
    "refused call": REPLIES["refused call"],
    "500 and nothing": REPLIES["500 and nothing"],
    "502 and a page": REPLIES["502 and a page"],
    "body cut short": Case(answers(http(_OF_ANOTHER, length=500)), CallOutcomeUnknown, "before a whole reply"),
    "no HTTP": Case(answers(b"220 smtp.example ESMTP\r\n"), CallOutcomeUnknown, "not HTTP"),
    "dropped reply": Case(closes, CallOutcomeUnknown, "before a whole reply"),
    "reset": Case(resets, CallOutcomeUnknown, "lost"),
    "half-written request": Case(resets_midway, CallOutcomeUnknown),
    "no reply": Case(stalls, CallOutcomeUnknown, "in time", HASTY),
    "half a reply": Case(stalls_midway, CallOutcomeUnknown, "in time", HASTY),
    "a reply without end, slow": Case(trickles, CallOutcomeUnknown, "in time", {**HASTY, "connect_timeout_s": 0.05}),
    "a reply without end, fast": Case(floods, UnreadableReply, "longer than"),
}


TWO = (FLAVOURS[0], FLAVOURS[-1])


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Each flavour of the client in turn."""
    found: Flavour = request.param
    return found


@pytest.fixture(scope="module")
def pbx() -> Iterator[Pbx]:
    """A server on a real socket."""
    server = Pbx()
    yield server
    server.close()


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_end_and_is_asked_once(flavour: Flavour, pbx: Pbx, name: str) -> None:
    """Whatever becomes of a request, the caller learns which of the documented ends it was; the PBX saw one at most."""
    ensure_end(pbx, flavour, FAULTS[name])


@pytest.mark.parametrize("one", FLAVOURS[:2], ids=lambda flavour: flavour.name)
def test_a_head_without_end_is_not_waited_for(one: Flavour, pbx: Pbx) -> None:
    """The time for a reply is that of the whole, its head included, and does not begin anew with every byte."""
    began, hasty = time.monotonic(), {**HASTY, "connect_timeout_s": 0.2}
    ensure_end(pbx, one, Case(trickles_head, CallOutcomeUnknown, "in time", hasty))

    assert time.monotonic() - began < 4


@pytest.mark.parametrize("one", TWO, ids=lambda flavour: flavour.name)
@pytest.mark.parametrize("name", sorted(REPLIES.keys() - FAULTS.keys()))
def test_the_body_decides(one: Flavour, pbx: Pbx, name: str) -> None:
    """A reply is a success or an error by its body alone, and anything else breaks the contract."""
    ensure_end(pbx, one, REPLIES[name])


def ensure_end(pbx: Pbx, flavour: Flavour, case: Case) -> None:
    """Place a call with a server that does what the case says, and hold how it ends and how often it was sent."""
    with pbx.playing(case.behaviour) as server:
        (end,) = flavour.place(server.base_url, **case.settings)
    assert server.finished.acquire(timeout=5)

    assert (server.connections, len(server.received)) in {(1, 1), (1, 0)}
    if case.kind is None:
        assert isinstance(end, SuccessReply)
    else:
        assert type(end) is case.kind
        assert case.text in str(end)


@pytest.mark.parametrize("one", TWO, ids=lambda flavour: flavour.name)
@pytest.mark.parametrize("name", [name for name, case in {**REPLIES, **FAULTS}.items() if case.kind])
def test_an_error_says_no_more_than_it_should(one: Flavour, pbx: Pbx, name: str) -> None:
    """No text of an error repeats the destination, the user, the token or the reply, and none hangs on to another."""
    case = {**REPLIES, **FAULTS}[name]
    call = {"user_email": "jones@abcd.example", "destination": "0355556666"}
    with pbx.playing(case.behaviour) as server:
        (end,) = one.place(server.base_url, call, **case.settings)

    assert not any(secret in str(end) + repr(end) for secret in ("jones", "0355556666", "0312341234", "t0ken"))
    assert isinstance(end, Exception)
    assert (end.__cause__, end.__context__) == (None, None)


def test_the_uuids_are_those_of_the_reply(flavour: Flavour, pbx: Pbx) -> None:
    """A success hands on every uuid as it came, in whatever case it is written."""
    with pbx.playing(answers(envelope({**SUCCESS, "later": {"more": 1}, "error": None}))) as server:
        (end,) = flavour.place(server.base_url)

    assert end == SuccessReply(uuids=UUIDS)


def test_a_refusal_tells_its_id_code_and_status(flavour: Flavour, pbx: Pbx) -> None:
    """A refused call tells the three things that can be known of it."""
    with pbx.playing(answers(envelope(LIMITED, "503 Service Unavailable"))) as server:
        (end,) = flavour.place(server.base_url)

    assert isinstance(end, ApiError)
    assert (end.error_id, end.result_code, end.http_status) == ("channel_limit_reached", 500, 503)


def test_what_breaks_the_contract_tells_its_violation(flavour: Flavour, pbx: Pbx) -> None:
    """A reply that breaks the contract is a ContractError, whatever else it is, and says where it does."""
    with pbx.playing(answers(envelope({"result_code": 0, "uuids": "a"}))) as server:
        (unreadable,) = flavour.place(server.base_url)
    with pbx.playing(answers(envelope({"result_code": 500}))) as server:
        (unexplained,) = flavour.place(server.base_url)

    for end, pointer in ((unreadable, "/uuids"), (unexplained, "/error/id")):
        assert isinstance(end, ContractError)
        assert [violation.pointer for violation in end.violations] == [pointer]


def test_a_connection_reset_unread_is_never_a_refusal(flavour: Flavour, pbx: Pbx) -> None:
    """A connection that is reset at once has carried nothing when the client saw that in time; else it may have."""
    with pbx.playing(resets_at_once) as server:
        (end,) = flavour.place(server.base_url)

    assert type(end) in {NotSent, CallOutcomeUnknown}
    assert server.connections == 1


def test_nobody_listening_means_not_sent(flavour: Flavour) -> None:
    """A refused connection is the one kind of failure after which the same call may be placed again."""
    with refused() as base_url:
        (end,) = flavour.place(base_url)

    assert type(end) is NotSent
    assert "safe to try again" in str(end)
    assert base_url.removesuffix("/basix/api") in str(end)


@pytest.mark.skipif(sys.platform != "linux", reason="how a full listener treats newcomers is the system's own affair")
def test_no_connection_in_time_means_not_sent(flavour: Flavour) -> None:
    """A connection that does not come about in time has carried nothing."""
    with never_accepting() as base_url:
        (end,) = flavour.place(base_url, connect_timeout_s=0.1)

    assert type(end) is NotSent


def test_a_failed_handshake_means_not_sent(flavour: Flavour, pbx: Pbx) -> None:
    """Where TLS does not come about, bytes were exchanged and yet none of the request."""
    with pbx.playing(hangs_up) as server:
        (end,) = flavour.place(server.base_url.replace("http:", "https:"))

    assert type(end) is NotSent
    assert b"call_user" not in b"".join(server.received)


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent"])
def test_no_redirect_is_followed(flavour: Flavour, pbx: Pbx, status: str) -> None:
    """A redirect is an unknown outcome, also for an HTTP client that follows them by itself."""
    with RawServer(answers(envelope(SUCCESS))) as elsewhere:
        reply = http(b"", status, f"Location: {elsewhere.base_url}/call_user")
        with pbx.playing(answers(reply)) as server:
            (end,) = flavour.place(server.base_url)

    assert type(end) is UnreadableReply
    assert "redirects" in str(end)
    assert (len(server.received), elsewhere.connections) == (1, 0)


def test_an_idle_connection_that_the_pbx_closes_costs_no_call(flavour: Flavour, pbx: Pbx) -> None:
    """A second call goes out on a connection of its own, so that it cannot meet one that has just been closed."""
    with pbx.playing(keeps_and_closes(SUCCESS)) as server:
        ends = flavour.place(server.base_url, BOB, BOB, BOB)

    assert ends == [SuccessReply(uuids=UUIDS)] * 3
    assert (server.connections, len(server.received)) == (3, 3)
    assert all(b"connection: close" in request.lower() for request in server.received)


def test_the_client_goes_on_after_any_end(flavour: Flavour, pbx: Pbx) -> None:
    """One failure has no effect on the next call."""
    replies = iter([b"", http(PAGE), envelope(LIMITED), envelope(SUCCESS)])

    def behave(connection: socket.socket, server: RawServer) -> None:
        answers(next(replies))(connection, server)

    with pbx.playing(behave) as server:
        ends = flavour.place(server.base_url, BOB, BOB, BOB, BOB)

    kinds = [CallOutcomeUnknown, UnreadableReply, ChannelLimitReached, SuccessReply]
    assert [type(end) for end in ends] == kinds


def test_a_slow_reply_is_waited_for_and_no_longer(flavour: Flavour, pbx: Pbx) -> None:
    """The time a reply may take is the client's own, and has nothing to do with how long the telephone may ring."""
    began_s = time.monotonic()
    with pbx.playing(stalls) as server:
        (end,) = flavour.place(server.base_url, {**BOB, "answer_timeout": 1}, reply_timeout_s=0.15)
        took_s = time.monotonic() - began_s

    assert type(end) is CallOutcomeUnknown
    assert 0.15 <= took_s < 1


def test_a_large_request_broken_off_is_unknown(flavour: Flavour, pbx: Pbx) -> None:
    """A request of which only a part could be written may have been understood."""
    with pbx.playing(resets_midway) as server:
        (end,) = flavour.place(server.base_url, {**BOB, "calling_name": "a" * 20_000_000})

    assert type(end) is CallOutcomeUnknown
    assert server.connections == 1


def test_a_connection_is_read_no_longer_than_a_call_may_take() -> None:
    """Once the time is up nothing more is read, however much there is; what cannot be bound is left as it is."""
    stream, other = SimpleNamespace(read=lambda _bytes, _timeout: b"x"), object()
    late, early = Evidence(time.monotonic() - 1), Evidence(time.monotonic() + 60)
    late.note("connection.connect_tcp.complete", {"return_value": other})
    early.note("connection.connect_tcp.complete", {"return_value": stream})
    assert stream.read(1) == b"x"
    late.note("connection.start_tls.complete", {"return_value": stream})

    with pytest.raises(TimeoutError) as error:
        stream.read(1)
    assert late.fault(error.value) == Fault("no whole reply came in time", was_sent=False)
