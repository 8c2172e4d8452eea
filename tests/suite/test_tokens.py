"""Callback tokens are recognised wherever they turn up, and only those of this run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from basix_contract.checks import Intent
from basix_contract.suite._scenario import CALLBACK_PLACE, CALLBACK_URL, Step
from basix_contract.suite._tokens import Tokens, bind

if TYPE_CHECKING:
    from collections.abc import Callable

_BASE = "http://127.0.0.1:4444"


def step(name: str, tail: str = "") -> Step:
    """A step of which only name and tail matter."""
    return Step(id=name, title=name, intent=Intent(probe="", expect="open"), callback_tail=tail)


@pytest.mark.parametrize(
    "alter",
    [
        str.upper,
        lambda target: target.partition("?")[0],
        lambda target: target.replace("%2F", "/"),
        lambda target: "/elsewhere?moved=" + target.replace("/", "%2F"),
        lambda target: target + "/",
    ],
)
def test_an_altered_url_is_still_its_calls(alter: Callable[[str], str]) -> None:
    """Whatever is done to a callback URL, its token leads to the call, and the change is noticed."""
    tokens = Tokens(_BASE)
    url = tokens.url_for(step("a", "/Result%2FReceiver?Call={token}"))
    target = url.removeprefix(_BASE)

    assert tokens.find(target) == ("a", True)
    assert tokens.find(alter(target)) == ("a", False)


def test_an_old_runs_token_is_nobodys() -> None:
    """Tokens hold the run's nonce: the callback of an earlier run belongs to no call of this one."""
    earlier, now = Tokens(_BASE), Tokens(_BASE)
    now.url_for(step("a"))

    assert now.find(earlier.url_for(step("a")).removeprefix(_BASE)) == ("", False)


def test_every_call_has_a_token_of_its_own() -> None:
    """A thousand calls have a thousand tokens, each a lower-case path segment."""
    tokens = Tokens(_BASE)
    urls = [tokens.url_for(step(str(number))) for number in range(1000)]

    segments = {url.removeprefix(_BASE).split("/")[1] for url in urls}
    assert len(segments) == 1000
    assert all(segment.isalnum() and segment == segment.lower() for segment in segments)


def test_a_url_is_put_wherever_a_body_has_its_mark() -> None:
    """The marks are replaced in nested values and in bytes alike."""
    url = f"{_BASE}/token/x"

    assert bind({"a": [CALLBACK_URL, 1], "b": f"ftp://{CALLBACK_PLACE}"}, url) == {
        "a": [url, 1],
        "b": "ftp://127.0.0.1:4444/token/x",
    }
    assert (
        bind(CALLBACK_URL.encode() + b" " + CALLBACK_PLACE.encode(), url) == b"%s 127.0.0.1:4444/token/x" % url.encode()
    )
