"""`python -m basix_contract.codegen`: writes the generated part of the client anew, or says what is not up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from basix_contract.codegen import Difference, compare, generate, write
from basix_contract.contract import load_document
from basix_contract.errors import SpecError, UsageError

_COMMAND = "python -m basix_contract.codegen"
_OUT = Path(__file__).resolve().parent.parent / "client" / "_generated"
_STALE, _BAD_USAGE = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        sources = generate(load_document(options.spec))
        if options.check:
            return _report_stale(compare(sources, options.out), options.out)
        _report_written(write(sources, options.out), options.out)
    except (SpecError, UsageError, OSError) as error:
        sys.stderr.write(f"{_COMMAND}: {error}\n")
        return _BAD_USAGE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_COMMAND, description="Write the generated part of the client anew.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when anything would change")
    parser.add_argument("--out", type=Path, default=_OUT, metavar="DIR", help="where to write; by default the package")
    parser.add_argument("--spec", type=Path, metavar="FILE", help="the document; by default the one of the package")
    return parser


def _report_stale(difference: Difference, folder: Path) -> int:
    for line in difference.lines:
        sys.stdout.write(f"{line}\n")
    if difference.lines:
        sys.stderr.write(f"{folder} is not up to date: run `{_COMMAND}`, and edit nothing there by hand\n")
    return _STALE if difference.lines else 0


def _report_written(difference: Difference, folder: Path) -> None:
    changed = len(difference.lines)
    sys.stdout.write(f"{folder}: {changed} files written or removed\n" if changed else f"{folder}: up to date\n")


if __name__ == "__main__":
    sys.exit(main())
