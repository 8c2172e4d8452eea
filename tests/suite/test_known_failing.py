"""Known failures: listed with a reason, they do not fail a run; stale, unknown or bare, they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from basix_contract.checks import SERVER_CHECKS
from basix_contract.errors import UsageError
from basix_contract.suite import ServerOptions, conclude, run_server

if TYPE_CHECKING:
    from pathlib import Path

    from basix_contract.suite import RunResult

_ENTRY = (
    '[[known]]\ncheck = "{check}"\nreason = "told to the vendor"\ndate = 2026-11-01\nlink = "https://bugs.example/7"\n'
)


def play(folder: Path, text: str, *, defects: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> RunResult:
    """Run against the embedded mock with a known-failing file."""
    known = folder / "known.toml"
    known.write_text(text, encoding="utf-8")
    return run_server(ServerOptions(report=folder / "report", known_failing=known, defects=defects, only=only))


def test_a_listed_failure_gives_exit_0_and_still_does_not_conform(tmp_path: Path) -> None:
    """A listed failure keeps its place in the score, with its reason, and lets the run pass."""
    result = play(tmp_path, _ENTRY.format(check="uuids/fresh"), defects=("same-uuids-every-call",), only=("CU-134",))

    row = next(row for row in result.requirements if row.id == "CU-134")
    assert (row.verdict, result.verdict, result.exit_code) == ("known-failing", "does-not-conform", 0)
    assert "told to the vendor" in row.detail
    assert "https://bugs.example/7" in row.detail
    assert conclude(result.journal).requirements == result.requirements


def test_an_entry_that_passes_is_stale_and_fails(tmp_path: Path) -> None:
    """A listed check that passes must come off the list: exit 1."""
    result = play(tmp_path, _ENTRY.format(check="uuids/fresh"), only=("CU-134",))

    assert result.counts["fixed-unexpectedly"] == 1
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_ENTRY.format(check="uuids/frsh"), "did you mean 'uuids/fresh'"),
        ('[[known]]\ncheck = "uuids/fresh"\ndate = 2026-11-01\nlink = "x"\n', "reason is missing"),
        ('[[known]]\ncheck = "uuids/fresh"\nreason = "x"\nlink = "x"\n', "date is missing"),
        ('[[known]]\ncheck = "uuids/fresh"\nreason = "x"\ndate = 2026-11-01\n', "link is missing"),
        (_ENTRY.format(check="uuids/fresh") + 'until = "x"\n', "unknown key until"),
        ('[[knwon]]\ncheck = "x"\n', "unknown key knwon"),
        ("known = [", "not valid TOML"),
    ],
)
def test_a_faulty_list_is_a_usage_error_before_anything_is_sent(text: str, said: str, tmp_path: Path) -> None:
    """Every entry needs a known check, a reason, a date and a link; what lacks is named."""
    with pytest.raises(UsageError, match=said):
        play(tmp_path, text)

    assert not (tmp_path / "report").exists()


def test_a_list_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    """A missing file is named."""
    with pytest.raises(UsageError, match="cannot be read"):
        run_server(ServerOptions(report=tmp_path / "report", known_failing=tmp_path / "none.toml"))


def test_every_check_can_be_listed(tmp_path: Path) -> None:
    """Entries are looked up among the checks of the role, all of them."""
    text = "".join(_ENTRY.format(check=check) for check in SERVER_CHECKS)

    result = play(tmp_path, text, only=("CU-004",))

    assert result.counts["fixed-unexpectedly"] == 1
