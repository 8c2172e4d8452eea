"""The generated files are up to date, byte for byte; whatever differs is found, named and put right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from basix_contract.codegen import compare, generate, write
from basix_contract.codegen.__main__ import main
from basix_contract.contract import load_document
from basix_contract.errors import UsageError
from tests.codegen.regenerating import priority_added
from tests.contract.variants import variant

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "basix_contract" / "client" / "_generated"
SOURCES = generate(load_document())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is up to date."""
    path = tmp_path / "generated"
    write(SOURCES, path)
    return path


def test_the_generated_files_are_those_of_the_document() -> None:
    """What is committed is what the document and the templates give: `make generate` puts it right."""
    assert compare(SOURCES, GENERATED).lines == ()


def test_every_generated_file_says_so() -> None:
    """The first line of each file says that it is generated, by which command, and not to edit it."""
    for source in SOURCES.values():
        first = source.splitlines()[0]
        assert "python -m basix_contract.codegen" in first
        assert "Do not edit" in first


def test_generating_twice_gives_the_same() -> None:
    """Nothing in a generated file depends on the moment or on the order of a set."""
    assert generate(load_document()) == SOURCES


def test_no_parameter_is_named_outside_of_what_is_generated() -> None:
    """Neither the generator nor the rest of the client spells out the name of a parameter."""
    names = [parameter.name for parameter in load_document().parameters if parameter.name != "destination"]
    written = [*(ROOT / "basix_contract" / "codegen").rglob("*.*"), *GENERATED.parent.glob("*.py")]

    told = {path.name: path.read_text("utf-8") for path in written if path.suffix in {".py", ".jinja"}}
    found = {(file, name) for file, text in told.items() for name in names if f'"{name}"' in text or f"{name}=" in text}
    assert found == set()


def test_a_missing_an_extra_and_a_changed_file_are_found(folder: Path) -> None:
    """Each way in which a folder can differ is named, one byte more included."""
    (folder / "errors.py").unlink()
    (folder / "more.py").write_text("x = 1\n")
    with (folder / "models.py").open("ab") as file:
        file.write(b"\n")

    assert compare(SOURCES, folder).lines == ("missing: errors.py", "extra: more.py", "changed: models.py")


def test_line_ends_count(folder: Path) -> None:
    """A file with other line ends is another file."""
    path = folder / "models.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert compare(SOURCES, folder).lines == ("changed: models.py",)


def test_what_an_interpreter_leaves_does_not_count(folder: Path) -> None:
    """Compiled modules beside the source are no difference."""
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "models.cpython-311.pyc").write_bytes(b"")

    assert compare(SOURCES, folder).lines == ()


def test_writing_puts_everything_right(folder: Path) -> None:
    """After writing the folder holds the whole set and nothing else that was ever generated."""
    (folder / "errors.py").unlink()
    (folder / "models.py").write_text("")
    (folder / "old.py").write_text(SOURCES["errors.py"])

    difference = write(SOURCES, folder)

    assert difference.lines == ("missing: errors.py", "extra: old.py", "changed: models.py")
    assert compare(SOURCES, folder).lines == ()


def test_what_was_not_generated_is_not_removed(folder: Path) -> None:
    """A file that somebody wrote is never removed, nor is anything written beside it."""
    (folder / "notes.py").write_text("mine = True\n")
    (folder / "models.py").unlink()

    with pytest.raises(UsageError, match=r"notes\.py was not generated"):
        write(SOURCES, folder)
    assert (folder / "notes.py").exists()
    assert not (folder / "models.py").exists()


def test_the_command_writes_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` writes nothing and fails until the files are there; then it succeeds and is silent."""
    out = str(tmp_path / "new")

    assert main(["--check", "--out", out]) == 1
    assert not Path(out).exists()
    told = capsys.readouterr()
    assert "missing: models.py" in told.out
    assert "run `python -m basix_contract.codegen`" in told.err

    assert main(["--out", out]) == 0
    assert main(["--check", "--out", out]) == 0
    assert main(["--out", out]) == 0
    assert capsys.readouterr().out.endswith("up to date\n")


def test_the_command_takes_another_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document that is handed in is what is written from; one that cannot be read is named."""
    document = variant(tmp_path, priority_added)

    assert main(["--out", str(tmp_path / "new"), "--spec", str(document.source)]) == 0
    assert "call_priority" in (tmp_path / "new" / "sync_client.py").read_text()
    assert main(["--check", "--out", str(GENERATED), "--spec", str(document.source)]) == 1
    assert "changed: sync_client.py" in capsys.readouterr().out
    assert main(["--spec", str(tmp_path / "none.yaml"), "--out", str(tmp_path / "new")]) == 2
    assert "none.yaml" in capsys.readouterr().err


def test_the_command_checks_this_checkout() -> None:
    """The command as it stands in CI: a process that ends with 0 when all is up to date."""
    command = [sys.executable, "-m", "basix_contract.codegen", "--check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
