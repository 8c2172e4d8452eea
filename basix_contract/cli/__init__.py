"""The command line: arguments in, work done by the rooms below, an exit code out."""

from __future__ import annotations

from basix_contract.cli._exits import EVIDENCE_CODES, EXIT_CODES, exit_code_of
from basix_contract.cli._main import main

__all__ = ["EVIDENCE_CODES", "EXIT_CODES", "exit_code_of", "main"]
