"""What a guide shows beyond its snippets: a profile that would really do, words that are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from basix_contract.profile import check_profile, load_profile
from basix_contract.suite import WORST_FIRST
from tests.docs.site import site
from tests.docs.snippets import snippets_of


def test_the_live_profile_lacks_nothing_but_a_pbx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The profile for a real PBX has all that a live run needs; only its host is one that nobody has."""
    monkeypatch.setenv("BASIX_API_TOKEN", "one that is set")
    (shown,) = [snippet for snippet in snippets_of(site()["go-live-safely.md"]) if snippet.language == "toml"]
    path = tmp_path / shown.title
    path.write_text(shown.text, "utf-8")

    errors = [remark for remark in check_profile(load_profile(path)) if remark.severity == "error"]
    assert [remark.key for remark in errors] == ["target.base_url"]


def test_every_verdict_of_a_requirement_is_told() -> None:
    """The guide to reports says what each verdict a requirement can have means."""
    table = site()["read-a-report.md"].partition("| a requirement is |")[2].partition("\n\n")[0]

    assert sorted(re.findall(r"`([a-z-]+)`", re.sub(r"\|[^|]*\|$", "", table, flags=re.MULTILINE))) == sorted(
        WORST_FIRST
    )
