"""The catalogue: every family's defects under their ids, and how several make one behaviour."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from types import ModuleType

from basix_contract.errors import UsageError
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._defects import (
    _auth,
    _auth_refusals,
    _blind_1,
    _blind_1b,
    _blind_2,
    _blind_2b,
    _blind_3,
    _blind_3b,
    _callback,
    _callback_body,
    _callback_count,
    _callback_moment,
    _callback_result,
    _callback_url,
    _combinations,
    _concurrency,
    _destination,
    _destination_details,
    _groups,
    _limits,
    _parameters,
    _request,
    _response,
    _response_errors,
    _response_wire,
    _robustness,
    _selectors,
    _selectors_nobody,
    _selectors_text,
    _spelling,
    _state,
    _state_sticky,
    _timeouts,
    _timing,
    _uuids,
    _uuids_form,
)
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._settings import Settings

# A family's file stands here once it exports `DEFECTS`.
_FAMILY_FILES: tuple[ModuleType, ...] = (
    _response,
    _callback,
    _uuids,
    _limits,
    _selectors,
    _selectors_nobody,
    _selectors_text,
    _groups,
    _destination,
    _destination_details,
    _timeouts,
    _parameters,
    _auth,
    _request,
    _response_errors,
    _response_wire,
    _robustness,
    _uuids_form,
    _callback_body,
    _callback_count,
    _callback_moment,
    _callback_result,
    _callback_url,
    _combinations,
    _concurrency,
    _state,
    _state_sticky,
    _timing,
    _auth_refusals,
    _spelling,
    _blind_1,
    _blind_1b,
    _blind_2,
    _blind_2b,
    _blind_3,
    _blind_3b,
)

DEFECTS: dict[str, Defect] = {defect.id: defect for family_file in _FAMILY_FILES for defect in family_file.DEFECTS}


def find_defects(wanted: Iterable[Defect | str]) -> tuple[Defect, ...]:
    """Return the defects meant, ids looked up; raises UsageError with the nearest known id."""
    return tuple(_find(entry) if isinstance(entry, str) else entry for entry in wanted)


def flawed_behaviour(defects: Iterable[Defect]) -> type[Behaviour]:
    """Return a behaviour with all these faults; of two on one decision, the first has its say first."""
    faults = tuple(dict.fromkeys(entry.behaviour for entry in defects if entry.behaviour is not Behaviour))
    return type("Flawed", faults, {}) if faults else Behaviour


def flawed_settings(defects: Iterable[Defect], settings: Settings) -> Settings:
    """Return the settings with every defect's changes."""
    for defect in defects:
        settings = settings.but(defect.settings)
    return settings


def _find(id_: str) -> Defect:
    if id_ in DEFECTS:
        return DEFECTS[id_]
    near = difflib.get_close_matches(id_, DEFECTS, n=1, cutoff=0.5)
    fix = f"did you mean {near[0]!r}?" if near else "list them with `basix-contract mock --list-defects`"
    raise UsageError(f"unknown defect {id_!r}", fix=fix)
