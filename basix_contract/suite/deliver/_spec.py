"""Scenario files of the receiver role: what may stand in them, each key checked; a mistake names its scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from basix_contract.checks import RECEIVER_CHECKS, Allowed, Held
from basix_contract.errors import SpecError
from basix_contract.profile import Connection
from basix_contract.suite.deliver._scenario import PHASES, ReplyTold
from basix_contract.suite.deliver._uuids import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BODIES = ("body", "text", "base64", "filler", "raw")
_STEP_KEYS = (
    "title",
    "call",
    "reply",
    "uuid_form",
    "uuids",
    "times",
    "method",
    "media_type",
    "fields",
    "extra_fields",
    *_BODIES,
    "chunk_bytes",
    "pace",
    "hang_up",
    "connection",
    "expects",
    "features",
    "believes",
    "is_uuid_open",
)
_SCENARIO_KEYS = ("id", "phase", "next_callback", "steps")
_PACE_KEYS = ("pieces", "over_s", "is_whole")
_HANG_UP_KEYS = ("part", "how")
_FILLER_KEYS = ("before", "repeat", "times", "after")


def ensure_scenario(spec: Mapping[str, Any]) -> None:
    """Raise SpecError where a scenario holds what its reader does not know, or lacks what it needs."""
    where = f"scenario {spec['id']}"
    _ensure_keys(spec, _SCENARIO_KEYS, where)
    _ensure_one_of(spec.get("phase", "plain"), PHASES, f"{where}: phase")
    if "next_callback" in spec:
        _ensure_one_of(spec["next_callback"], RECEIVER_CHECKS, f"{where}: next_callback")
    if not spec.get("steps"):
        raise SpecError(f"{where}: steps are missing")
    for number, step in enumerate(spec["steps"], 1):
        if "tell_reply" in step:
            _ensure_keys(step, ("tell_reply",), f"{where}, step {number}")
        else:
            _ensure_step(step, f"{where}, step {number}")


def _ensure_step(step: Mapping[str, Any], where: str) -> None:
    _ensure_keys(step, _STEP_KEYS, where)
    if not step.get("title"):
        raise SpecError(f"{where}: title is missing")
    if sum(name in step for name in _BODIES) > 1:
        raise SpecError(f"{where}: give one of {', '.join(_BODIES)}")
    _ensure_one_of(step.get("reply", "told"), get_args(ReplyTold), f"{where}: reply")
    _ensure_one_of(step.get("uuid_form", "v4"), FORMS, f"{where}: uuid_form")
    _ensure_one_of(step.get("connection", "own"), get_args(Connection), f"{where}: connection")
    for key, known in (("pace", _PACE_KEYS), ("hang_up", _HANG_UP_KEYS), ("filler", _FILLER_KEYS)):
        _ensure_keys(step.get(key, {}), known, f"{where}: {key}")
    _ensure_judged(step, where)


def _ensure_judged(step: Mapping[str, Any], where: str) -> None:
    for key, words in (("expects", get_args(Allowed)), ("believes", get_args(Held))):
        for check, word in step.get(key, {}).items():
            _ensure_one_of(check, RECEIVER_CHECKS, f"{where}: {key}")
            _ensure_one_of(word, words, f"{where}: {key}: {check}")
    if not any(step.get(key) for key in ("expects", "believes", "hang_up")):
        raise SpecError(f"{where}: nothing judges it: give expects or believes")


def _ensure_keys(spec: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    unknown = next((key for key in spec if key not in known), "")
    if unknown:
        raise SpecError(f"{where}: unknown key {unknown}; known here: {', '.join(known)}")


def _ensure_one_of(value: object, known: Iterable[str], where: str) -> None:
    if value not in list(known):
        raise SpecError(f"{where}: {value!r} is none of {', '.join(known)}")
