"""Another tool's draws, by a seed alone, with nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import configuration, find, settings
from hypothesis import strategies as st
from hypothesis.internal.charmap import intervals_from_codec

from basix_contract.strategies import sealed

_DRAWN = st.lists(st.text(min_size=1), min_size=3)


def drawn(seed: int) -> list[list[str]]:
    """What a tool finds that takes Hypothesis' default settings."""
    seen: list[list[str]] = []

    def note(value: list[str]) -> bool:
        seen.append(value)
        return len(seen) > 5

    with sealed(seed):
        find(_DRAWN, note, settings=settings(max_examples=10))
    return seen[:5]


def test_a_seed_fixes_what_is_drawn() -> None:
    """The same seed draws the same, another seed something else."""
    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)


def test_afterwards_everything_is_as_it_was() -> None:
    """Neither the profile nor the place where Hypothesis keeps things is another one than before."""
    before = (settings.get_current_profile_name(), settings().backend)
    home = vars(configuration)["__hypothesis_home_directory"]

    with sealed(1):
        assert settings().backend != before[1]

    assert (settings.get_current_profile_name(), settings().backend) == before
    assert vars(configuration)["__hypothesis_home_directory"] == home


def test_nothing_is_left_where_we_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of the draws, tables of characters among it, is kept in a folder that is gone afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HYPOTHESIS_STORAGE_DIRECTORY", raising=False)
    with sealed(1):
        kept = configuration.storage_directory("unicode_data")
        kept.create_if_missing()
        assert kept.path.is_dir()

    assert not kept.path.exists()
    assert list(tmp_path.iterdir()) == []


def test_the_table_of_utf_8_is_the_right_one() -> None:
    """What is laid out for Hypothesis is what Python can encode, and Hypothesis reads it."""
    intervals_from_codec.cache_clear()
    with sealed(1):
        encodable, lossy = intervals_from_codec("utf-8")

    for code in (0, 0x7F, 0xD7FF, 0xE000, 0xFFFF, 0x10FFFF):
        assert chr(code).encode("utf-8").decode("utf-8") == chr(code)
        assert code in encodable
    for code in (0xD800, 0xDFFF):
        assert code not in encodable
    assert encodable.intervals == ((0, 0xD7FF), (0xE000, 0x10FFFF))
    assert not len(lossy)
