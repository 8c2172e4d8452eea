"""The try-it page: a reader places a call on the mock, and sees who rings and what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import shipped_profile
from tests.browser.chromium import Watched, opened

PROFILE = load_profile(shipped_profile())


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """The page of a fresh mock."""
    with (
        MockServer(PROFILE) as mock,
        opened(browser, f"{mock.admin_url}/try#{PROFILE.target.domain}:{PROFILE.target.token}") as page,
    ):
        yield page


def place(page: Page, **parameters: object) -> None:
    """Place a call with these parameters, as a reader does."""
    page.locator("textarea.body-param__text").fill(json.dumps(parameters))
    page.get_by_role("button", name="Execute").click()


def test_a_call_is_placed_and_seen(watched: Watched) -> None:
    """Execute rings the mock's user: reply, legs, outcome and the callback with its acknowledgement are shown."""
    page = watched.page
    inbox = page.locator("#inbox").text_content() or ""

    place(page, user_id=10001001, destination="0312341234", callback_url=inbox)

    expect(page.locator(".live-responses-table .response .response-col_status").first).to_contain_text("200")
    call = page.locator("#calls > li")
    expect(call).to_have_count(1)
    expect(call).to_contain_text("jessica is rung for 0312341234 answered")
    expect(call.locator("li", has_text="terminal")).to_have_count(2)
    expect(call.locator("li", has_text="callback")).to_contain_text("answered 204")
    assert watched.strangers() == []
    assert watched.complaints == []
    assert watched.violations() == []


def test_a_refused_call_is_seen_too(watched: Watched) -> None:
    """What the mock refuses has no call, and its reply is among all that happened."""
    place(watched.page, user_name="nobody-here", destination="0312341234")

    expect(watched.page.locator("#events")).to_contain_text("reply: 200")
    expect(watched.page.locator("#count")).to_have_text("no call yet")


def test_the_page_offers_this_mock_only(watched: Watched) -> None:
    """There is one server, the mock, and nothing on the page names the PBX that rings real telephones."""
    page = watched.page

    expect(page.locator("#servers option")).to_have_count(1)
    expect(page.locator("#servers option")).to_contain_text("nobody's telephone rings")
    assert "bcs.brastel.com" not in page.locator("#viewer").inner_text()


def test_calls_are_forgotten(watched: Watched) -> None:
    """The button forgets every call."""
    place(watched.page, user_id=10001001, destination="0312341234")
    expect(watched.page.locator("#calls > li")).to_have_count(1)

    watched.page.get_by_role("button", name="forget all calls").click()

    expect(watched.page.locator("#calls > li")).to_have_count(0)
