"""`call`: one call, shown before or placed, and how it ended."""

from __future__ import annotations

import dataclasses
import re
import sys
from typing import Any

from basix_contract.cli._attendant import attendant
from basix_contract.cli._exits import AMBIGUOUS, INTERRUPTED, NOT_CONFORMING, OK, UNREACHABLE
from basix_contract.cli._output import emit_json, emit_text, emit_utf8, printable, tell
from basix_contract.errors import UsageError
from basix_contract.profile import load_profile
from basix_contract.report import plan_json, plan_text
from basix_contract.suite import CallOptions, PlacedCall, place_call, plan_call, shipped_profile

_CODES = {
    "answered": OK,
    "accepted": OK,
    "not-answered": NOT_CONFORMING,
    "refused": NOT_CONFORMING,
    "not-sent": UNREACHABLE,
    "unknown": AMBIGUOUS,
}


def show_call(options: CallOptions, *, as_json: bool, reveals_numbers: bool) -> int:
    """Show what placing the call would do; nothing is sent."""
    if reveals_numbers and not sys.stdout.isatty():
        raise UsageError(
            "numbers are shown to a terminal only, and stdout is none", where="--reveal", fix="leave --reveal out"
        )
    profile = load_profile(options.server.profile or shipped_profile())
    plan = plan_call(options, reveal=reveals_numbers)
    if as_json:
        emit_utf8(plan_json(plan, profile))
    else:
        emit_text(plan_text(plan, profile, reveals_numbers=reveals_numbers))
    return OK


def run_call(options: CallOptions, *, as_json: bool) -> int:
    """Place the call and tell how it ended; errors as for `place_call`."""
    asked = dataclasses.replace(options, server=dataclasses.replace(options.server, attendant=attendant(), tell=tell))
    placed = place_call(asked)
    if as_json:
        emit_json(_members(placed), indent=None)
    else:
        emit_text(_text(placed))
    return _CODES.get(placed.outcome, INTERRUPTED)


def _text(placed: PlacedCall) -> str:
    lines = [f"{placed.outcome}: {printable(placed.detail)} ({placed.took_s:.2f} s after the request)"]
    if placed.http_status is not None:
        lines.append(f"  reply     HTTP {placed.http_status}, result_code {placed.result_code}")
    lines += [f"  leg       {printable(uuid)}" for uuid in placed.uuids]
    lines += [f"  answered  {printable(placed.uuid)}"] if placed.uuid else []
    lines += [f"  error     {printable(placed.error_id)}"] if placed.error_id else []
    if placed.outcome == "unknown":
        lines.append("  Do not place it again before somebody has looked: it may ring twice.")
    return "\n".join([*lines, f"  journal   {placed.journal}", ""])


def _members(placed: PlacedCall) -> dict[str, Any]:
    return {**dataclasses.asdict(placed), "journal": str(placed.journal), "uuids": list(placed.uuids)}


# ── options as parameters ──


def members_of(user: str, group: str, plain: dict[str, Any], number: dict[str, str]) -> dict[str, Any]:
    """Return the parameters that options ask for; what was not given is left out."""
    members = {**_selector(user, "user"), **_selector(group, "group")}
    if number["calling_number"]:
        if not number["destination"]:
            raise UsageError("it needs a number to call", where="--calling-number", fix="give --to as well")
        members["destination"] = {"called_number": number["destination"], "calling_number": number["calling_number"]}
    elif number["destination"]:
        members["destination"] = number["destination"]
    return {**members, **{name: value for name, value in plain.items() if value not in (None, "")}}


def _selector(text: str, kind: str) -> dict[str, Any]:
    if not text:
        return {}
    key, equals, value = (part.strip() for part in text.partition("="))
    if not (key and equals and value):
        raise UsageError(f"{text!r} is not KEY=VALUE", where=f"--{kind}", fix=f"write --{kind} name=… or id=…")
    known = ("id", "name", "label", "extension", "did", *(("email",) if kind == "user" else ("resolver",)))
    if key not in known:
        raise UsageError(f"there is no {kind}_{key}", where=f"--{kind}", fix=f"known here: {', '.join(known)}")
    if key == "id" and not re.fullmatch(r"[0-9]{1,15}", value, re.ASCII):
        raise UsageError("an id is a whole number", where=f"--{kind}", fix=f"write --{kind} id=10001001")
    return {f"{kind}_{key}": int(value) if key == "id" else value}
