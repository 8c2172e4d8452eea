"""Defects of the reply: its shape, its fields, its bytes."""

from __future__ import annotations

from dataclasses import replace

from basix_contract.messages import Request
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Reply


class AnswersHtml(Behaviour):
    """A proxy in front of the PBX turns every reply into a page."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Wrap the body in HTML."""
        shaped = super().shape_reply(reply, request, call)
        page = b"<html><body><pre>" + shaped.body + b"</pre></body></html>"
        return replace(shaped, headers=(("Content-Type", "text/html"),), body=page)


class ClosesWithoutReply(Behaviour):
    """The worker dies after placing the call: the connection closes and no reply comes."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Close the connection in place of a success."""
        shaped = super().shape_reply(reply, request, call)
        return shaped if call is None else replace(shaped, ending="close")


DEFECTS: tuple[Defect, ...] = (
    Defect(
        id="answers-html",
        family="response",
        summary="every reply is an HTML page with the JSON inside",
        kills="reply/json-object",
        behaviour=AnswersHtml,
    ),
    Defect(
        id="closes-without-reply",
        family="response",
        summary="an accepted call is rung, but the connection closes without a reply",
        kills="reply/answers",
        behaviour=ClosesWithoutReply,
    ),
)
