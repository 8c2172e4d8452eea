"""Faults of the request itself: method, path, credentials, label and body."""

from __future__ import annotations

import base64
import json
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from tests.defects.clients.defect import ClientDefect, defect
from tests.defects.clients.small import SmallClient

if TYPE_CHECKING:
    Call = dict[str, Any]

_LABEL = ("sending/content-type", "the label goes with the form of the body")


def _from_root(_client: SmallClient, call: Call) -> str:
    parts = urlsplit(call["base_url"])
    return f"{parts.scheme}://{parts.netloc}/basix/api/call_user"


def _credentials(change: Any) -> Any:
    return lambda _client, domain, token: f"{domain}:{change(token)}".encode()


def _without_label(client: SmallClient, call: Call) -> dict[str, str]:
    return {"Authorization": client.authorization(call)}


def _without_credentials(client: SmallClient, call: Call) -> dict[str, str]:
    """Wait for a 401 before signing in, as HTTP libraries do by default; none comes."""
    return {"Content-Type": client.media_type}


def _urlencoded(_client: SmallClient, body: Any) -> bytes:
    return urlencode(body).encode()


SENDING: tuple[ClientDefect, ...] = (
    defect("get", "It calls with GET.", "sending/post", method="GET"),
    defect("put", "It calls with PUT.", "sending/post", method="PUT"),
    defect(
        "slash-at-the-end",
        "It appends a slash to the path.",
        "sending/path",
        url=lambda _client, call: call["base_url"] + "/call_user/",
    ),
    defect(
        "two-slashes",
        "It joins the path with two slashes.",
        "sending/path",
        url=lambda _client, call: call["base_url"] + "//call_user",
    ),
    defect(
        "path-from-root", "It keeps the host of the base URL, and a path of its own.", "sending/path", url=_from_root
    ),
    defect(
        "hyphen-in-path",
        "It calls call-user.",
        "sending/path",
        url=lambda _client, call: call["base_url"] + "/call-user",
    ),
    defect(
        "method-name-twice",
        "It appends the method's name twice.",
        "sending/path",
        url=lambda _client, call: call["base_url"] + "/call_user/call_user",
    ),
    defect(
        "signs-in-when-asked",
        "It signs in only once a 401 asks for it.",
        "sign-in/basic-at-once",
        fields=_without_credentials,
    ),
    defect(
        "bearer",
        "It signs in with a bearer token.",
        "sign-in/basic-at-once",
        authorization=lambda _client, call: f"Bearer {quote(call['token'])}",
    ),
    defect(
        "halves-swapped",
        "It takes the token for the user name.",
        "sign-in/basic-at-once",
        credentials=lambda _client, domain, token: f"{token}:{domain}".encode(),
    ),
    defect(
        "no-domain",
        "It signs in with the token alone.",
        "sign-in/basic-at-once",
        credentials=lambda _client, _domain, token: f":{token}".encode(),
    ),
    defect(
        "not-packed",
        "It sends the credentials without base64.",
        "sign-in/basic-at-once",
        authorization=lambda _client, call: f"Basic {call['domain']}:{call['token']}".encode().decode("latin-1"),
    ),
    defect(
        "token-cut-at-colon",
        "It takes what follows a second colon for something else.",
        "sign-in/special-characters",
        credentials=_credentials(lambda token: token.split(":")[0]),
    ),
    defect(
        "token-percent-encoded",
        "It percent-encodes the token.",
        "sign-in/special-characters",
        ("sign-in/outside-ascii", "other scripts are encoded as well"),
        credentials=_credentials(quote),
    ),
    defect(
        "token-percent-decoded",
        "It percent-decodes the token.",
        "sign-in/special-characters",
        credentials=_credentials(unquote),
    ),
    defect(
        "token-trimmed",
        "It trims blanks from the token.",
        "sign-in/special-characters",
        credentials=_credentials(str.strip),
    ),
    defect(
        "token-unquoted",
        "It takes quotation marks from the token.",
        "sign-in/special-characters",
        credentials=_credentials(lambda token: token.replace('"', "")),
    ),
    defect(
        "token-escapes-read",
        "It reads escapes in the token.",
        "sign-in/special-characters",
        credentials=_credentials(lambda token: token.replace("\\n", "\n")),
    ),
    defect(
        "token-64-letters",
        "It keeps 64 letters of the token.",
        "sign-in/special-characters",
        credentials=_credentials(lambda token: token[:64]),
    ),
    defect(
        "domain-in-small-letters",
        "It writes the domain in small letters.",
        "sign-in/special-characters",
        credentials=lambda _client, domain, token: f"{domain.lower()}:{token}".encode(),
    ),
    defect(
        "base64-for-urls",
        "It packs the credentials in the base64 of URLs.",
        "sign-in/special-characters",
        ("sign-in/outside-ascii", "other scripts need the two signs in which it differs"),
        authorization=lambda client, call: (
            "Basic " + base64.urlsafe_b64encode(client.credentials(call["domain"], call["token"])).decode()
        ),
    ),
    defect(
        "latin-1-replaced",
        "It writes Latin-1, and question marks for what that lacks.",
        "sign-in/outside-ascii",
        credentials=lambda _client, domain, token: f"{domain}:{token}".encode("latin-1", "replace"),
    ),
    defect(
        "ascii-only",
        "It leaves out what is not ASCII.",
        "sign-in/outside-ascii",
        credentials=lambda _client, domain, token: f"{domain}:{token}".encode("ascii", "ignore"),
    ),
    defect(
        "token-composed",
        "It brings the token into composed form.",
        "sign-in/outside-ascii",
        credentials=_credentials(lambda token: unicodedata.normalize("NFC", token)),
    ),
    defect(
        "domain-idna",
        "It writes the domain as DNS does.",
        "sign-in/outside-ascii",
        credentials=lambda _client, domain, token: f"{domain.encode('idna').decode()}:{token}".encode(),
    ),
    defect(
        "labelled-form",
        "It labels JSON as a form, and signs in by Basic.",
        "sending/content-type",
        media_type="application/x-www-form-urlencoded",
    ),
    defect("labelled-text", "It labels JSON as text.", "sending/content-type", media_type="text/plain; charset=utf-8"),
    defect(
        "labelled-json-api",
        "It labels JSON as JSON:API.",
        "sending/content-type",
        media_type="application/vnd.api+json",
    ),
    defect("no-label", "It does not label the body.", "sending/content-type", fields=_without_label),
    defect(
        "form-body",
        "It sends a form.",
        "sending/body",
        _LABEL,
        encode=_urlencoded,
        media_type="application/x-www-form-urlencoded",
    ),
    defect("form-body-labelled-json", "It sends a form labelled as JSON.", "sending/body", encode=_urlencoded),
    defect(
        "single-quotes",
        "It prints a Python dict for JSON.",
        "sending/body",
        encode=lambda _client, body: str(body).encode(),
    ),
    defect(
        "byte-order-mark",
        "It writes a byte order mark before the body.",
        "sending/body",
        encode=lambda _client, body: json.dumps(body).encode("utf-8-sig"),
    ),
    defect(
        "utf-16-body",
        "It writes the body in UTF-16.",
        "sending/body",
        encode=lambda _client, body: json.dumps(body).encode("utf-16"),
    ),
    defect(
        "latin-1-body",
        "It writes the body in Latin-1 where that is possible.",
        "sending/body",
        encode=lambda _client, body: json.dumps(body, ensure_ascii=False).encode("latin-1", "backslashreplace"),
    ),
    defect("list-body", "It wraps the object in a list.", "sending/body", body=lambda _client, call: [call["params"]]),
    defect(
        "json-in-json",
        "It encodes the body twice.",
        "sending/body",
        encode=lambda _client, body: json.dumps(json.dumps(body)).encode(),
    ),
    defect(
        "wrapped-body",
        "It puts the parameters one level down.",
        "sending/user-selector",
        ("sending/destination", "it stands one level down too"),
        ("given/every-parameter", "they all do"),
        body=lambda _client, call: {"params": call["params"]},
    ),
    defect(
        "no-body",
        "It sends the parameters in the URL.",
        "sending/body",
        encode=lambda _client, _body: b"",
        url=lambda _client, call: call["base_url"] + "/call_user?" + urlencode(call["params"]),
    ),
)
