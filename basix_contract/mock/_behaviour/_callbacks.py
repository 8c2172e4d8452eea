"""What is told to callback_url, where, when and how often."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from basix_contract.messages import Headers, Response, field_value
from basix_contract.mock._behaviour._replies import ReplyRules
from basix_contract.mock._call import Call, CallResult
from basix_contract.mock._exchange import Delivery, Refusal

_SUCCESSES = range(200, 300)
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_REDIRECTS = 3


class CallbackRules(ReplyRules):
    """Decisions about the callback (document, callback_url and Example 5; A39–A51)."""

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Wait here before the callbacks of a call: until its reply has left, unless it shall come later."""
        if not self.settings.callback_before_reply:
            await call.replied.wait()

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return the callbacks that tell the result: one, if the request named a URL."""
        url = self.callback_url(call)
        if url is None or not self.wants_callback(call, result):
            return ()
        return (self.callback(url, self.callback_body(call, result)),)

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Whether this result is told at all: every result is."""
        return True

    def callback_url(self, call: Call) -> str | None:
        """Return the URL to send to: that of the call's own request."""
        return call.request.callback_url

    def callback(self, url: str, body: Any) -> Delivery:
        """Return one callback ready to be sent."""
        return Delivery(
            url=url,
            method=self.callback_method(),
            headers=self.callback_headers(),
            body=self.encode_callback(body),
            after_s=self.settings.callback_delay_s,
            timeout_s=self.settings.callback_timeout_s,
        )

    def callback_body(self, call: Call, result: CallResult) -> Any:
        """Return the body that tells a result."""
        if result.error_id is not None:
            return self.not_answered_body(call, result.error_id)
        return self.answered_body(call, self.callback_uuid(call, result))

    def answered_body(self, call: Call, uuid: str) -> Any:
        """Return the body for a call that was answered on this channel."""
        return self.with_extras({"result_code": 0, "uuid": uuid})

    def callback_uuid(self, call: Call, result: CallResult) -> str:
        """Return the uuid of the channel that answered, spelled as in the reply."""
        return result.uuid or ""

    def not_answered_body(self, call: Call, error_id: str) -> Any:
        """Return the body for a call that nobody answered."""
        return self.error_body(Refusal(error_id))

    def callback_method(self) -> str:
        """Return the HTTP method of a callback."""
        return "POST"

    def callback_headers(self) -> Headers:
        """Return the fields of a callback."""
        return (("Content-Type", self.settings.json_content_type), ("User-Agent", "basix-contract-mock"))

    def encode_callback(self, body: Any) -> bytes:
        """Return the JSON text of a callback as bytes."""
        return json.dumps(body).encode("ascii")

    def refusal_callbacks(self, refusal: Refusal, url: str) -> tuple[Delivery, ...]:
        """Return the callbacks that follow an error reply to a request that named this URL (A51).

        There are none unless the switch says so: no attempt was made whose end could be told.
        """
        if not self.settings.callback_on_refusal:
            return ()
        return (self.callback(url, self.error_body(refusal)),)

    def next_attempt(self, delivery: Delivery, attempt: int, answer: Response | None) -> Delivery | None:
        """Return what is sent after this attempt (1, 2, …) got this answer; None: it is done with (A45).

        `answer` is None when none came in time. `after_s` of what is returned counts from now.
        """
        if answer is not None and answer.status in _REDIRECTS and self.settings.callback_follows_redirects:
            return self.redirected(delivery, attempt, field_value(answer.headers, "location") or "")
        if answer is not None and answer.status in _SUCCESSES:
            return None
        if attempt > self.settings.callback_repeats:
            return None
        return replace(delivery, after_s=self.settings.callback_repeat_after_s)

    def redirected(self, delivery: Delivery, attempt: int, location: str) -> Delivery | None:
        """Return the callback for where a receiver points to: an absolute URL, and a few times only."""
        if attempt > _MAX_REDIRECTS or not location.lower().startswith(("http://", "https://")):
            return None
        return replace(delivery, url=location, after_s=0.0)
