"""What is answered: bodies, statuses and fields of a reply."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from basix_contract.messages import Headers, Request
from basix_contract.mock._behaviour._rules import Rules
from basix_contract.mock._call import Call
from basix_contract.mock._exchange import ERROR_IDS, Refusal, Reply

_PAGE_STATUS = {"401": 401, "403": 403}


class ReplyRules(Rules):
    """Decisions about replies (document, Response; A18–A20, A47, A53–A57)."""

    async def hold_request(self, request: Request) -> None:
        """Wait here before a request is looked at; a correct PBX does not."""

    async def hold_reply(self, call: Call | None) -> None:
        """Wait here before a reply leaves: the switch's latency, and the callback if it shall come first."""
        await self.clock.sleep(self.settings.latency_s)
        if call is not None and self.settings.callback_before_reply and call.request.callback_url:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.settings.callback_timeout_s):
                    await call.reported.wait()

    def success_reply(self, call: Call) -> Reply:
        """Return the reply to a request that places a call."""
        return self.json_reply(self.success_status(call), self.success_body(call))

    def success_status(self, call: Call) -> int:
        """Return the HTTP status of a success."""
        return 200

    def success_body(self, call: Call) -> Any:
        """Return the body of a success: result code 0 and one uuid for each leg."""
        return self.with_extras({"result_code": 0, "uuids": list(call.shown_uuids)})

    def error_reply(self, refusal: Refusal) -> Reply:
        """Return the reply to a request that places no call."""
        if refusal.error_id == "authentication_required" and self.settings.auth_style in _PAGE_STATUS:
            return self.page_reply(_PAGE_STATUS[self.settings.auth_style])
        reply = self.json_reply(self.error_status(refusal), self.error_body(refusal))
        return Reply(status=reply.status, headers=(*reply.headers, *self.error_headers(reply.status)), body=reply.body)

    def error_status(self, refusal: Refusal) -> int:
        """Return the HTTP status of an error, by the style that is set (A19)."""
        always = refusal.error_id == "method_not_found" or (
            refusal.error_id == "method_not_allowed" and self.settings.other_methods == "405"
        )
        if self.settings.error_style == "4xx" or always:
            return ERROR_IDS[refusal.error_id].http_status
        return 200

    def error_headers(self, status: int) -> Headers:
        """Return the fields HTTP asks for beside these statuses (RFC 9110, 15.5.2 and 15.5.6)."""
        fields: dict[int, Headers] = {
            401: (("WWW-Authenticate", 'Basic realm="basix", charset="UTF-8"'),),
            405: (("Allow", "POST"),),
        }
        return fields.get(status, ())

    def error_body(self, refusal: Refusal) -> Any:
        """Return the body of an error: a result code that is not 0, and an error with an id."""
        return self.with_extras({"result_code": self.error_code(refusal.error_id), "error": self.error_detail(refusal)})

    def error_code(self, error_id: str) -> int:
        """Return the result code of an error."""
        return self.settings.error_result_code

    def error_detail(self, refusal: Refusal) -> Any:
        """Return the error object: an id, and a text where the switch asks for one (A53)."""
        detail = {"id": self.error_id(refusal.error_id)}
        if self.settings.has_error_text:
            detail["description"] = refusal.text or ERROR_IDS[refusal.error_id].summary
        return detail

    def error_id(self, error_id: str) -> str:
        """Return the id as it is sent: where the switch says so, one id for all undocumented errors (A49)."""
        if self.settings.error_ids == "generic" and not ERROR_IDS[error_id].is_documented:
            return "call_failed"
        return error_id

    def with_extras(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the body, with a key the document does not have where the switch says so (A55)."""
        return {**body, "api_version": "3"} if self.settings.has_extra_fields else body

    def json_reply(self, status: int, body: Any) -> Reply:
        """Return a reply with this JSON body."""
        return Reply(status=status, headers=self.json_headers(), body=self.encode_json(body))

    def json_headers(self) -> Headers:
        """Return the fields of a JSON body."""
        return (("Content-Type", self.settings.json_content_type),)

    def encode_json(self, body: Any) -> bytes:
        """Return the JSON text of a body as bytes."""
        return json.dumps(body).encode("ascii")

    def page_reply(self, status: int) -> Reply:
        """Return the bare page a web server in front of the PBX would show."""
        return Reply(
            status=status,
            headers=(("Content-Type", "text/plain; charset=utf-8"), *self.error_headers(status)),
            body=b"Authentication required\n",
        )

    def refuse_crash(self, error: Exception) -> Refusal:
        """Return the refusal of a request over which the PBX itself came to grief."""
        return Refusal("internal_error")

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Return the reply as it goes out: the last say on status, fields, bytes, delay and ending."""
        return reply
