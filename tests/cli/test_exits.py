"""Exit codes: one table, and every error in it."""

from __future__ import annotations

import pytest

from basix_contract.cli import EVIDENCE_CODES, EXIT_CODES, exit_code_of
from basix_contract.errors import (
    BasixContractError,
    ContractError,
    EvidenceAltered,
    ForgedCallback,
    GateRefusal,
    HarnessError,
    SpecError,
    TargetUnreachable,
    UsageError,
)

CODES: list[tuple[BaseException, int]] = [
    (ContractError("the reply", ()), 1),
    (UsageError("a bad option"), 2),
    (GateRefusal("loopback", "not this machine"), 2),
    (TargetUnreachable("no listener"), 3),
    (HarnessError("our fault"), 5),
    (SpecError("our fault"), 5),
    (EvidenceAltered("evidence.zip", ("journal.ndjson was altered",)), 7),
    (ForgedCallback("no command parses callbacks of its own"), 5),
    (BasixContractError("ours"), 5),
    (ValueError("unforeseen"), 5),
    (KeyboardInterrupt(), 130),
]


@pytest.mark.parametrize(("error", "code"), CODES, ids=lambda value: type(value).__name__)
def test_an_error_has_its_exit_code(error: BaseException, code: int) -> None:
    """Each error ends a command with the code that the design gives it, and that code is in the table."""
    assert exit_code_of(error) == code
    assert code in {**EXIT_CODES, **EVIDENCE_CODES}


def test_every_error_of_ours_is_tried() -> None:
    """No error class of this package is missing from the cases above."""
    tried = {type(error) for error, _ in CODES}

    assert all_below(BasixContractError) <= tried


def all_below(kind: type[BaseException]) -> set[type[BaseException]]:
    """A class of ours and every class that descends from it."""
    below = {found for child in kind.__subclasses__() for found in all_below(child)}
    return {found for found in {kind, *below} if found.__module__ == "basix_contract.errors"}


def test_the_codes_are_those_of_the_design() -> None:
    """The codes people script against are these and no others."""
    assert list(EVIDENCE_CODES) == [7]
    assert list(EXIT_CODES) == [0, 1, 2, 3, 4, 5, 6, 130]
