"""The site: whole, consistent, offline, and written from what it tells of."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import time
from html import escape
from pathlib import Path

import pytest

from basix_contract.docs import build_site, pictures, write_site
from basix_contract.errors import UsageError
from basix_contract.mock import DEFECTS, SWITCHES
from tests.contract.variants import Tree, variant
from tests.docs.flawed import LISTING, flawed
from tests.docs.site import Elements, site, sources

PAGES = sorted(name for name in site() if name.endswith(".html"))


def test_no_link_leads_nowhere() -> None:
    """Each link within the site leads to a file that is there, and to an anchor of it; each anchor is there once."""
    pages = {name: Elements(site()[name]) for name in PAGES}
    anchors = {name: [str(attrs["id"]) for _, attrs in page.found if "id" in attrs] for name, page in pages.items()}

    assert [name for name, ids in anchors.items() if len(ids) != len(set(ids))] == []
    for name, page in pages.items():
        for href in page.values("a", "href"):
            path, _, anchor = href.partition("#")
            if "//" not in href:
                assert not path or path in site(), (name, href)
                assert not anchor or anchor in anchors[path or name], (name, href)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_the_search_index_its_pictures_and_nothing_else(name: str) -> None:
    """A page opens from disk: what it loads lies beside it or within it."""
    elements = Elements(site()[name])

    assert elements.values("script", "src") == ["search-index.js"]
    assert elements.values("link", "href") == ["data:,"]
    assert set(elements.values("img", "src")) <= set(pictures())
    assert not [tag for tag, _ in elements.found if tag in ("iframe", "object", "embed", "picture", "video")]
    assert "srcset" not in {name for _, attrs in elements.found for name in attrs}
    assert "@import" not in site()[name]
    assert "url(" not in site()[name].split("</style>")[0]


def test_every_picture_is_shown_light_and_dark_and_told_in_words() -> None:
    """The site has six small pictures; each is on a page in both schemes, with a text for who cannot see it."""
    shown = [attrs for name in PAGES for tag, attrs in Elements(site()[name]).found if tag == "img"]

    assert {str(attrs["src"]) for attrs in shown} == set(pictures())
    assert len(pictures()) == 6
    assert all(len(str(attrs["alt"]).split()) > 10 for attrs in shown)
    for name, content in pictures().items():
        assert name.replace(".light.", ".dark.") in pictures()
        assert content.startswith(b"\x89PNG")
        assert len(content) < 120_000


def test_whoever_reads_markdown_has_the_light_pictures() -> None:
    """The Markdown copies show each picture once, by a path that leads to it from the copy and from its source."""
    linked = {
        path
        for name, text in site().items()
        if name.endswith(".md")
        for path in re.findall(r"!\[[^]]+\]\((\S+)\)", text)
    }

    assert linked == {name for name in pictures() if ".light." in name}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_found_through(name: str) -> None:
    """A page has one main heading, its landmarks, a way past the menu, and headings that skip no level."""
    elements = Elements(site()[name])
    tags = [tag for tag, _ in elements.found]
    inside = site()[name].partition("<main")[2].partition("</main>")[0]
    levels = [int(tag[1]) for tag, _ in Elements(inside).found if tag in ("h1", "h2", "h3", "h4")]

    assert [tags.count(tag) for tag in ("h1", "main", "header", "footer")] == [1, 1, 1, 1]
    assert "#content" in elements.values("a", "href")
    assert elements.values("html", "lang") == ["en"]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert set(elements.values("th", "scope")) <= {"col"}


def test_every_parameter_is_told() -> None:
    """The API page has a section for each parameter of the document, with its description and default."""
    text = Elements(site()["api.html"]).text
    for parameter in sources().document.parameters:
        assert f'<h3 id="{parameter.name}">' in site()["api.html"]
        assert " ".join(parameter.description.replace("`", "").split()) in " ".join(text.split())


def test_both_bodies_of_the_callback_are_told_in_full() -> None:
    """The API page has each example of the callback in its text, outside of anything that would have to be opened."""
    page = site()["api.html"]
    callback = page[page.index('id="the-callback"') : page.index('id="examples"')]

    assert "<details" not in page
    for example in sources().document.callback_examples.values():
        assert escape(json.dumps(example.value, indent=2)) in callback


def test_the_three_forms_of_a_destination_are_told() -> None:
    """The API page tells a destination as text, as text with an identity, and as an object, each with an example."""
    page = site()["api.md"]
    for form, example in (
        ("As plain text", '"destination": "0377778888"'),
        ("As text with an identity in front", '"{name=Charles Xavier,organization=X-Men}0312341234"'),
        ("As object", '"called_number": "0377778888"'),
    ):
        assert example in page.partition(f"#### {form}\n")[2].partition("#### ")[0]


def test_every_requirement_is_told() -> None:
    """The requirements page has each row under its id, with its level, sources and checks."""
    page = site()["requirements.md"]
    for row in sources().ledger:
        section = page.partition(f"### {row.id} · {row.level}\n")[2].partition("\n### ")[0]
        assert all(f"`{check}`" in section for check in row.checks), row.id
        assert row.excluded is None or "Not judged, because" in section, row.id
        assert len(row.readings) == section.count("- Reading: "), row.id


def test_every_check_is_shown_to_bite() -> None:
    """Each check of a row stands with at least one fault that makes it fail, as far as it can fail."""
    page = site()["requirements.md"]
    silent = [
        check
        for row in sources().ledger
        if row.level in ("MUST", "SHOULD")
        for check in row.checks
        if f"`{check}`, seen to fail for" not in page
    ]

    assert silent == []


def test_every_open_point_is_told() -> None:
    """The open points page has each point with its question and reading, errata apart, and the letter has them all."""
    page = site()["open-points.md"]
    letter = page.partition("## The questions, to be sent\n")[2].partition("\n## ")[0]
    for point in sources().open_points.points.values():
        place = page.partition(f"### {point.id} · ")[0]
        assert ("## Open points\n" not in place) == (point.kind == "erratum")
    assert letter.count("?") >= len(sources().open_points.points)


def test_the_mock_is_told() -> None:
    """The mock page has each switch and each defect."""
    page = site()["mock.md"]

    assert [name for name in (*SWITCHES, *DEFECTS) if f"| `{name}` |" not in page] == []


def test_the_formats_are_told() -> None:
    """The pages of the formats have every table of a profile, every member of a report."""
    assert "### Defects" not in site()["profile.md"]
    for header in ("[target]", "[[users]]", "[[destinations]]", "[live]"):
        assert f"## `{header}`" in site()["profile.md"]
    for member in sources().report_schema["required"]:
        assert f"| `{member}` |" in site()["report.md"]
    assert "| `requirements[].checks[].evidence` |" in site()["report.md"]


def test_every_command_is_told() -> None:
    """The commands page has each command with its options; each has its exit codes."""
    assert len(sources().commands) > 10
    for command in sources().commands:
        assert f"## {command.name}\n" in site()["commands.md"]
        assert command.exit_codes
        assert command.summary
        assert f"### {command.name}\n" in site()["exit-codes.md"]
    check = next(command for command in sources().commands if command.name.endswith("profile check"))
    assert check.usage == "basix-contract profile check FILE [OPTIONS]"
    assert [option.names for option in check.options] == [("FILE",), ("--target",), ("--json",)]
    assert check.options[1].variable == "BASIX_TARGET"


def test_the_code_is_told() -> None:
    """The client page has the client with its arguments and errors, the fixtures page each fixture."""
    client, fixtures = site()["client.md"], site()["fixtures.md"]

    assert "#### Client.call_user" in client
    assert "    user_id: int | str | None = None,\n" in client
    assert "### `CallOutcomeUnknown`" in client.partition("## What is raised")[2]
    for name in ("basix_pbx", "basix_client", "ScriptedPbx.next_call", "Firer.odd", "ContractRouter.next_reply"):
        assert name in fixtures


def test_a_new_text_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    """HTML and Markdown in what the spec says reach the reader as they are written."""

    def add(tree: Tree) -> None:
        tree["components"]["schemas"]["CallUserRequest"]["properties"]["calling_name"]["description"] = (
            "Shown as <script>alert(1)</script> | or so."
        )

    changed = dataclasses.replace(sources(), document=variant(tmp_path, add))
    page = build_site(changed)["api.html"]

    assert "<script>alert" not in page
    assert "Shown as &lt;script&gt;alert(1)&lt;/script&gt; | or so." in page


def test_the_flawed_clients_and_receivers_are_listed() -> None:
    """The listing of flawed clients and receivers is what the tests have: `make generate` writes it."""
    assert LISTING.read_text("utf-8") == flawed()


def test_the_site_is_built_in_time() -> None:
    """A build takes at most five seconds."""
    began = time.process_time()
    build_site(sources())

    assert time.process_time() - began < 5


def test_a_site_replaces_an_older_one(tmp_path: Path) -> None:
    """Writing leaves the files of the site, and no page or picture of an older one; what else is there stays."""
    folder = tmp_path / "site"
    write_site({"search-index.js": "1", "old.html": "old", "index.html": "old", "pictures/old.png": b"old"}, folder)
    (folder / "CNAME").write_text("docs.example")
    write_site({"search-index.js": "2", "index.html": "new", "pictures/new.png": b"new"}, folder)

    assert {path.name for path in folder.iterdir()} == {"CNAME", "index.html", "search-index.js", "pictures"}
    assert {path.name: path.read_bytes() for path in (folder / "pictures").iterdir()} == {"new.png": b"new"}
    assert (folder / "index.html").read_text() == "new"


@pytest.mark.parametrize("is_file", [True, False])
def test_a_place_that_holds_something_else_is_refused(tmp_path: Path, *, is_file: bool) -> None:
    """A folder with files that are no site, or a file, is left as it is."""
    place = tmp_path / "notes"
    if not is_file:
        place.mkdir()
    kept = place if is_file else place / "notes.txt"
    kept.write_text("mine")

    with pytest.raises(UsageError, match="--out"):
        write_site({"index.html": "new"}, place)
    assert kept.read_text() == "mine"


def test_code_is_shown_as_it_is() -> None:
    """A pattern with a bar in it reads as in the spec, and what stands between backticks in a help text is code."""
    (pattern,) = (one.schema["pattern"] for one in sources().document.parameters if one.name == "callback_url")

    assert "|" in pattern
    assert f"Pattern: <code>{escape(pattern, quote=False)}</code>" in site()["api.html"]
    assert "<code>basix-contract observe</code> writes it." in site()["commands.html"]


def test_a_signature_has_values_and_no_private_names() -> None:
    """A default that the code has as a constant is shown as its value."""
    shown = "".join(text for name, text in site().items() if name in ("client.md", "fixtures.md"))

    assert "connect_timeout_s: float = 5.0" in shown
    assert re.findall(r"= _?[A-Z][A-Z_]+\b", shown) == []
