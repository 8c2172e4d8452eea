"""Defects of reading a request: methods, media types, and what is taken for a JSON object."""

from __future__ import annotations

import ast
import json
from typing import Any
from urllib.parse import parse_qsl

from basix_contract.messages import Request, field_value
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal, Reply

_UTF_8 = ("", "utf-8")


class PutTaken(Behaviour):
    """PUT and POST share a handler."""

    def check_method(self, request: Request) -> Refusal | None:
        """Take both."""
        return None if request.method == "PUT" else super().check_method(request)


class MethodUnchecked(Behaviour):
    """The path is routed without regard to the method."""

    def check_method(self, request: Request) -> Refusal | None:
        """Take all."""
        return None


class MethodRefusedLate(MethodUnchecked):
    """The method is looked at when the reply is written."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Refuse in the reply only."""
        refusal = super(MethodUnchecked, self).check_method(request)
        return super().shape_reply(self.error_reply(refusal) if refusal else reply, request, call)


class QueryTaken(Behaviour):
    """Parameters are taken from the query as well, and then GET will do."""

    def check_method(self, request: Request) -> Refusal | None:
        """Take a GET that has a query."""
        return None if _query(request) else super().check_method(request)

    def read_body(self, request: Request) -> dict[str, Any] | Refusal:
        """Read the query in place of the body."""
        query = _query(request)
        return dict(parse_qsl(query)) if query else super().read_body(request)


class MediaTypeWhole(Behaviour):
    """The media type is compared with its parameters."""

    def check_media_type(self, request: Request) -> Refusal | None:
        """Take nothing but the bare name."""
        if field_value(request.headers, "content-type") == "application/json":
            return None
        return Refusal("unsupported_media_type", "send the body as application/json")


class CharsetInCapitals(Behaviour):
    """The one charset that is taken is known in small letters only."""

    def check_media_type(self, request: Request) -> Refusal | None:
        """Refuse any other."""
        charset = (field_value(request.headers, "content-type") or "").partition("charset=")[2]
        if charset in _UTF_8:
            return super().check_media_type(request)
        return Refusal("unsupported_media_type", "the charset must be utf-8")


class CharsetMakesForm(Behaviour):
    """Only the bare media type is known to be JSON; any other body is read as a form."""

    def read_body(self, request: Request) -> dict[str, Any] | Refusal:
        """Find no field in it."""
        body = super().read_body(request)
        return {} if ";" in (field_value(request.headers, "content-type") or "") else body


class BodyToNul(Behaviour):
    """The body is handed to the parser as a text that ends at the first NUL."""

    def decode_body(self, body: bytes) -> str | Refusal:
        """Cut off what stands behind it."""
        return super().decode_body(body.partition(b"\0")[0])


class ListOfOneTaken(Behaviour):
    """A list of calls was once taken, and one of one call still is."""

    def read_object(self, value: Any) -> dict[str, Any] | Refusal:
        """Take the call out of its list."""
        return super().read_object(value[0] if isinstance(value, list) and len(value) == 1 else value)


class TextReadAgain(Behaviour):
    """A client that encodes twice is met halfway."""

    def read_object(self, value: Any) -> dict[str, Any] | Refusal:
        """Read a JSON text as JSON once more."""
        return super().read_object(self.parse_json(value) if isinstance(value, str) else value)


class RestIgnored(Behaviour):
    """The parser returns when the first value is complete."""

    def parse_json(self, text: str) -> Any:
        """Read the first value, whatever follows."""
        try:
            return json.JSONDecoder(object_pairs_hook=self.build_object).raw_decode(text.lstrip())[0]
        except (ValueError, RecursionError):
            return super().parse_json(text)


class LiteralsTaken(Behaviour):
    """What is no JSON is tried as the language's own notation."""

    def parse_json(self, text: str) -> Any:
        """Take single quotes and a comma at the end."""
        parsed = super().parse_json(text)
        if not isinstance(parsed, Refusal):
            return parsed
        try:
            return ast.literal_eval(text)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return parsed


class BraceForgiven(Behaviour):
    """The parser takes the end of the body for that of the object."""

    def parse_json(self, text: str) -> Any:
        """Add a brace where one is missing."""
        is_open = text.startswith("{") and not text.rstrip().endswith("}")
        return super().parse_json(text + "}" if is_open else text)


class FormTaken(Behaviour):
    """What is no JSON is read as a form."""

    def parse_json(self, text: str) -> Any:
        """Take fields for members."""
        parsed = super().parse_json(text)
        fields = dict(parse_qsl(text)) if isinstance(parsed, Refusal) else {}
        return fields or parsed


class LastBodyAgain(Behaviour):
    """Without a body the parser is not run, and its variable still holds what it read last."""

    def read_body(self, request: Request) -> dict[str, Any] | Refusal:
        """Use the body before for an empty one."""
        if not request.body and "body" in self.state.memory:
            last: dict[str, Any] = self.state.memory["body"]
            return last
        body = super().read_body(request)
        if not isinstance(body, Refusal):
            self.state.memory["body"] = body
        return body


def _query(request: Request) -> str:
    return request.target.partition("?")[2] if request.method == "GET" else ""


def _defect(
    id_: str, summary: str, behaviour: type[Behaviour], kills: str, also: tuple[tuple[str, str], ...] = ()
) -> Defect:
    return Defect(id=id_, family="robustness", summary=summary, kills=kills, also=also, behaviour=behaviour)


_METHOD, _CHARSET, _NO_OBJECT = "method/not-post", "media/charset", "body/not-an-object"

DEFECTS: tuple[Defect, ...] = (
    _defect("put-taken", "PUT places a call", PutTaken, _METHOD),
    _defect("method-unchecked", "any method places a call", MethodUnchecked, _METHOD),
    _defect("method-refused-late", "another method than POST is refused, and rings", MethodRefusedLate, _METHOD),
    _defect("query-taken", "GET with the parameters in the query places a call", QueryTaken, _METHOD),
    _defect("charset-refused", "application/json with a charset is refused", MediaTypeWhole, _CHARSET),
    _defect("charset-makes-form", "a body labelled with a charset is read as a form", CharsetMakesForm, _CHARSET),
    _defect("charset-in-capitals", "charset=UTF-8 is refused, utf-8 is not", CharsetInCapitals, _CHARSET),
    _defect("list-of-one-taken", "a list with one object in it is taken", ListOfOneTaken, _NO_OBJECT),
    _defect("text-read-again", "a JSON text that holds JSON text is taken", TextReadAgain, _NO_OBJECT),
    _defect("rest-ignored", "what stands behind the object is ignored", RestIgnored, _NO_OBJECT),
    _defect("body-to-nul", "what stands behind a NUL is ignored", BodyToNul, _NO_OBJECT),
    _defect("literals-taken", "single quotes and a trailing comma are taken", LiteralsTaken, _NO_OBJECT),
    _defect("brace-forgiven", "a missing brace at the end is forgiven", BraceForgiven, _NO_OBJECT),
    _defect("form-taken", "a form with the parameters' names is taken", FormTaken, _NO_OBJECT),
    _defect(
        "last-body-again",
        "in place of an empty body the one before it is used",
        LastBodyAgain,
        _NO_OBJECT,
        (
            ("callback/unexpected", "the call that nobody asked for is told to the URL of the body before it"),
            ("callback/once", "that URL may be told the same result twice"),
        ),
    ),
)
