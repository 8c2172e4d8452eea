"""The door: every way a command can end becomes an exit code and, where it went wrong, one line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from basix_contract.cli._exits import BAD_USAGE, INTERRUPTED, OUR_FAULT, exit_code_of
from basix_contract.cli._output import complain, tell
from basix_contract.errors import BasixContractError

_PACKAGE = "basix_contract"


def main(tokens: Sequence[str] | None = None) -> NoReturn:
    """Run one command, by default the one of this process, and leave with its exit code."""
    _open_closed_streams()
    raise SystemExit(_run(sys.argv[1:] if tokens is None else tokens))


def _open_closed_streams() -> None:
    """Let what is written go nowhere where the shell has closed the stream (`>&-`)."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as we live


def _run(tokens: Sequence[str]) -> int:
    try:
        return _dispatch(tokens)
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except ModuleNotFoundError as error:
        return _missing(error)
    except BasixContractError as error:
        _show_traceback()
        complain(str(error))
        return exit_code_of(error)
    except Exception as error:  # noqa: BLE001 - the last door: nobody may be shown a traceback unasked
        return _crashed(error)


def _dispatch(tokens: Sequence[str]) -> int:
    from basix_contract.cli._app import run_command

    return run_command(tokens)


def _missing(error: ModuleNotFoundError) -> int:
    library = (error.name or "").partition(".")[0]
    if library in ("", _PACKAGE):
        return _crashed(error)
    complain(f"this command needs {library}, which is not installed: pip install 'basix-contract[kit]'")
    return BAD_USAGE


def _crashed(error: Exception) -> int:
    _show_traceback()
    complain(
        f"internal error: {type(error).__name__}: {error}; please report it "
        "(the target is not to blame; BASIX_TRACEBACK=1 shows where)"
    )
    return OUR_FAULT


def _show_traceback() -> None:
    if os.environ.get("BASIX_TRACEBACK") == "1":
        tell(traceback.format_exc().rstrip())
