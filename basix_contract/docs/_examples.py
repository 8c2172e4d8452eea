"""Every example of the document as it can be typed: with curl, in Python, and as the bytes of HTTP."""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from basix_contract.contract import Document, Example
from basix_contract.profile import Profile, load_profile
from basix_contract.suite import shipped_profile

MOCK_PORT = 8090
LISTENER_PORT = 9000
_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One example in its three forms, with the reply the document prints where there is one."""

    name: str
    summary: str
    curl: str
    python: str
    http: str
    reply: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the examples go: the mock PBX as `basix-contract mock` starts it."""

    base_url: str
    domain: str
    token: str

    @classmethod
    def of(cls, document: Document, profile: Profile | None = None) -> Place:
        """Return the mock's address under the path the document has, and the credentials of its profile."""
        target = (profile or load_profile(shipped_profile())).target
        path = urlsplit(document.raw["servers"][0]["url"]).path
        return cls(f"http://127.0.0.1:{MOCK_PORT}{path}", target.domain, target.token)


def told_examples(document: Document, place: Place) -> Iterator[Told]:
    """Yield the request examples of the document in its order."""
    for name, example in document.request_examples.items():
        body = _played(example, document)
        reply = document.reply_examples.get(name)
        yield Told(
            name=name,
            summary=example.summary,
            curl=_curl(document, place, body),
            python=_python(place, body),
            http=_http(document, place, body),
            reply=pretty(reply.value) if reply else "",
        )


def pretty(value: Any) -> str:
    """Write a body over as many lines as it needs to be read."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def _played(example: Example, document: Document) -> dict[str, Any]:
    """Return the body with its callback sent to this machine: the mock calls nobody else."""
    body: dict[str, Any] = example.value
    for parameter in document.parameters:
        if parameter.name in body and _is_url(body[parameter.name]):
            split = urlsplit(body[parameter.name])
            body[parameter.name] = f"http://127.0.0.1:{LISTENER_PORT}{split.path}"
    return body


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _curl(document: Document, place: Place, body: Mapping[str, Any]) -> str:
    sign_in = shlex.quote(f"{place.domain}:{place.token}")
    return (
        f"curl -u {sign_in} {place.base_url}{document.operation_path} \\\n"
        f"  -H 'Content-Type: {document.media_type}' \\\n"
        f"  -d {shlex.quote(json.dumps(body, ensure_ascii=False))}"
    )


def _python(place: Place, body: Mapping[str, Any]) -> str:
    arguments = [f"{name}={value!r}" for name, value in body.items()]
    call = f"        reply = client.call_user({', '.join(arguments)})"
    if len(call) > _WIDTH:
        call = (
            "        reply = client.call_user(\n" + "".join(f"            {one},\n" for one in arguments) + "        )"
        )
    return (
        "from basix_contract import ApiError, Client\n\n"
        f'with Client(domain="{place.domain}", token="{place.token}", base_url="{place.base_url}") as client:\n'
        f"    try:\n{call}\n"
        "    except ApiError as refused:\n        print(refused.error_id)\n"
        "    else:\n        print(reply.uuids)"
    )


def _http(document: Document, place: Place, body: Mapping[str, Any]) -> str:
    url = urlsplit(f"{place.base_url}{document.operation_path}")
    content = json.dumps(body, ensure_ascii=False)
    sign_in = base64.b64encode(f"{place.domain}:{place.token}".encode()).decode()
    return (
        f"{document.operation_method} {url.path} HTTP/1.1\n"
        f"Host: {url.netloc}\n"
        f"Authorization: Basic {sign_in}\n"
        f"Content-Type: {document.media_type}\n"
        f"Content-Length: {len(content.encode())}\n"
        "\n"
        f"{content}"
    )
