"""`explain --example`: a requirement kept and broken, as the mock plays it."""

from __future__ import annotations

from tests.cli.conftest import Command


def test_a_good_and_a_bad_example(command: Command) -> None:
    """The same call is drawn twice: as a good PBX answers it, and as one with a defect does, its edge marked."""
    ended = command("explain", "CU-050", "--example")
    good, bad = ended.out[ended.out.index("good  ") :].split("bad  ")

    assert ended.code == 0
    assert "◀─ 200 · 500 · missing_paramet" in good
    assert "✗" not in good
    assert "(mock --defect " in bad
    assert bad.count("✗│") == 1
    assert "accepted with result_code 0" in bad


def test_a_requirement_that_cannot_be_played(command: Command) -> None:
    """For a client's requirement the reason stands where the examples would."""
    ended = command("explain", "CU-301", "--example")

    assert ended.code == 0
    assert "examples   are played for requirements of the server role" in ended.out
