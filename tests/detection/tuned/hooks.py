"""What an expert adds to schemathesis for this API: people who exist, a receiver, checks that read the envelope.

`schemathesis.toml` beside it loads it. It knows the document and the profile, and nothing of this kit.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import time
from typing import Any

import requests
import schemathesis

from tests.detection.tuned.people import (
    SHORT_HUNT_S,
    Telephones,
    given,
    introduced,
    is_call,
    is_plain,
    names_nobody,
    number_of,
    schema_of,
    user_of,
)
from tests.detection.tuned.receiver import Expected, Receiver

GRACE_S = 0.8
PROBE_EVERY = 10
WRONG_CREDENTIALS = ("", "{domain}:wrong", "nobody.example:{token}", "{domain}:{token}x", "{domain}:")

RECEIVER = Receiver()
RESULT = schema_of("CallResult")
TELEPHONES = Telephones()
ACCEPTED = itertools.count()


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG001 - the hook's signature
    """Every valid call goes to people who exist, and every second one wants its result told to the receiver."""
    if is_call_of(case):
        body = introduced(case.body)
        wants_result = "callback_url" in body or number_of(body) % 2
        case.body = {**body, "callback_url": RECEIVER.expect()} if wants_result else body
        TELEPHONES.wait_for(user_of(case.body))


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:  # noqa: ARG001 - the hook's signature
    """Note whose telephones ring, and whether calls with a callback_url are taken here at all."""
    if is_call_of(case) and was_accepted(response):
        TELEPHONES.ring(user_of(case.body))
        RECEIVER.is_taken = RECEIVER.is_taken or "callback_url" in case.body


# --- one exchange -----------------------------------------------------------------------------------


def is_call_of(case: Any) -> bool:
    """Is this a valid call, sent as the document says?"""
    kind = case.headers.get("Content-Type", case.media_type) if case.headers else case.media_type
    return case.method == "POST" and kind == "application/json" and is_call(case.body)


def envelope_of(content: bytes) -> dict[str, Any] | None:
    """The JSON object of a reply or a callback, if it is one."""
    try:
        value = json.loads(content)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def was_accepted(response: Any) -> bool:
    """Does the body, and not the HTTP status, say that somebody is being rung?"""
    code = (envelope_of(response.content) or {}).get("result_code")
    return type(code) is int and code == 0


@schemathesis.check
def call_is_answered_by_the_envelope(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001 - the signature
    """A valid call is answered by a JSON object with a whole number as result_code, whatever the status."""
    if not is_call_of(case):
        return
    envelope = envelope_of(response.content)
    assert envelope is not None, "the reply is no JSON object"
    assert "json" in response.headers.get("content-type", [""])[0], "the reply is not labelled as JSON"
    code, error = envelope.get("result_code"), envelope.get("error")
    assert type(code) is int, f"result_code is {code!r}"
    if code != 0:
        assert isinstance(error, dict), "an error reply without an error object"
        assert isinstance(error.get("id"), str), "an error reply without error.id"
        assert error["id"] != "", "an error reply with an empty error.id"


@schemathesis.check
def known_call_is_accepted(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001 - the signature
    """A valid call that names people of the profile is accepted; one to a user at the limit is not."""
    if not is_call_of(case):
        return
    is_limited = (user_of(case.body) or {}).get("outcome") == "limited"
    assert not (is_limited and was_accepted(response)), "the channel limit was passed over"
    if is_plain(case.body) and (RECEIVER.is_taken or "callback_url" not in case.body):
        assert was_accepted(response), "a call to a known user was refused"


@schemathesis.check
def unknown_user_is_refused(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001 - the signature
    """A valid call that names nobody of the profile is refused, however it is refused."""
    if is_call_of(case) and names_nobody(case.body):
        assert not was_accepted(response), f"accepted for nobody: {given(case.body, 'user')}"


@schemathesis.check
def invalid_call_is_refused(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001 - the signature
    """What certainly is no call is not accepted; judged by the body as sent, not as drawn.

    That is: no object, no user, no destination, or a number of seconds below one. Of other breaches the document
    does not say that they must be refused.
    """
    body = case.body
    is_hopeless = not isinstance(body, dict) or not given(body, "user") or body.get("destination") in (None, "")
    seconds = None if is_hopeless else body.get("answer_timeout")
    if is_hopeless or (type(seconds) is int and seconds < 1):
        assert not was_accepted(response), f"accepted: {body!r:.300}"


@schemathesis.check
def other_methods_place_no_call(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001 - the signature
    """Only POST places a call."""
    if case.method != "POST":
        assert not was_accepted(response), f"{case.method} placed a call"


@schemathesis.check
def credentials_are_needed(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001 - the signature
    """One accepted call in so many is sent once more with wrong credentials, each wrong in another way."""
    if not is_call_of(case) or not was_accepted(response):
        return
    turn, is_between = divmod(next(ACCEPTED), PROBE_EVERY)
    if is_between:
        return
    shown = WRONG_CREDENTIALS[turn % len(WRONG_CREDENTIALS)].format(
        domain=os.environ["BASIX_DOMAIN"], token=os.environ["BASIX_TOKEN"]
    )
    fields = {"Authorization": f"Basic {base64.b64encode(shown.encode()).decode()}"} if shown else {}
    TELEPHONES.wait_for(user_of(case.body))
    reply = requests.post(response.request.url, json=case.body, headers=fields, timeout=5)
    assert not was_accepted(reply), f"a call was placed for the credentials {shown!r}"
    assert not (envelope_of(reply.content) or {}).get("uuids"), "a refusal of credentials lists channels"


# --- several exchanges ------------------------------------------------------------------------------


@schemathesis.check
class ChannelsAreFresh:
    """No uuid is given out twice, and there is one for each terminal of the profile."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}

    def after_response(self, ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG002 - the signature
        """Look at the uuids of one accepted call."""
        uuids = (envelope_of(response.content) or {}).get("uuids")
        if not was_accepted(response) or not isinstance(uuids, list):
            return
        names = [str(uuid).lower() for uuid in uuids]
        assert len(set(names)) == len(names), "a uuid stands twice in one reply"
        assert all(self._owners.setdefault(name, case.id) == case.id for name in names), "a uuid of an earlier call"
        terminals = ((user_of(case.body) if is_call_of(case) else None) or {}).get("terminals")
        assert terminals in (None, len(names)), f"{len(names)} uuids for {terminals} terminals"


@schemathesis.check
def callback_is_noted(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001 - the signature
    """Never fails: writes down what the checks below wait for."""
    call = RECEIVER.call_of(case.body.get("callback_url")) if isinstance(case.body, dict) else None
    if call is not None:
        call.user, call.is_accepted = user_of(case.body), was_accepted(response)
        uuids = (envelope_of(response.content) or {}).get("uuids")
        call.uuids = tuple(str(uuid) for uuid in uuids) if isinstance(uuids, list) else ()
        hunt_s = SHORT_HUNT_S if (call.user or {}).get("outcome") == "never-answers" else 0.0
        call.due_at_s = time.monotonic() + hunt_s + GRACE_S


class OfCallbacks:
    """Looks, once every callback has had its time, at all calls to known users that wanted one."""

    def after_run(self, ctx: Any) -> None:  # noqa: ARG002 - the signature
        """Wait until nothing is due any more, then look at each call."""
        calls = [call for call in RECEIVER.calls.values() if call.user is not None]
        time.sleep(max(0.0, max((call.due_at_s for call in calls), default=0.0) - time.monotonic()))
        for call in calls:
            wrong = self.problem_of(call)
            assert not wrong, f"{call.url} {wrong}"

    def problem_of(self, call: Expected) -> str:
        """What is wrong with what came; empty when nothing is."""
        raise NotImplementedError


@schemathesis.check
class CallbackComesOnce(OfCallbacks):
    """One for an accepted call, none for a refused one."""

    def problem_of(self, call: Expected) -> str:
        """Count them."""
        wanted = 1 if call.is_accepted else 0
        return "" if len(call.arrivals) == wanted else f"{len(call.arrivals)} callbacks, expected {wanted}"


@schemathesis.check
class CallbackIsWellFormed(OfCallbacks):
    """A POST to the very URL, with a JSON object that the document's schema accepts."""

    def problem_of(self, call: Expected) -> str:
        """Look at each by itself."""
        for seen in call.arrivals:
            if seen.method != "POST" or seen.target != call.target:
                return f"{seen.method} {seen.target}"
            body = envelope_of(seen.body)
            if body is None or not RESULT.is_valid(body) or "json" not in seen.media_type:
                return f"{seen.media_type} {seen.body[:200]!r}"
        return ""


@schemathesis.check
class CallbackTellsTheTruth(OfCallbacks):
    """A success, on a channel of the reply, for whoever answers; an error for whoever does not."""

    def problem_of(self, call: Expected) -> str:
        """Compare what was told with the profile."""
        answers = (call.user or {})["outcome"] == "answers"
        for told in (envelope_of(seen.body) or {} for seen in call.arrivals):
            if (told.get("result_code") == 0) != answers:
                return f"result_code {told.get('result_code')!r} for a user who {(call.user or {})['outcome']}"
            if answers and told.get("uuid") not in call.uuids:
                return "names a channel that is not in the reply"
        return ""


@schemathesis.check
class NothingStraysToTheReceiver:
    """Nothing comes that belongs to no call."""

    def after_run(self, ctx: Any) -> None:  # noqa: ARG002 - the signature
        """Look at what came under other URLs."""
        assert not RECEIVER.strays, f"callbacks to {RECEIVER.strays[:3]}"
