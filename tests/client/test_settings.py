"""Where the PBX is and how to sign in: which source counts, and what is refused."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import httpx
import pytest

from basix_contract.client import AsyncClient, Client
from basix_contract.errors import UsageError
from basix_contract.profile import parse_profile
from tests.client.flavours import BOB
from tests.client.recording import Recorder

SOURCES = ("argument", "environment", "profile")
VARIABLES = {"domain": "BASIX_DOMAIN", "token": "BASIX_API_TOKEN", "base_url": "BASIX_BASE_URL"}
GIVEN: dict[str, Any] = {"domain": "acme.example", "token": "secret-token", "base_url": "https://pbx.example/basix/api"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of whoever runs the tests counts."""
    for variable in VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)


def values(source: str) -> dict[str, str]:
    """What a source says of each setting."""
    return {"domain": f"{source}.example", "token": f"of-{source}", "base_url": f"https://{source}.example/api"}


def profile_of(**target: str) -> Any:
    """A profile with this target."""
    lines = "".join(f'{name} = "{value}"\n' for name, value in target.items())
    return parse_profile(f"[target]\n{lines}")


def sent_with(**settings: Any) -> dict[str, str]:
    """What a client made with these settings signs in with, and where."""
    pbx = Recorder()
    Client(http=httpx.Client(transport=httpx.MockTransport(pbx)), **settings).call_user(**BOB)
    request = pbx.requests[0]
    credentials = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
    domain, _, token = credentials.partition(":")
    return {"domain": domain, "token": token, "base_url": str(request.url).removesuffix("/call_user")}


@pytest.mark.parametrize("setting", VARIABLES)
@pytest.mark.parametrize("first", [0, 1, 2])
def test_the_first_source_that_says_something_counts(monkeypatch: pytest.MonkeyPatch, setting: str, first: int) -> None:
    """An argument counts before the environment, and that before the profile, each setting by itself."""
    given: dict[str, Any] = {name: value for name, value in values("argument").items() if name != setting or first == 0}
    for name, variable in VARIABLES.items():
        if name != setting or first <= 1:
            monkeypatch.setenv(variable, values("environment")[name])
    monkeypatch.setenv("TOKEN_OF_PROFILE", "of-profile")
    target = {name: value for name, value in values("profile").items() if name != "token"}
    profile = profile_of(**target, token_env="TOKEN_OF_PROFILE")

    sent = sent_with(profile=profile, **given)

    assert sent == {**values("argument"), setting: values(SOURCES[first])[setting]}


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is set to nothing hides no profile."""
    monkeypatch.setenv("BASIX_DOMAIN", "")

    assert sent_with(**{**GIVEN, "domain": None}, profile=profile_of(domain="of-profile"))["domain"] == "of-profile"


@pytest.mark.parametrize("setting", VARIABLES)
def test_what_is_missing_is_named_with_its_variable(setting: str) -> None:
    """A setting that no source has is named together with the ways to give it."""
    rest = {name: value for name, value in GIVEN.items() if name != setting}

    with pytest.raises(UsageError, match=f"there is no {setting} .*set {VARIABLES[setting]}"):
        Client(**rest)
    with pytest.raises(UsageError, match=f"there is no {setting} "):
        Client(**{**rest, setting: ""})


@pytest.mark.parametrize(
    "url",
    [
        "pbx.example/basix/api",
        "ftp://pbx.example/basix/api",
        "https://",
        "https:///basix/api",
        "https://pbx.example:port/api",
        "https://user:secret-token@pbx.example/basix/api",
        "https://pbx.example/basix/api?token=secret-token",
        "https://pbx.example/basix/api#x",
        "https://pbx.example/ basix",
        "https://pbx.example/basix\n",
        "https://pbx.exämple/basix",
        "https://[::1/basix",
    ],
)
def test_a_url_that_cannot_be_a_base_is_refused(url: str) -> None:
    """A base URL names a host by http or https and nothing that could be secret; the message repeats none of it."""
    with pytest.raises(UsageError) as refused:
        Client(**{**GIVEN, "base_url": url})

    assert "base_url" in str(refused.value)
    assert "secret-token" not in str(refused.value)


def test_a_slash_at_the_end_of_the_base_makes_no_difference() -> None:
    """The operation's path is appended once, whether or not the base ends in a slash."""
    assert sent_with(**{**GIVEN, "base_url": GIVEN["base_url"] + "/"})["base_url"] == GIVEN["base_url"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("domain", "acme:x"), ("domain", "acme\n"), ("token", "secret-token\n"), ("token", "secret-token\ud800")],
)
def test_credentials_that_basic_cannot_carry_are_refused(setting: str, value: str) -> None:
    """A colon in the domain, or a control character, would arrive as another name or field; no value is repeated."""
    with pytest.raises(UsageError) as refused:
        Client(**{**GIVEN, setting: value})

    assert setting in str(refused.value)
    assert "secret-token" not in str(refused.value)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), True, "30"])
@pytest.mark.parametrize("setting", ["connect_timeout_s", "reply_timeout_s"])
def test_a_timeout_is_a_finite_time(setting: str, seconds: Any) -> None:
    """No timeout can be switched off: a call has to end."""
    with pytest.raises(UsageError, match=setting):
        Client(**GIVEN, **{setting: seconds})


def timeouts_of(**settings: Any) -> dict[str, float]:
    """The timeouts a request goes out with."""
    pbx = Recorder()
    pbx.client(**settings).call_user(**BOB, answer_timeout=180)
    found: dict[str, float] = pbx.requests[0].extensions["timeout"]
    return found


def test_timeouts_are_explicit_and_the_clients_own() -> None:
    """Every step of a call has a limit, none of which is how long the telephone may ring."""
    assert timeouts_of() == {"connect": 5.0, "pool": 5.0, "read": 30.0, "write": 30.0}
    assert timeouts_of(connect_timeout_s=1, reply_timeout_s=2) == {"connect": 1, "pool": 1, "read": 2, "write": 2}
    profile = parse_profile("[target]\nreply_timeout_s = 7.5\n")
    assert timeouts_of(profile=profile)["read"] == 7.5
    assert timeouts_of(profile=profile, reply_timeout_s=3)["read"] == 3


def test_a_profile_is_taken_by_its_path_too(tmp_path: Path) -> None:
    """The path of a profile does as well as the profile, and names the file when there is none."""
    path = tmp_path / "pbx.toml"
    path.write_text('[target]\nbase_url = "http://127.0.0.1:9/api"\ndomain = "d"\ntoken = "t"\n')

    assert sent_with(profile=path) == {"domain": "d", "token": "t", "base_url": "http://127.0.0.1:9/api"}
    assert sent_with(profile=str(path))["token"] == "t"
    with pytest.raises(UsageError, match=r"none\.toml"):
        Client(profile=tmp_path / "none.toml")


def test_a_token_in_a_file_is_for_this_machine_only() -> None:
    """A token that stands in a profile is not sent to another machine, wherever base_url comes from."""
    profile = profile_of(base_url="http://127.0.0.1:9/api", domain="d", token="t")

    with pytest.raises(UsageError, match=r"target\.token: .*token_env"):
        Client(profile=profile, base_url="https://pbx.example/api")


def test_the_certificates_of_a_profile_have_to_be_readable(tmp_path: Path) -> None:
    """A file of authorities that is not there or holds none is named as such."""
    junk = tmp_path / "ca.pem"
    junk.write_text("no certificate")

    for path in (junk, tmp_path / "none.pem"):
        with pytest.raises(UsageError, match=r"target\.ca_file"):
            Client(**GIVEN, profile=profile_of(ca_file=str(path)))


def test_a_closed_client_says_so() -> None:
    """A client that was closed places no call, and does not pretend that one may have been placed."""
    with Client(**GIVEN) as client:
        pass
    awaited = AsyncClient(**GIVEN)
    asyncio.run(awaited.aclose())

    with pytest.raises(UsageError, match="closed"):
        client.call_user(**BOB)
    with pytest.raises(UsageError, match="closed"):
        asyncio.run(awaited.call_user(**BOB))


def test_nothing_of_the_environment_leads_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client of our own goes straight to the PBX: no proxy of the environment sees a call or a token."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    client = Client(**{**GIVEN, "base_url": "http://pbx.example/api"})

    http: Any = client._http
    assert http.trust_env is False
    assert http._mounts == {}
    client.close()
