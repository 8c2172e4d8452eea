"""Every exception this package raises on purpose, as one tree.

    BasixContractError
    ├─ SpecError            our own spec/ or ledger is wrong: report it to us
    ├─ UsageError           a bad option, profile, file or target: read `what`, `where`, `fix`
    │   └─ GateRefusal      a request was about to leave that the profile does not allow
    ├─ TargetUnreachable    nothing could be scored: no listener, no route, credentials refused
    ├─ HarnessError         the kit itself went wrong; never the target's fault
    ├─ EvidenceAltered      a bundle is not as it was made; `.found` says where: believe nothing in it
    ├─ ContractError        a message is outside the contract; `.violations` says where
    └─ ForgedCallback       a callback came to a URL that was not made for any call: answer 4xx, believe nothing

Violations are data below this line; they become an exception at two doors only, `ensure_*` and the client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from basix_contract.messages import Violation


class BasixContractError(Exception):
    """The root: `except BasixContractError` catches all that this package raises on purpose."""


class SpecError(BasixContractError):
    """The shipped spec or ledger does not hold together; nothing the caller can mend."""


class UsageError(BasixContractError):
    """What was asked for cannot be done as asked: the text says what, where and what to do."""

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what = what
        self.where = where
        self.fix = fix
        place = f"{where}: " if where else ""
        advice = f" ({fix})" if fix else ""
        super().__init__(f"{place}{what}{advice}")


class GateRefusal(UsageError):
    """The gate kept a request from leaving; `rule` names which of its rules, `fix` what to change."""

    def __init__(self, rule: str, what: str, *, fix: str = "") -> None:
        self.rule = rule
        super().__init__(what, where=f"gate[{rule}]", fix=fix)


class TargetUnreachable(BasixContractError):
    """The target or its route back to us cannot be reached, so nothing could be scored."""


class HarnessError(BasixContractError):
    """Our own traffic or set-up was wrong; the target is not to blame."""


class EvidenceAltered(BasixContractError):
    """A bundle is not as it was made: `found` says what differs, one sentence each."""

    def __init__(self, place: str, found: tuple[str, ...]) -> None:
        self.found = found
        super().__init__(f"{place}: this bundle was altered after it was made: " + "; ".join(found))


class ContractError(BasixContractError):
    """A message breaks the contract; `violations` holds at least one."""

    def __init__(self, subject: str, violations: tuple[Violation, ...]) -> None:
        self.subject = subject
        self.violations = violations
        super().__init__(f"{subject}: " + "; ".join(violation.text for violation in violations))


class ForgedCallback(BasixContractError):
    """A callback's URL holds no token of ours: made up, altered on its way, or signed with another secret."""
