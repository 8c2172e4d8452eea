"""Where a request goes, by which method and under which fields: letter for letter as it should, or not at all."""

from __future__ import annotations

import pytest

from basix_contract.messages import Headers
from basix_contract.profile import Gate, origin_of
from tests.profile.conftest import BASE_URL, JSON, PROFILE, URL, Refusal, call, rule_against


@pytest.mark.parametrize(
    "url",
    [
        BASE_URL,
        f"{BASE_URL}/",
        f"{URL}/",
        f"{URL}#x",
        f"{URL};x=1",
        f"{URL}%2f..",
        f"{URL}\t",
        f"{URL}\n",
        f" {URL}",
        f"{BASE_URL}/call_external",
        f"{BASE_URL}/initiate_call",
        f"{BASE_URL}/Call_User",
        f"{BASE_URL}/%63all_user",
        f"{BASE_URL}//call_user",
        f"{BASE_URL}/./call_user",
        f"{BASE_URL}/../api/call_user",
        f"{BASE_URL}\\call_user",
        f"{BASE_URL}x/call_user",
        "http://127.0.0.1:8090/call_user",
        "http://127.0.0.1:8090/BASIX/api/call_user",
        "http://127.0.0.1:8091/basix/api/call_user",
        "http://127.0.0.1/basix/api/call_user",
        "https://127.0.0.1:8090/basix/api/call_user",
        "http://localhost:8090/basix/api/call_user",
        "http://127.0.0.1.:8090/basix/api/call_user",
        "http://127.0.0.1:8090.evil.jp/basix/api/call_user",
        "http://127.0.0.1:8090@evil.jp/basix/api/call_user",
        "http://evil.jp@127.0.0.1:8090/basix/api/call_user",
        "http://@127.0.0.1:8090/basix/api/call_user",
        "http://2130706433:8090/basix/api/call_user",
        "http://evil.jp/basix/api/call_user",
        "//127.0.0.1:8090/basix/api/call_user",
        "ftp://127.0.0.1:8090/basix/api/call_user",
        "http://１２７.0.0.1:8090/basix/api/call_user",
        "http://[127.0.0.1:8090/basix/api/call_user",
        "",
    ],
)
def test_any_other_place_is_refused(refused: Refusal, url: str) -> None:
    """Another path, port, scheme, host or spelling of them is another place."""
    assert refused(b"{}", url=url) == "target"


def test_a_query_is_judged_like_a_body(refused: Refusal) -> None:
    """Parameters in the query pass with values of the profile only, and cost their calls."""
    assert refused(b"", url=f"{URL}?user_id=10001001&destination=0312341234") == ""
    assert refused(b"", url=f"{URL}?") == ""
    for query in ("user_name=maria", "user_id=10001001&destination=0901234", "a.b=c", "%75ser_name=maria", "x"):
        assert refused(b"", url=f"{URL}?{query}") == "unreadable"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_common_methods_pass(refused: Refusal, method: str) -> None:
    """A target may be tried with every method that means the target itself."""
    assert refused(call(), method=method) == ""


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "post", "BREW", "PROPFIND", "", "POST /x"])
def test_other_methods_are_refused(refused: Refusal, method: str) -> None:
    """CONNECT opens a tunnel, TRACE tells credentials, and nobody knows what the others do."""
    assert refused(call(), method=method) == "method"


@pytest.mark.parametrize(
    "fields",
    [
        (("Host", "127.0.0.1:8090"),),
        (("Content-Type", "application/json; charset=utf-8"),),
        (("content-type", 'Application/JSON;charset="UTF-8"'),),
        (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),),
        (("Content-Type", "application/vnd.acme+json"),),
        (("Accept", "application/json, */*;q=0.8"), ("Accept-Encoding", "identity"), ("User-Agent", "kit/1.0 (x; y)")),
        (("Authorization", "Basic Og=="),),
        (("Authorization", "Basic ***"),),
        (("Connection", "close"),),
        (("X-Requested-With", "XMLHttpRequest"),),
        (("Content-Length", str(len(call()))),),
    ],
)
def test_plain_fields_pass(refused: Refusal, fields: Headers) -> None:
    """Fields that say what a body is and who asks are let pass."""
    assert refused(call(), headers=fields) == ""


@pytest.mark.parametrize(
    "fields",
    [
        (("Host", "evil.jp"),),
        (("Host", "127.0.0.1"),),
        (("Host", "127.0.0.1:8090"), ("host", "127.0.0.1:8090")),
        (("X-Forwarded-Host", "evil.jp"),),
        (("Forwarded", "host=evil.jp"),),
        (("X-HTTP-Method-Override", "DELETE"),),
        (("X-Original-URL", "/basix/api/call_external"),),
        (("X-Rewrite-URL", "/"),),
        (("X-User", "maria"),),
        (("Cookie", "session=maria"),),
        (("Content-Encoding", "gzip"),),
        (("Transfer-Encoding", "chunked"),),
        (("Content-Length", "3"),),
        (("Content-Length", "+71"),),
        (("Expect", "100-continue"),),
        (("Upgrade", "h2c"),),
        (("Connection", "upgrade"),),
        (("Connection", "close, authorization"),),
        (("Proxy-Authorization", "Basic Og=="),),
        (("Content-Type", "application/json; charset=utf-7"),),
        (("Content-Type", "application/json; charset=utf-16"),),
        (("Content-Type", "multipart/form-data; boundary=x"),),
        (("Content-Type", "application/json\r\nX-User: maria"),),
        (("Accept", "x\r\nHost: evil.jp"),),
        (("Authorization", "Basic x\r\nHost: evil.jp"),),
        (("Content-Type ", "application/json"),),
        (("", ""),),
    ],
)
def test_fields_that_reroute_or_recode_are_refused(refused: Refusal, fields: Headers) -> None:
    """No field may change where a request goes, what it does, how its body is read, or who is meant."""
    assert refused(call(), headers=fields) == "header"


def test_the_default_port_may_be_left_out() -> None:
    """On port 80 a Host field with and without the port means the target."""
    gate = Gate(PROFILE, base_url="http://127.0.0.1/basix/api")

    for host in ("127.0.0.1", "127.0.0.1:80"):
        assert rule_against(gate, call(), "http://127.0.0.1/basix/api/call_user", headers=(("Host", host),)) == ""
    assert rule_against(gate, call(), "http://127.0.0.1:80/basix/api/call_user", headers=JSON) == ""


def test_an_ipv6_target_is_named_in_brackets() -> None:
    """The Host field of an IPv6 target has brackets."""
    gate = Gate(PROFILE, base_url="http://[::1]:8090")

    assert rule_against(gate, call(), "http://[::1]:8090/call_user", headers=(("Host", "[::1]:8090"),)) == ""


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://pbx.example/basix", ("http", "pbx.example", 80)),
        ("https://PBX.example:8443/", ("https", "pbx.example", 8443)),
        ("https://[2001:db8::1]/", ("https", "2001:db8::1", 443)),
        ("http://pbx.example:0/", ("http", "pbx.example", 0)),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: tuple[str, str, int]) -> None:
    """Defaults are filled in, and the host's case does not count."""
    assert origin_of(url) == origin
