"""Defects of the reply's body: what it is made of, how it is encoded, and its result code."""

from __future__ import annotations

import json
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal, Reply

_OWN_CALLBACK = (("callback/body", "callbacks are built by the same lines"),)


class DoubleEncoded(Behaviour):
    """The document says "a json string", and a string is what is sent."""

    def encode_json(self, body: Any) -> bytes:
        """Encode the JSON text once more, as a JSON text."""
        return super().encode_json(json.dumps(body))


class PythonRepr(Behaviour):
    """The object is turned into text by the language, not by a JSON library."""

    def encode_json(self, body: Any) -> bytes:
        """Write it as Python shows it: quotes are single."""
        return str(body).encode("ascii", "backslashreplace")


class ListOfOne(Behaviour):
    """The method was once made for many calls at a time."""

    def success_body(self, call: Call) -> Any:
        """Answer with a list, although one call was asked for."""
        return [super().success_body(call)]


class ShiftJis(Behaviour):
    """The reply names the user, in the encoding of the vendor's home."""

    def success_body(self, call: Call) -> Any:
        """Add the user's label."""
        return {**super().success_body(call), "user_label": call.request.user.label}

    def encode_json(self, body: Any) -> bytes:
        """Leave letters as they are, and encode them as the database does."""
        return json.dumps(body, ensure_ascii=False).encode("shift_jis", "replace")


class HandMadeJson(Behaviour):
    """The reply is put together by text formatting."""

    def success_reply(self, call: Call) -> Reply:
        """Put the displayed name between quotes, without escaping it."""
        shown = "".join(leg.display for leg in call.legs[:1])
        uuids = ", ".join(f'"{uuid}"' for uuid in call.shown_uuids)
        text = f'{{"result_code": 0, "display": "{shown}", "uuids": [{uuids}]}}'
        return Reply(status=200, headers=self.json_headers(), body=text.encode("utf-8", "replace"))


class NoticeBeforeJson(Behaviour):
    """A warning of the scripting language goes out in front of the reply."""

    def success_reply(self, call: Call) -> Reply:
        """Warn of the group name that a resolver leaves unset."""
        reply = super().success_reply(call)
        if "group_resolver" not in call.request.parameters:
            return reply
        notice = b"<br />\n<b>Notice</b>:  Undefined index: group_name in <b>call_user.php</b><br />\n"
        return Reply(status=200, headers=reply.headers, body=notice + reply.body)


class CreatedWithoutBody(Behaviour):
    """The reply is that of a REST resource which was created."""

    def success_reply(self, call: Call) -> Reply:
        """Answer 201 and where the call can be looked at, and nothing else."""
        return Reply(status=201, headers=(("Location", f"/basix/api/calls/{call.id}"),), body=b"")


class NotANumber(Behaviour):
    """The reply carries an average over no values at all."""

    def success_body(self, call: Call) -> Any:
        """Add a figure that JSON has no spelling for."""
        return {**super().success_body(call), "average_wait_s": float("nan")}


class CodesAsText(Behaviour):
    """Codes come out of the database as text."""

    def with_extras(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send "0" and "500"."""
        return super().with_extras({**body, "result_code": str(body["result_code"])})


class CodesAsFloats(Behaviour):
    """The language has but one kind of number, and prints all of them with a fraction."""

    def with_extras(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send 0.0 and 500.0."""
        return super().with_extras({**body, "result_code": float(body["result_code"])})


class FailedFlagAsCode(Behaviour):
    """The code is computed as "has it failed?"."""

    def success_body(self, call: Call) -> Any:
        """Send false, which many a language takes for 0."""
        return {**super().success_body(call), "result_code": False}


class OmitsZeroes(Behaviour):
    """The serializer leaves out members with the zero value of their type."""

    def with_extras(self, body: dict[str, Any]) -> dict[str, Any]:
        """Drop what is 0, empty or null; the 0 that says success is one of them."""
        return super().with_extras({name: value for name, value in body.items() if value})


class ErrorsInCamelCase(Behaviour):
    """The error handler is by another hand, and spells names another way."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Call it resultCode."""
        body = {"resultCode": self.error_code(refusal.error_id), "error": self.error_detail(refusal)}
        return self.json_reply(self.error_status(refusal), body)


class SuccessIs200(Behaviour):
    """The code of the body is mixed up with the status of HTTP."""

    def success_body(self, call: Call) -> Any:
        """Say 200 where 0 is meant."""
        return {**super().success_body(call), "result_code": 200}


class ColdStart(Behaviour):
    """The connection to the switch is opened by the first call, which does not wait for it."""

    def place(self, request: CallRequest) -> Call:
        """Fail once after the start."""
        if not self.state.memory.get("is_connected"):
            self.state.memory["is_connected"] = True
            raise ConnectionError("the switch is not connected yet")
        return super().place(request)


def _defect(id_: str, summary: str, behaviour: type[Behaviour], kills: str = "reply/json-object") -> Defect:
    return Defect(id=id_, family="response", summary=summary, kills=kills, behaviour=behaviour)


DEFECTS: tuple[Defect, ...] = (
    _defect("reply-encoded-twice", "every reply is a JSON text that holds JSON text", DoubleEncoded),
    _defect("reply-as-python-text", "replies are written with single quotes, as Python shows them", PythonRepr),
    _defect("reply-in-a-list", "a success is a list with the object in it", ListOfOne),
    _defect("reply-in-shift-jis", "successes name the user's label, encoded as Shift_JIS", ShiftJis),
    _defect("reply-made-by-hand", "a quote in calling_name ends up unescaped in the reply", HandMadeJson),
    _defect("notice-before-reply", "with a group_resolver a warning stands before the JSON", NoticeBeforeJson),
    _defect("created-without-body", "a success is HTTP 201 with a Location and no body", CreatedWithoutBody),
    _defect("nan-in-reply", "successes hold a NaN, which is no JSON", NotANumber),
    Defect(
        id="result-code-as-text",
        family="response",
        summary='result_code is a text: "0", "500"',
        kills="reply/result-code",
        also=_OWN_CALLBACK,
        behaviour=CodesAsText,
    ),
    Defect(
        id="result-code-as-float",
        family="response",
        summary="result_code is written with a fraction: 0.0, 500.0",
        kills="reply/result-code",
        also=_OWN_CALLBACK,
        behaviour=CodesAsFloats,
    ),
    Defect(
        id="result-code-zero-omitted",
        family="response",
        summary="a result_code of 0 is left out, as serializers do with zero values",
        kills="reply/result-code",
        also=_OWN_CALLBACK,
        behaviour=OmitsZeroes,
    ),
    _defect("result-code-false", "a success says false in place of 0", FailedFlagAsCode, "reply/result-code"),
    _defect("result-code-in-camel-case", "errors spell result_code resultCode", ErrorsInCamelCase, "reply/result-code"),
    Defect(
        id="result-code-200",
        family="response",
        summary="a success says 200 in place of 0",
        kills="reply/plain-call",
        also=(("selectors/user-id", "the plain call names its user by id"),),
        behaviour=SuccessIs200,
    ),
    _defect(
        "first-call-fails", "the first call after the start fails, the second works", ColdStart, "reply/plain-call"
    ),
)
