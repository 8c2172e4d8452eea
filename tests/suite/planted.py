"""Values that must never be written down, a PBX that tells much of what it hears, and how to search for them."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from basix_contract.messages import Request
from basix_contract.mock import Behaviour, Call, Defect, Reply
from basix_contract.profile import Profile, parse_profile

PLANTED = """
[target]
domain = "secret-domain.example"
token = "s3cr3t/tök+en=="
reply_timeout_s = 3.0
[callback]
grace_s = 0.3
[[users]]
id = 73197319
name = "wilhelmina.private"
label = "ヴィルヘルミナ Zweig"
extension = "84213"
did = "05098761234"
email = "wilhelmina+calls@secret-mail.example"
terminals = 2
outcome_after_s = 0.02
groups = ["hush-hush"]
[[users]]
id = 73197320
name = "ottokar.private"
terminals = 1
outcome_after_s = 0.02
[[groups]]
id = 8642
name = "hush-hush"
label = "Very Quiet"
kind = "CALL_CENTER"
[[destinations]]
value = "0398765432"
calling_number = "0312348765"
[absent]
users = [{ name = "nobody-at-all" }]
"""


class Talkative(Behaviour):
    """Tells in every reply, in several spellings, whatever the request said."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Add what was heard to the body."""
        shaped = super().shape_reply(reply, request, call)
        heard = request.body.decode("utf-8", "replace")
        fields = [value for _, value in request.headers]
        body = {**json.loads(shaped.body), "heard": [heard, heard.upper(), quote(heard), fields, _encoded(heard)]}
        if call is not None:
            body["user"] = dataclasses.asdict(call.request.user)
        return dataclasses.replace(shaped, body=json.dumps(body).encode())


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


TALKATIVE = Defect(id="talkative", family="response", summary="repeats", kills="none", behaviour=Talkative)


def found_in(written: bytes) -> list[tuple[str, bytes]]:
    """Every planted value that stands somewhere in these bytes, and how it is spelt there."""
    lowered = written.lower()
    return [
        (text, spelling)
        for text in _secrets(parse_profile(PLANTED))
        if text
        for spelling in _encodings(text)
        if spelling.lower() in lowered
    ]


def _secrets(profile: Profile) -> Iterator[str]:
    """Every value of a profile that names a person, a number or an access."""
    yield from (profile.target.token, profile.target.domain)
    for user in profile.users:
        yield from (str(user.id), user.name, user.label, user.extension, user.did, user.email)
    for group in profile.groups:
        yield from (group.name, group.label)
    for destination in profile.destinations:
        yield from (destination.value, destination.calling_number)


def _encodings(text: str) -> Iterator[bytes]:
    """Every way a text is spelt on its way through headers, JSON and URLs."""
    raw = text.encode()
    yield from (raw, json.dumps(text)[1:-1].encode(), quote(text, safe="").encode(), quote_plus(text).encode())
    yield from (raw.hex().encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), text.upper().encode())
    yield from (text.encode("latin-1"),) if max(text, default="") < "\u0100" else ()
    yield from (core for offset in range(3) if len(core := _core(raw, offset)) > 7)


def _core(raw: bytes, offset: int) -> bytes:
    """What is the same in the base64 of every text that holds these bytes at such an offset."""
    whole = base64.b64encode(b"\0" * offset + raw + b"\0" * 3)
    return whole[(0, 2, 3)[offset] : (len(raw) + offset) // 3 * 4]
