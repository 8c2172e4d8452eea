"""Places one call with one SDK at a server on this machine, and tells what came of it as a line of JSON.

`post_counts` runs it with the interpreter of an environment that has the SDK: `placing.py SDK BASE_URL LETTERS`. Every
SDK is used as its documentation shows, with a timeout and nothing else set; LETTERS makes the request that long.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import socket
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 1
CALLER, CALLED = "+815011110000", "+815022220000"


def load(name: str) -> Any:
    """A module of an SDK: none of them is there where this file is checked."""
    return importlib.import_module(name)


def place_basix_contract(base_url: str, letters: int) -> Any:
    """Ours; the long text is the name shown to the user."""
    client = load("basix_contract").Client(domain="d", token="t", base_url=base_url, reply_timeout_s=TIMEOUT_S)
    return client.call_user(user_name="bob", destination="0312341234", calling_name="a" * letters)


def place_twilio(base_url: str, letters: int) -> Any:
    """Twilio: POST /Calls.json; the long text is the TwiML."""
    http = load("twilio.http.http_client").TwilioHttpClient(timeout=TIMEOUT_S)
    client = load("twilio.rest").Client("AC" + "0" * 32, "token", http_client=http)
    client.api.base_url = base_url
    return client.calls.create(from_=CALLER, to=CALLED, twiml=f"<Response><Say>{'a' * letters}</Say></Response>")


def place_telnyx(base_url: str, letters: int) -> Any:
    """Telnyx: POST /calls; the long text is the client state."""
    client = load("telnyx").Telnyx(api_key="key", base_url=base_url, timeout=TIMEOUT_S)
    return client.calls.dial(connection_id="1", from_=CALLER, to=CALLED, client_state="a" * letters)


def place_vonage(base_url: str, letters: int) -> Any:
    """Vonage: POST /v1/calls; the long text is part of the address that tells what to do with the call."""
    speak_http()
    auth = load("vonage").Auth(application_id="1", private_key=private_key())
    options = load("vonage").HttpClientOptions(api_host=urlsplit(base_url).netloc, timeout=TIMEOUT_S)
    voice = load("vonage").Vonage(auth, options).voice
    call = load("vonage_voice").CreateCallRequest(
        to=[{"number": CALLED.lstrip("+")}],
        from_={"number": CALLER.lstrip("+")},
        answer_url=[f"https://crm.example/{'a' * letters}"],
    )
    return voice.create_call(call)


def speak_http() -> None:
    """Let requests go out as http where the SDK writes https into every URL; how they are repeated stays."""
    adapter = load("requests.adapters").HTTPAdapter
    send = adapter.send

    def send_plainly(self: Any, request: Any, *rest: Any, **options: Any) -> Any:
        request.url = request.url.replace("https://", "http://", 1)
        return send(self, request, *rest, **options)

    adapter.send = send_plainly


def private_key() -> str:
    """A key made for this one call."""
    rsa = load("cryptography.hazmat.primitives.asymmetric.rsa")
    forms = load("cryptography.hazmat.primitives.serialization")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text: bytes = key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    return text.decode()


PLACES: dict[str, Callable[[str, int], Any]] = {
    "basix-contract": place_basix_contract,
    "twilio": place_twilio,
    "vonage": place_vonage,
    "telnyx": place_telnyx,
}


def count_attempts() -> SimpleNamespace:
    """Count how often a connection to this machine is tried from now on."""
    counted = SimpleNamespace(attempts=0)
    connect = socket.socket.connect

    def counting(self: socket.socket, address: Any) -> None:
        counted.attempts += isinstance(address, tuple)
        connect(self, address)

    vars(socket)["socket"].connect = counting  # every SDK connects by it
    return counted


def main() -> None:
    """Place the call, and tell how it ended."""
    name, base_url, letters = sys.argv[1:]
    counted = count_attempts()
    # Some of them write what goes wrong to stdout.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        try:
            PLACES[name](base_url, int(letters))
            end = "success"
        except Exception as error:  # noqa: BLE001 - what it is, is told
            end = type(error).__name__
    told = {"version": version("vonage-voice" if name == "vonage" else name), "end": end, "attempts": counted.attempts}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
