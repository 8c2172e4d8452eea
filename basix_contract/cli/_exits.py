"""Exit codes: what each means, and which error ends with which."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from basix_contract.errors import (
    BasixContractError,
    ContractError,
    EvidenceAltered,
    HarnessError,
    SpecError,
    TargetUnreachable,
    UsageError,
)

OK, NOT_CONFORMING, BAD_USAGE, UNREACHABLE, AMBIGUOUS, OUR_FAULT, NOTHING_RAN, ALTERED, INTERRUPTED = (
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    130,
)

EXIT_CODES: Mapping[int, str] = MappingProxyType(
    {
        OK: "everything that was scored passes",
        NOT_CONFORMING: "a MUST is broken, or a known-failing entry passes now",
        BAD_USAGE: "a bad command, option or profile",
        UNREACHABLE: "target or callback route unreachable, or credentials refused",
        AMBIGUOUS: "a request left and what came of it cannot be known",
        OUR_FAULT: "the kit itself went wrong; the target is not to blame",
        NOTHING_RAN: "nothing ran, nothing succeeded, or some of it could not be tested",
        INTERRUPTED: "interrupted; what was seen so far is kept",
    }
)
"""What each exit code of a run means, in one line."""

EVIDENCE_CODES: Mapping[int, str] = MappingProxyType({ALTERED: "a bundle of evidence was altered after it was made"})
"""What commands that read a bundle may end with besides."""

# The first that fits, so that a more special error stands before a more general one.
_ENDINGS: tuple[tuple[type[BaseException], int], ...] = (
    (KeyboardInterrupt, INTERRUPTED),
    (UsageError, BAD_USAGE),
    (TargetUnreachable, UNREACHABLE),
    (EvidenceAltered, ALTERED),
    (ContractError, NOT_CONFORMING),
    (HarnessError, OUR_FAULT),
    (SpecError, OUR_FAULT),
    (BasixContractError, OUR_FAULT),
)


def exit_code_of(error: BaseException) -> int:
    """Return the exit code that an error ends a command with; an error nobody expected is our own fault."""
    return next((code for kind, code in _ENDINGS if isinstance(error, kind)), OUR_FAULT)
