"""Defects written without sight of the checks, third round: credentials, callbacks, memory and calls in flight."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

from basix_contract.messages import Request
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest, CallResult, Leg
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal, Reply
from basix_contract.profile import Group, User

_LOOKUP_S = 0.02
_REMEMBERED_S = 2.0


class TokenWithoutHyphens(Behaviour):
    """Hyphens are there to make a token readable: what is compared has none."""

    def matches_token(self, given: bytes) -> bool:
        """Compare without hyphens."""
        return self.is_same_secret(given.replace(b"-", b""), self.directory.token.replace("-", ""))


class NeighbourSignedOut(Behaviour):
    """A sign-in that fails clears the session that all requests under way have in common."""

    async def hold_request(self, request: Request) -> None:
        """Take a while to look up the token, or count a failure at once."""
        if super().check_credentials(request) is not None:
            self.state.memory["failed"] = self._failed() + 1
            return
        before = self._failed()
        await self.clock.sleep(_LOOKUP_S)
        if self._failed() != before:
            self._signed_out().add(id(request))

    def check_credentials(self, request: Request) -> Refusal | None:
        """Refuse who was signed out meanwhile."""
        if id(request) in self._signed_out():
            return Refusal("authentication_required", "the session has ended")
        return super().check_credentials(request)

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Forget the request."""
        self._signed_out().discard(id(request))
        return super().shape_reply(reply, request, call)

    def _failed(self) -> int:
        failed: int = self.state.memory.get("failed", 0)
        return failed

    def _signed_out(self) -> set[int]:
        signed_out: set[int] = self.state.memory.setdefault("signed_out", set())
        return signed_out


class TildeEscaped(Behaviour):
    """The URL goes through an encoder of before RFC 3986, to which a tilde is unsafe."""

    def callback_url(self, call: Call) -> str | None:
        """Return the URL with its tildes escaped."""
        url = super().callback_url(call)
        return None if url is None else url.replace("~", "%7E")


class TimersAtRequests(Behaviour):
    """There is no timer: whose time is up is looked at whenever a request comes in."""

    async def hold_request(self, request: Request) -> None:
        """Look at all whose time is up."""
        await super().hold_request(request)
        self._next_request().set()
        self.state.memory["next_request"] = asyncio.Event()

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Let what has run out of time wait to be looked at."""
        await super().hold_callback(call, result)
        if result.error_id == "no_answer":
            await self._next_request().wait()

    def _next_request(self) -> asyncio.Event:
        event: asyncio.Event = self.state.memory.setdefault("next_request", asyncio.Event())
        return event


class UuidsFromUrl(Behaviour):
    """So that a callback finds its call, channels are named by the URL and the terminal."""

    def build_legs(self, request: CallRequest) -> list[Leg]:
        """Name the channels anew where there is a URL."""
        legs = super().build_legs(request)
        for leg in legs if request.callback_url else ():
            leg.uuid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{request.callback_url}#{leg.terminal}"))
        return legs


class LimitByGivenExtension(Behaviour):
    """Channels are counted by extension, and the extension is taken from the request."""

    def is_limited(self, user: User) -> bool:
        """Leave it to where the request is at hand."""
        return False

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Count for the extension that was given, if one was."""
        if "user_extension" in request.parameters and super().is_limited(request.user):
            return Refusal("channel_limit_reached", "no channel is free")
        return super().check_limits(request)


class DottedNamePage(Behaviour):
    """Requests are kept in a document store, which takes no names with dots; the framework shows its complaint."""

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Come to grief over a name with a dot."""
        for name in body:
            if "." in name:
                message = f"key {name!r} must not contain '.'"
                raise KeyError(message)
        return super().given_parameters(body)

    def error_reply(self, refusal: Refusal) -> Reply:
        """Answer an accident with a page."""
        if refusal.error_id != "internal_error":
            return super().error_reply(refusal)
        page = b"<html><body><h1>Whitelabel Error Page</h1></body></html>\n"
        return Reply(status=500, headers=(("Content-Type", "text/html"),), body=page)


class MissingGroupRemembered(Behaviour):
    """That a group was not found is cached for two seconds, under the user and the selector, without its value."""

    def group_for(self, selector: str, value: Value, user: User) -> Group | Refusal | None:
        """Believe the cache."""
        missing: dict[tuple[str | int, str], float] = self.state.memory.setdefault("missing", {})
        key, now_s = (user.name or user.id or "", selector), self.clock.now()
        if now_s - missing.get(key, -_REMEMBERED_S) < _REMEMBERED_S:
            return self.no_such_group()
        group = super().group_for(selector, value, user)
        if isinstance(group, Refusal):
            missing[key] = now_s
        return group


class TimeoutComparedAsText(Behaviour):
    """The lesser of the timeout and the maximum is found among their texts: 2 comes after 180."""

    def ring_limit_s(self, call: Call) -> float:
        """Return the text that comes first."""
        return float(min(f"{super().ring_limit_s(call):.0f}", "180"))


DEFECTS: tuple[Defect, ...] = (
    row(
        "token-without-hyphens",
        "auth",
        "hyphens in the token do not matter",
        "auth/near-miss",
        TokenWithoutHyphens,
    ),
    row(
        "refused-sign-in-ends-session",
        "auth",
        "a request is refused for its credentials where another's are wrong while it is being served",
        "auth/recovers",
        NeighbourSignedOut,
    ),
    row(
        "callback-url-tilde-escaped",
        "callback",
        "a tilde in callback_url is escaped",
        "callback/url",
        TildeEscaped,
        ("callback/unexpected", "nothing was asked for at the escaped URL"),
    ),
    row(
        "timers-looked-at-by-requests",
        "callback",
        "that nobody picked up in time is told when the next request comes in",
        "callback/never-answers",
        TimersAtRequests,
        ("timing/answer-timeout", "the callback tells the hunt's end, and waits for a request"),
    ),
    row(
        "uuids-from-callback-url",
        "uuids",
        "calls with the same callback_url have the same uuids",
        "uuids/fresh",
        UuidsFromUrl,
        ("state/same-request-twice", "the second call has the first one's channels where a URL is given"),
    ),
    row(
        "limit-by-given-extension",
        "limits",
        "a user at the channel limit is called where user_extension is not given",
        "limits/channel-limit",
        LimitByGivenExtension,
    ),
    row(
        "dotted-name-page",
        "robustness",
        "a parameter with a dot in its name is answered by an error page",
        "reply/json-object",
        DottedNamePage,
        ("robustness/unusual-values", "a dot in a parameter's name is unusual"),
    ),
    row(
        "missing-group-remembered",
        "state",
        "after an unknown group the next one given in the same way for the same user is not found either",
        "state/after-error",
        MissingGroupRemembered,
    ),
    row(
        "answer-timeout-compared-as-text",
        "timing",
        "an answer_timeout whose digits come after those of 180 in a dictionary is cut to 180: 2, but not 10",
        "timing/answer-timeout",
        TimeoutComparedAsText,
        ("callback/never-answers", "what is told when the time is up comes after 180 seconds"),
    ),
)
