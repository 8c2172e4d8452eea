"""report.html in a browser: what one clicks does what it says."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from basix_contract.report import curl_of
from basix_contract.suite import conclude
from tests.browser.chromium import Watched, opened
from tests.browser.runs import bad_report, good_report, hollow_report, huge_report


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a PBX that never calls back."""
    return bad_report(tmp_path_factory.mktemp("bad"))


@pytest.fixture
def watched(browser: Browser, failing: Path) -> Iterator[Watched]:
    """That page, opened."""
    with opened(browser, failing.as_uri()) as page:
        yield page


@pytest.fixture
def page(watched: Watched) -> Page:
    """The same, as Playwright has it."""
    return watched.page


def test_the_cause_is_on_the_first_screen(page: Page) -> None:
    """Verdict, the first broken requirement and its broken edge are there without a click."""
    expect(page.locator("h1")).to_have_text("does not conform")
    first = page.locator(".finding").first
    expect(first.locator("h3")).to_contain_text("CU-140")
    expect(first.locator("svg .broken text")).to_have_text("✗ no callback came")
    expect(first.locator("svg .band")).to_have_count(1)
    assert page.evaluate("document.querySelector('.finding svg').getBoundingClientRect().bottom") < 900


def test_lanes_stand_for_all_three_sides(page: Page) -> None:
    """Client, PBX and receiver each have a lane, and it says who stands there."""
    lanes = page.locator(".finding").first.locator("svg .who")
    expect(lanes).to_have_text(["client (this kit)", "PBX (the target)", "receiver (this kit)"])


def test_filters(page: Page) -> None:
    """Verdict, level, family and words narrow the list down; what is shown is counted, and shown again."""
    rows, shown = page.locator("details.row:visible"), page.locator(".shown")
    every = rows.count()
    fails = page.locator("details.row[data-verdict=fail]").count()

    for chip in page.locator(".chip input").all():
        if chip.get_attribute("value") != "fail":
            chip.uncheck()
    expect(rows).to_have_count(fails)
    expect(shown).to_have_text(f"{fails} of {every} requirements")

    page.get_by_label("words").fill("cu-140 callback/answered")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("When the user answers")

    page.get_by_role("button", name="show all").click()
    expect(rows).to_have_count(every)
    page.get_by_label("level").select_option("OBSERVE")
    expect(rows).to_have_count(page.locator("details.row[data-level=OBSERVE]").count())
    page.get_by_label("about").select_option("callback")
    expect(rows).to_have_count(page.locator("details.row[data-level=OBSERVE][data-family=callback]").count())


def test_the_slash_key_searches(page: Page) -> None:
    """A slash goes to the search box, and is no letter of the search."""
    page.keyboard.press("/")
    page.keyboard.type("cu-140")

    expect(page.get_by_label("words")).to_have_value("cu-140")
    expect(page.locator("details.row:visible")).to_have_count(1)


def test_a_link_leads_to_its_requirement(browser: Browser, failing: Path) -> None:
    """#CU-140 opens the row and draws its calls; a filter that hides a row gives way to a link to it."""
    with opened(browser, f"{failing.as_uri()}#CU-140") as watched:
        row = watched.page.locator("#CU-140")
        expect(row).to_have_attribute("open", "")
        expect(row.locator("svg .broken")).to_have_count(1)
        expect(row).to_be_in_viewport()

        watched.page.get_by_label("words").fill("nothing has these words")
        expect(row).to_be_hidden()
        watched.page.locator(".matrix a[href='#CU-001']").click()
        expect(watched.page.locator("#CU-001")).to_be_in_viewport()
        assert watched.complaints == []


def copied(page: Page) -> str:
    """What the clipboard holds."""
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_provenance_is_copied(page: Page) -> None:
    """Every line of the provenance has a button that copies it."""
    for line in page.locator(".provenance div").all():
        line.get_by_role("button").click()
        assert copied(page) == line.locator("code").text_content()


def test_a_call_is_copied_as_curl_python_and_replay(page: Page, failing: Path) -> None:
    """Curl is that of the command line; the Python is Python; replay names the exchange and its journal."""
    result = conclude(failing.with_name("journal.ndjson"))
    call = page.locator("#CU-140")
    call.locator("summary").first.click()
    name = call.locator(".call-body .title code").text_content() or ""

    call.get_by_role("button", name="copy as curl").click()
    assert shlex.split(copied(page)) == shlex.split(curl_of(result, name))
    call.get_by_role("button", name="copy as Python").click()
    program = copied(page)
    assert 'auth=("DOMAIN", "TOKEN")' in program
    assert "call_user" in ast.unparse(ast.parse(program))
    call.get_by_role("button", name="copy replay command").click()
    assert copied(page) == f"basix-contract replay {name} --journal {result.journal}"


def test_every_call_as_curl(browser: Browser, tmp_path: Path) -> None:
    """For every call of a run, odd bodies among them, the page and the command line make the same curl."""
    result = conclude(good_report(tmp_path).with_name("journal.ndjson"))
    with opened(browser, (tmp_path / "report.html").as_uri()) as watched:
        made = watched.page.evaluate(
            "run.timelines.map(([id, , , , , marks]) => [id, marks.map((mark) => mark[3]).find((it) => it && it[5])])"
            ".filter(([, sent]) => sent).map(([id, sent]) => [id, curlOf(sent)])"
        )

    assert len(made) > 10
    assert {id_: shlex.split(line) for id_, line in made} == {id_: shlex.split(curl_of(result, id_)) for id_, _ in made}


def test_scenarios_call_by_call(page: Page) -> None:
    """A scenario opens into its calls, and a call into its timeline and messages."""
    scenario = page.locator("details.scenario", has_text="examples")
    scenario.locator("summary").first.click()
    call = scenario.locator("details.call").first
    call.locator("summary").first.click()

    expect(call.locator("svg")).to_be_visible()
    call.locator("details.message summary").first.click()
    expect(call.locator("details.message pre").first).to_contain_text('"destination": "0312341234"')


def test_without_a_script_the_cause_can_be_read(browser: Browser, failing: Path) -> None:
    """With JavaScript off the finding, its call as text, and every requirement are there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(failing.as_uri())

    expect(page.locator(".finding pre").first).to_contain_text("✗│")
    expect(page.locator(".finding pre").first).to_be_visible()
    expect(page.locator(".finding .replay").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_hollow_run_is_unmistakable(browser: Browser, tmp_path: Path, scheme: str) -> None:
    """A run that proved nothing says so above everything, in words, and is not green."""
    with opened(browser, hollow_report(tmp_path).as_uri(), scheme=scheme) as watched:
        page = watched.page
        expect(page.locator("h1")).to_have_text("hollow")
        expect(page.locator(".warning")).to_contain_text("Nothing was proven.")
        expect(page.locator(".warning")).to_be_in_viewport()
        red, green, _ = page.evaluate(
            "getComputedStyle(document.querySelector('.strip')).color.match(/[0-9]+/g).map(Number)"
        )
        assert red > green


def test_it_prints(page: Page) -> None:
    """On paper the findings keep their pictures, and what can only be clicked is left out."""
    page.emulate_media(media="print")

    expect(page.locator(".finding svg").first).to_be_visible()
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.locator("button:visible")).to_have_count(0)


def test_a_report_of_5000_exchanges_can_be_used(browser: Browser, tmp_path: Path) -> None:
    """It is there within three seconds, filters within half a second, and shows calls a portion at a time."""
    with opened(browser, huge_report(tmp_path).as_uri()) as watched:
        page = watched.page
        loaded = page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
        filtered = page.evaluate(
            "(() => { const from = performance.now(); filter(); return performance.now() - from; })()"
        )

        assert loaded < 3_000
        assert filtered < 500
        scenario = page.locator("details.scenario", has_text="parameters")
        scenario.locator("summary").first.click()
        calls = scenario.locator("details.call")
        expect(calls).to_have_count(100)
        page.get_by_role("button", name="more calls").first.click()
        expect(calls).to_have_count(200)
        page.locator("#CU-001 summary").first.click()
        expect(page.locator("#CU-001 .pick button")).to_have_count(13)
        assert watched.complaints == []


def test_a_report_of_few_calls_is_small(tmp_path: Path) -> None:
    """What a page holds of a call takes less than a kilobyte, beside what it holds of itself."""
    page = good_report(tmp_path)
    exchanges = len(conclude(page.with_name("journal.ndjson")).history.exchanges)

    assert page.stat().st_size < 250_000 + exchanges * 1_000
