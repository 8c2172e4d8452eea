"""Defects of the callback as an HTTP message: its method, its label and the form of its body."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from basix_contract.messages import Headers
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallResult
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Delivery
from basix_contract.profile import is_loopback

_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
_METHOD_TIMEOUT_S = 2.0


async def _send(method: str, delivery: Delivery) -> None:
    """Send a callback by another method, which the mock's own sender has no room for; to this machine only."""
    place = urlsplit(delivery.url)
    if not is_loopback(place.hostname or "") or place.scheme != "http":
        return
    target = "/" + delivery.url.partition("://")[2].partition("/")[2]
    fields = (("Host", place.netloc), ("Connection", "close"), *delivery.headers)
    length = (("Content-Length", str(len(delivery.body))),) if delivery.body else ()
    head = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in (*fields, *length))]
    reader, writer = await asyncio.open_connection(place.hostname, place.port or 80)
    try:
        writer.write("\r\n".join([*head, "", ""]).encode("latin-1") + delivery.body)
        await reader.read()
    finally:
        writer.close()


def _sent_by(method: str, *, has_body: bool) -> type[Behaviour]:
    """Return a PBX that calls the URL by this method."""

    class OtherMethod(Behaviour):
        async def hold_callback(self, call: Call, result: CallResult) -> None:
            await super().hold_callback(call, result)
            for delivery in super().callbacks_for(call, result):
                sent = Delivery(
                    url=delivery.url,
                    headers=delivery.headers if has_body else (),
                    body=delivery.body if has_body else b"",
                )
                async with asyncio.timeout(_METHOD_TIMEOUT_S):
                    await _send(method, sent)
                self.state.log("callback", call, url=sent.url, body=sent.body.decode("utf-8"), attempt=1, method=method)

        def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
            return ()

    return OtherMethod


def _encoded(encode: Callable[[Any], bytes], headers: Headers | None = None) -> type[Behaviour]:
    """Return a PBX that makes these bytes of a callback's body, under these fields where they are given."""

    class OtherEncoding(Behaviour):
        def encode_callback(self, body: Any) -> bytes:
            return encode(body)

        def callback_headers(self) -> Headers:
            return super().callback_headers() if headers is None else headers

    return OtherEncoding


def _shaped(shape: Callable[[dict[str, Any]], Any]) -> type[Behaviour]:
    """Return a PBX that makes this of a callback's body."""

    class OtherShape(Behaviour):
        def callback_body(self, call: Call, result: CallResult) -> Any:
            return shape(super().callback_body(call, result))

    return OtherShape


def _plain_json(body: Any) -> bytes:
    return json.dumps(body).encode("ascii")


def _code(write: Callable[[int], Any]) -> type[Behaviour]:
    """Return a PBX that writes the result code so."""
    return _shaped(lambda body: {**body, "result_code": write(body["result_code"])})


def _without_zero(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "result_code" or value}


def _camel(body: dict[str, Any]) -> dict[str, Any]:
    return {"resultCode" if name == "result_code" else name: value for name, value in body.items()}


_LABEL = ("callback/content-type", "a form is labelled as one, a request without body not at all")

_ROWS: tuple[tuple[str, str, str, type[Behaviour], tuple[tuple[str, str], ...]], ...] = (
    (
        "by-get",
        "callback_url is called by GET",
        "callback/method",
        _sent_by("GET", has_body=False),
        (("callback/body", "a GET has no body"), _LABEL),
    ),
    ("by-put", "callback_url is called by PUT", "callback/method", _sent_by("PUT", has_body=True), ()),
    (
        "without-content-type",
        "the JSON text of a callback has no content type",
        "callback/content-type",
        _encoded(_plain_json, ()),
        (),
    ),
    (
        "labelled-form",
        "the JSON text of a callback is labelled as a form",
        "callback/content-type",
        _encoded(_plain_json, _FORM),
        (),
    ),
    (
        "as-a-form",
        "a callback is a form in place of JSON",
        "callback/body",
        _encoded(lambda body: urlencode(body).encode("ascii"), _FORM),
        (_LABEL,),
    ),
    (
        "form-labelled-json",
        "a callback is a form, though labelled as JSON",
        "callback/body",
        _encoded(lambda body: urlencode(body).encode("ascii")),
        (),
    ),
    (
        "json-in-a-string",
        "the JSON text of a callback is encoded as JSON once more",
        "callback/body",
        _encoded(lambda body: _plain_json(json.dumps(body))),
        (),
    ),
    (
        "printed-dictionary",
        "a callback is what the programming language prints, in single quotes",
        "callback/body",
        _encoded(lambda body: str(body).encode("ascii")),
        (),
    ),
    (
        "trailing-nul",
        "the NUL that ends a C string is sent with a callback",
        "callback/body",
        _encoded(lambda body: _plain_json(body) + b"\0"),
        (),
    ),
    (
        "in-utf-16",
        "a callback is encoded in UTF-16",
        "callback/body",
        _encoded(lambda body: json.dumps(body).encode("utf-16")),
        (),
    ),
    ("without-body", "a callback has no body", "callback/body", _encoded(lambda _body: b""), ()),
    ("in-a-list", "a callback is a list of results, with one in it", "callback/body", _shaped(lambda body: [body]), ()),
    ("wrapped", "a callback wraps the result in data", "callback/body", _shaped(lambda body: {"data": body}), ()),
    ("code-as-text", 'result_code of a callback is text: "0"', "callback/body", _code(str), ()),
    ("code-as-boolean", "result_code of a callback says whether it failed", "callback/body", _code(bool), ()),
    ("code-as-float", "result_code of a callback is 0.0 or 500.0", "callback/body", _code(float), ()),
    (
        "code-left-out",
        "a success callback leaves the result code out, as any default",
        "callback/body",
        _shaped(_without_zero),
        (),
    ),
    ("code-camel-cased", "a callback names the result code resultCode", "callback/body", _shaped(_camel), ()),
)

DEFECTS: tuple[Defect, ...] = tuple(
    Defect(id=f"callback-{name}", family="callback", summary=summary, kills=kills, also=also, behaviour=behaviour)
    for name, summary, kills, behaviour, also in _ROWS
)
