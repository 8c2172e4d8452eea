"""The ledger: `spec/requirements.yaml`, one row for every requirement and every open point."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from basix_contract.contract._files import spec_file
from basix_contract.contract._rows import Requirement, read_rows
from basix_contract.errors import SpecError, UsageError


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The requirements in the order of the file; iterate over it, or ask by id, role or check."""

    contract: str
    requirements: tuple[Requirement, ...] = field(repr=False)
    _rows: Mapping[str, Requirement] = field(repr=False)

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.requirements)

    def __len__(self) -> int:
        return len(self.requirements)

    def by_id(self, id_: str) -> Requirement:
        """Return the row of this id; raises UsageError naming the nearest id when there is none."""
        if id_ not in self._rows:
            raise _unknown("requirement", id_, self._rows)
        return self._rows[id_]

    def for_role(self, role: str) -> tuple[Requirement, ...]:
        """Return the rows of `server`, `client` or `receiver`; another word has none."""
        return tuple(row for row in self.requirements if row.role == role)

    def requirement_of(self, check_id: str) -> Requirement:
        """Return the row that names this check; raises UsageError naming the nearest check when none does."""
        owners = self._owners()
        if check_id not in owners:
            raise _unknown("check", check_id, owners)
        return owners[check_id][0]

    def in_needs_order(self) -> tuple[Requirement, ...]:
        """Return all rows, each after those it needs, else as in the file; a circle is a SpecError."""
        placed: dict[str, Requirement] = {}
        for row in self.requirements:
            self._place(row, placed, ())
        return tuple(placed.values())

    def orphans(self, known_checks: Iterable[str]) -> tuple[str, ...]:
        """Return one sentence for each check without a row, check without code, and check of two rows."""
        known = dict.fromkeys(known_checks)
        owners = self._owners()
        return (
            *(
                f"{rows[0].id} names the check {check}, which does not exist{_nearest(check, known)}"
                for check, rows in owners.items()
                if check not in known
            ),
            *(f"the check {check} is named by no row" for check in known if check not in owners),
            *(
                f"the check {check} is named by {' and '.join(row.id for row in rows)}: one row may name it"
                for check, rows in owners.items()
                if len(rows) > 1
            ),
        )

    def _owners(self) -> dict[str, list[Requirement]]:
        owners: dict[str, list[Requirement]] = {}
        for row in self.requirements:
            for check in row.checks:
                owners.setdefault(check, []).append(row)
        return owners

    def _place(self, row: Requirement, placed: dict[str, Requirement], path: tuple[str, ...]) -> None:
        if row.id in path:
            circle = " → ".join((*path[path.index(row.id) :], row.id))
            raise SpecError(f"{row.id}: the needs go round in a circle: {circle}")
        if row.id not in placed:
            for need in row.needs:
                self._place(self._rows[need], placed, (*path, row.id))
            placed[row.id] = row


def load_ledger(path: str | Path | None = None) -> Ledger:
    """Return the shipped ledger, read once for the whole process; with a path, that file, read anew.

    Raises SpecError naming file and row when the file is not a ledger: an unknown key, an id given twice, a
    need without a row, needs that go round in a circle.
    """
    return _shipped() if path is None else _read(Path(path))


@cache
def _shipped() -> Ledger:
    return _read(spec_file("requirements.yaml"))


def _read(path: Path) -> Ledger:
    contract, requirements = read_rows(path)
    rows: dict[str, Requirement] = {}
    for row in requirements:
        if row.id in rows:
            raise SpecError(f"{path}: {row.id}: the id is given twice")
        rows[row.id] = row
    for row in requirements:
        for need in row.needs:
            if need not in rows:
                raise SpecError(f"{path}: {row.id}: needs {need}, which has no row{_nearest(need, rows)}")
    ledger = Ledger(contract, requirements, MappingProxyType(rows))
    try:
        ledger.in_needs_order()
    except SpecError as circle:
        raise SpecError(f"{path}: {circle}") from None
    return ledger


def _unknown(what: str, asked: str, known: Iterable[str]) -> UsageError:
    return UsageError(f"no {what} {asked}{_nearest(asked, known)}")


def _nearest(asked: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(asked, list(known), n=1, cutoff=0.5)
    return f" (did you mean {near[0]}?)" if near else ""
