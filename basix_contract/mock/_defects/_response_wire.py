"""Defects of the reply as HTTP: lengths, endings, encodings on the way, and replies that never come."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import Any

from basix_contract.messages import Request
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal, Reply
from basix_contract.mock._wire import encode_reply

_COMPRESSED_FROM_BYTES = 100
_BUFFER_BYTES = 160
_STATUS_LINE = "HTTP/1.1 200 OK"
_TOO_LONG_S = 60.0
_READING_S = 0.005
_SLOTS = 50


class AnswersHtml(Behaviour):
    """A proxy in front of the PBX turns every reply into a page."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Wrap the body in HTML."""
        shaped = super().shape_reply(reply, request, call)
        page = b"<html><body><pre>" + shaped.body + b"</pre></body></html>"
        return replace(shaped, headers=(("Content-Type", "text/html"),), body=page)


class CompressedUnasked(Behaviour):
    """A proxy compresses whatever is worth it, and looks at no Accept-Encoding."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Compress longer replies."""
        shaped = super().shape_reply(reply, request, call)
        if len(shaped.body) < _COMPRESSED_FROM_BYTES:
            return shaped
        headers = (*shaped.headers, ("Content-Encoding", "gzip"))
        return replace(shaped, headers=headers, body=gzip.compress(shaped.body))


class FixedBuffer(Behaviour):
    """Replies are written into a buffer of a fixed size."""

    def encode_json(self, body: Any) -> bytes:
        """Cut off what does not fit."""
        return super().encode_json(body)[:_BUFFER_BYTES]


class LengthInCharacters(Behaviour):
    """The reply names the user, and its length is that of the text, not of the bytes."""

    def success_reply(self, call: Call) -> Reply:
        """Announce fewer bytes than there are, where letters take several."""
        body = {**self.success_body(call), "user_label": call.request.user.label}
        text = json.dumps(body, ensure_ascii=False)
        headers = (*self.json_headers(), ("Content-Length", str(len(text))), ("Connection", "close"))
        sent = text.encode("utf-8")
        return Reply(status=200, headers=headers, body=sent, raw=(encode_reply(_STATUS_LINE, headers, sent),))


class LengthCountsLineEnd(Behaviour):
    """The error of an unknown user is written by hand, and its length counts a line end that is not sent."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Announce two bytes too many."""
        reply = super().error_reply(refusal)
        if refusal.error_id != "user_not_found":
            return reply
        headers = (*reply.headers, ("Content-Length", str(len(reply.body) + 2)))
        return replace(reply, raw=(encode_reply(_STATUS_LINE, headers, reply.body),))


class ChunksWithoutEnd(Behaviour):
    """Successes are sent in chunks, and the empty one that ends them is forgotten."""

    def success_reply(self, call: Call) -> Reply:
        """Send one chunk and close."""
        reply = super().success_reply(call)
        headers = (*reply.headers, ("Transfer-Encoding", "chunked"))
        chunk = f"{len(reply.body):x}\r\n".encode("ascii") + reply.body + b"\r\n"
        return replace(reply, raw=(encode_reply(_STATUS_LINE, headers, chunk),))


class ClosesWithoutReply(Behaviour):
    """The worker dies after placing the call: the connection closes and no reply comes."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Close the connection in place of a success."""
        shaped = super().shape_reply(reply, request, call)
        return shaped if call is None else replace(shaped, ending="close")


class OneAtATime(Behaviour):
    """One request is read at a time; the connection of another that comes meanwhile is closed."""

    async def hold_request(self, request: Request) -> None:
        """Take a few milliseconds, in which no other may come."""
        memory = self.state.memory
        if memory.get("is_busy"):
            memory.setdefault("turned_away", []).append(request)
            return
        memory["is_busy"] = True
        await self.clock.sleep(_READING_S)
        memory["is_busy"] = False

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Close the connection of whoever was turned away."""
        shaped = super().shape_reply(reply, request, call)
        is_away = any(request is other for other in self.state.memory.get("turned_away", ()))
        return replace(shaped, ending="close") if is_away else shaped


class EveryFiftiethEmpty(Behaviour):
    """The buffer of replies is a ring of fifty, and one slot of it is never filled."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Send an empty body when its turn has come."""
        shaped = super().shape_reply(reply, request, call)
        turn = self.state.memory["turn"] = self.state.memory.get("turn", 0) + 1
        return replace(shaped, body=b"") if turn % _SLOTS == 0 else shaped


class LimitNeverAnswered(Behaviour):
    """The branch for a full channel limit forgets to end the request."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Leave the client waiting."""
        reply = super().error_reply(refusal)
        return replace(reply, ending="stall") if refusal.error_id == "channel_limit_reached" else reply


class BodyBeforeStatus(Behaviour):
    """A missing parameter is reported by printing, before the status line is."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Send the body alone."""
        reply = super().error_reply(refusal)
        return replace(reply, raw=(reply.body,)) if refusal.error_id == "missing_parameter" else reply


class SecondsForMilliseconds(Behaviour):
    """Looking for a call-centre group waits sixty seconds where sixty milliseconds are meant."""

    async def hold_reply(self, call: Call | None) -> None:
        """Keep the client waiting for longer than it waits."""
        await super().hold_reply(call)
        if call is not None and call.request.parameters.get("group_resolver") == "any:CALL_CENTER":
            await self.clock.sleep(_TOO_LONG_S)


def _defect(id_: str, summary: str, behaviour: type[Behaviour], kills: str = "reply/answered") -> Defect:
    return Defect(id=id_, family="response", summary=summary, kills=kills, behaviour=behaviour)


DEFECTS: tuple[Defect, ...] = (
    _defect("answers-html", "every reply is an HTML page with the JSON inside", AnswersHtml, "reply/json-object"),
    _defect(
        "reply-compressed-unasked",
        "replies of 100 bytes and more are compressed, whatever the client can read",
        CompressedUnasked,
        "reply/json-object",
    ),
    _defect("reply-cut-at-160-bytes", "replies end after 160 bytes", FixedBuffer, "reply/json-object"),
    _defect(
        "content-length-in-characters",
        "successes name the user's label, and Content-Length counts its letters for bytes",
        LengthInCharacters,
        "reply/json-object",
    ),
    _defect(
        "content-length-too-long",
        "the Content-Length is two too many where nobody has the selector",
        LengthCountsLineEnd,
    ),
    _defect("chunks-without-end", "the last chunk of a success is missing", ChunksWithoutEnd),
    _defect(
        "closes-without-reply",
        "an accepted call is rung, but the connection closes without a reply",
        ClosesWithoutReply,
    ),
    _defect("one-request-at-a-time", "a request beside another is not answered", OneAtATime),
    _defect("every-fiftieth-reply-empty", "every fiftieth reply is empty", EveryFiftiethEmpty, "reply/json-object"),
    _defect("limit-never-answered", "a call beyond the channel limit gets no reply at all", LimitNeverAnswered),
    _defect("body-before-status", "the error of a missing parameter is sent without an HTTP head", BodyBeforeStatus),
    _defect(
        "resolver-reply-late",
        "with group_resolver any:CALL_CENTER the reply takes a minute",
        SecondsForMilliseconds,
    ),
)
