"""The token in a callback URL: it names its call, survives the way, and cannot be made by anybody else."""

from __future__ import annotations

import re
import string
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basix_contract.client import CallbackUrl
from basix_contract.contract import load_document
from basix_contract.errors import ForgedCallback, UsageError
from basix_contract.validation import validate_request_body

SECRET = "a secret of enough bytes"
BASE = "https://crm.example/basix"
URLS = CallbackUrl(BASE, SECRET)
SEGMENT = string.ascii_letters + string.digits + "-._~%!$&'()*+,;=:@"

calls = st.text(min_size=1, max_size=32).filter(lambda call: call.isprintable())


@given(calls)
@settings(deadline=None)
def test_a_url_names_its_call(call: str) -> None:
    """The call comes out of the URL as it went in, from the URL and from its path alone."""
    url = URLS.for_call(call)

    assert url.startswith(f"{BASE}/")
    assert URLS.call_of(url) == call
    assert URLS.call_of(urlsplit(url).path) == call


@given(calls)
@settings(deadline=None)
def test_the_token_has_nothing_that_is_altered_on_its_way(call: str) -> None:
    """Lower-case letters and digits in one segment: no percent-encoding, no change to lower case touches it."""
    token = URLS.for_call(call).rpartition("/")[2]

    assert re.fullmatch(r"[a-z0-9]+", token)


@given(calls)
@settings(deadline=None)
def test_what_is_added_to_a_url_does_not_hide_its_call(call: str) -> None:
    """A slash, a query or a fragment at the end, and another path in front, leave the token readable."""
    url = URLS.for_call(call)

    assert URLS.call_of(f"{url}/") == call
    assert URLS.call_of(f"{url}?a=b/c#d/e") == call
    assert URLS.call_of(urlsplit(url).path.replace("/basix/", "/proxied/elsewhere/")) == call


@given(calls, st.data())
@settings(deadline=None)
def test_any_single_changed_character_is_refused(call: str, data: st.DataObject) -> None:
    """No character of a token can be another one."""
    token = URLS.for_call(call).rpartition("/")[2]
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from(sorted(set(SEGMENT) - {token[at]})) | st.characters(exclude_characters="/?#"))
    forged = token[:at] + letter + token[at + 1 :]

    if forged != token:
        with pytest.raises(ForgedCallback):
            URLS.call_of(f"{BASE}/{forged}")


def test_every_single_changed_character_of_one_token_is_refused() -> None:
    """The same, tried with each character of the alphabet at each place, added and left out."""
    token = URLS.for_call("crm-4711").rpartition("/")[2]
    forged = {token[:at] + letter + token[at + 1 :] for at in range(len(token)) for letter in SEGMENT}
    forged |= {token[:at] + letter + token[at:] for at in range(len(token) + 1) for letter in SEGMENT}
    forged |= {token[:at] + token[at + 1 :] for at in range(len(token))}

    taken = {attempt for attempt in forged - {token} if _is_taken(URLS, attempt)}

    assert len(forged) > 50 * len(token)
    assert not taken


@given(st.text() | st.text(alphabet=string.ascii_lowercase + string.digits + "/?#", max_size=200))
@settings(deadline=None)
def test_whatever_is_no_token_is_refused_with_the_documented_error(text: str) -> None:
    """Any text at all is either a URL of ours or a ForgedCallback."""
    with pytest.raises(ForgedCallback):
        URLS.call_of(text)


def test_another_secret_makes_another_token() -> None:
    """Whoever does not know the secret cannot make a URL that is taken."""
    other = CallbackUrl(BASE, "another secret of enough bytes").for_call("crm-4711")

    assert other != URLS.for_call("crm-4711")
    with pytest.raises(ForgedCallback):
        URLS.call_of(other)


def test_the_signature_of_one_call_is_no_good_for_another() -> None:
    """A token cannot be put together from two."""
    one, two = (URLS.for_call(call).rpartition("/")[2] for call in ("crm-1", "crm-2"))

    assert not _is_taken(URLS, one[:33] + two[33:])


def test_secrets_can_be_replaced_while_calls_are_under_way() -> None:
    """The new secret signs; URLs of an old one are taken as long as it is listed, and no longer."""
    renewed = CallbackUrl(BASE, b"the next secret, as bytes", old_secrets=[SECRET])
    later = CallbackUrl(BASE, b"the next secret, as bytes")
    old, new = URLS.for_call("crm-4711"), renewed.for_call("crm-4711")

    assert renewed.call_of(old) == renewed.call_of(new) == later.call_of(new) == "crm-4711"
    assert not _is_taken(later, old)
    assert not _is_taken(URLS, new)


def test_no_secret_is_shown() -> None:
    """Neither repr nor an error holds a secret, a signature, or a base that may hold a password."""
    shown = repr(CallbackUrl(BASE, SECRET, old_secrets=["an older secret of enough bytes"]))
    with pytest.raises(UsageError) as short:
        CallbackUrl(BASE, "hunter2")
    with pytest.raises(UsageError) as base:
        CallbackUrl("https://me:hunter2@crm.example/basix", SECRET)
    with pytest.raises(ForgedCallback) as forged:
        URLS.call_of(f"{BASE}/1{'a' * 40}")

    assert shown == f"CallbackUrl('{BASE}')"
    assert "hunter2" not in f"{short.value}{base.value}"
    assert "aaaa" not in str(forged.value)


@pytest.mark.parametrize(
    "base",
    ["", "crm.example", "//crm.example", "ftp://crm.example/x", "https:/crm.example", "https://crm.example/?a=b",
     "https://crm.example/#a", "https://me@crm.example/", "https://crm example/", "https://crm.example/ä", "https://"],
)  # fmt: skip
def test_a_base_that_no_pbx_would_take_is_refused(base: str) -> None:
    """What is not a plain absolute http(s) URL is an error when it is given, not when it is used."""
    with pytest.raises(UsageError, match=r"CallbackUrl: .* \(for instance "):
        CallbackUrl(base, SECRET)


@pytest.mark.parametrize("call", ["", "x" * 129, "あ" * 43, "half \ud800"])
def test_a_name_that_is_none_is_refused(call: str) -> None:
    """A call needs a name, and one that a URL can hold."""
    with pytest.raises(UsageError, match="1 to 128 bytes"):
        URLS.for_call(call)


@pytest.mark.parametrize(
    "base", [BASE, "http://127.0.0.1:8000", "http://[::1]:8000/a/b/", "HTTPS://crm.example/".lower()]
)
def test_a_url_is_one_the_contract_allows(base: str) -> None:
    """What is made is valid as callback_url."""
    url = CallbackUrl(base, SECRET).for_call("crm-4711")
    body = {load_document().user_selectors[1]: "jessica", "destination": "1", "callback_url": url}

    assert validate_request_body(body) == ()


@pytest.mark.parametrize(
    ("base", "path"), [(BASE, "/basix"), ("http://h", ""), ("http://h/", ""), ("http://h/a/b/", "/a/b")]
)
def test_the_path_says_where_to_mount(base: str, path: str) -> None:
    """The path of the base, as frameworks want it for a mount."""
    assert CallbackUrl(base, SECRET).path == path


def _is_taken(urls: CallbackUrl, token: str) -> bool:
    try:
        urls.call_of(token)
    except ForgedCallback:
        return False
    return True
