"""From a reply as a scenario file declares it to its bytes, and to what it says to whoever reads it to its end."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from basix_contract.checks import Says
from basix_contract.errors import SpecError
from basix_contract.suite.answer._cases import ENDINGS, ReplyScript
from basix_contract.validation import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEYS = (
    *("status", "reason", "headers", "json", "text", "encoding", "base64", "raw", "length", "chunked"),
    *("delay_s", "pieces", "pause_s", "cut_at", "ending", "zipped"),
)
STRAY = ReplyScript(label="stray", acts=(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",))
"""What is answered to a request that is no call."""

ENOUGH = ReplyScript(label="enough", ending="close")
"""What is answered to a client that does not stop: nothing."""

PREFLIGHT = ReplyScript(
    label="preflight",
    acts=(
        b"HTTP/1.1 204 No Content\r\n",
        b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: POST\r\n",
        b"Access-Control-Allow-Headers: authorization, content-type\r\n\r\n",
    ),
)
"""What is answered to a browser that asks whether it may call."""

_REDIRECTIONS = (301, 302, 303, 307, 308)
_NO_ENTRY = "a body is declared once, as json, text or base64"


def read_reply(declared: Mapping[str, Any], where: str) -> ReplyScript:
    """Return a reply ready to be sent; raises SpecError naming the place where it is declared wrongly."""
    unknown = next((key for key in declared if key not in _KEYS), "")
    if unknown:
        raise SpecError(f"{where}: unknown key {unknown}; known here: {', '.join(_KEYS)}")
    ending = declared.get("ending", "keep")
    if ending not in ENDINGS:
        raise SpecError(f"{where}: ending must be one of {', '.join(ENDINGS)}, not {ending!r}")
    body = _body(declared, where)
    head, payload = _message(declared, body)
    delay = (float(declared["delay_s"]),) if "delay_s" in declared else ()
    return ReplyScript(
        label=_label(declared),
        says=_says(declared, body),
        acts=(*delay, *_pieces(declared, head + payload[: declared.get("cut_at")])),
        zipped=_zipped(declared, body) if declared.get("zipped") else (),
        ending=ending,
    )


def _zipped(declared: Mapping[str, Any], body: bytes) -> tuple[bytes, ...]:
    """Return a reply as it goes to a client that asks for gzip."""
    packed = gzip.compress(body, mtime=0)
    fields = {**declared.get("headers", {}), "Content-Encoding": "gzip"}
    head, payload = _message({**declared, "headers": fields}, packed)
    return (head + payload,)


def _body(declared: Mapping[str, Any], where: str) -> bytes:
    given = [key for key in ("json", "text", "base64") if key in declared]
    if len(given) > 1:
        raise SpecError(f"{where}: {_NO_ENTRY}")
    if "json" in declared:
        return json.dumps(declared["json"], ensure_ascii=False).encode("utf-8", "surrogatepass")
    if "base64" in declared:
        try:
            return base64.b64decode(declared["base64"], validate=True)
        except binascii.Error:
            raise SpecError(f"{where}: base64 cannot be read") from None
    return str(declared.get("text", "")).encode(declared.get("encoding", "utf-8"))


def _message(declared: Mapping[str, Any], body: bytes) -> tuple[bytes, bytes]:
    """Return head and payload; both empty for silence, the raw text as it stands where one is declared."""
    if "raw" in declared:
        return str(declared["raw"]).encode(), b""
    if not body and "status" not in declared:
        return b"", b""
    head = "\r\n".join([_status_line(declared), *_fields(declared, body), "", ""]).encode()
    return head, _in_chunks(body, declared["chunked"]) if "chunked" in declared else body


def _status_line(declared: Mapping[str, Any]) -> str:
    status = declared.get("status", 200)
    known = {item.value: item.phrase for item in HTTPStatus}
    return f"HTTP/1.1 {status} {declared.get('reason', known.get(status, 'Odd'))}"


def _fields(declared: Mapping[str, Any], body: bytes) -> Iterator[str]:
    fields = {"Content-Type": "application/json", **declared.get("headers", {})}
    if "chunked" in declared:
        fields.setdefault("Transfer-Encoding", "chunked")
    elif declared.get("length", True) is not False:
        length = declared.get("length", True)
        fields.setdefault("Content-Length", str(len(body) if length is True else length))
    if declared.get("ending") == "close":
        fields.setdefault("Connection", "close")
    return (f"{name}: {value}" for name, value in fields.items() if value is not None)


def _in_chunks(body: bytes, size: int) -> bytes:
    chunks = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def _pieces(declared: Mapping[str, Any], sent: bytes) -> Iterator[bytes | float]:
    if not sent:
        return
    size, pause_s = declared.get("pieces", len(sent)), float(declared.get("pause_s", 0.0))
    for start in range(0, len(sent), size):
        if start and pause_s:
            yield pause_s
        yield sent[start : start + size]


def _says(declared: Mapping[str, Any], body: bytes) -> Says:
    is_redirect = declared.get("status") in _REDIRECTIONS
    is_whole = not {"raw", "cut_at"} & set(declared) and declared.get("length", True) in (True, False, len(body))
    value = parse_json(body).value if is_whole else None
    if not isinstance(value, dict):
        return Says(is_redirect=is_redirect)
    code, uuids, error = value.get("result_code"), value.get("uuids"), value.get("error")
    error_id = error.get("id") if isinstance(error, dict) else None
    return Says(
        is_envelope=type(code) is int,
        is_redirect=is_redirect,
        result_code=code if type(code) is int else None,
        uuids=tuple(item for item in uuids if isinstance(item, str)) if isinstance(uuids, list) else (),
        error_id=error_id if isinstance(error_id, str) else None,
    )


def _label(declared: Mapping[str, Any]) -> str:
    """Say in a few words what kind of reply this is."""
    if "raw" in declared:
        what = "raw bytes"
    elif not any(key in declared for key in ("json", "text", "base64", "status")):
        what = "nothing"
    else:
        what = f"HTTP {declared.get('status', 200)}"
    how = [
        f"{key} {declared[key]}"
        for key in ("delay_s", "chunked", "pieces", "cut_at", "length", "ending", "zipped")
        if key in declared
    ]
    return ", ".join([what, *how])
