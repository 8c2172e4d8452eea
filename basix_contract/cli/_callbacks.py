"""`listen` and `trigger`: callbacks as they come and go, a line each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from basix_contract.cli._exits import NOT_CONFORMING, OK, UNREACHABLE
from basix_contract.cli._output import emit, emit_text, printable, tell
from basix_contract.errors import UsageError
from basix_contract.suite import Fired, Heard, ListenOptions, TriggerOptions, fire, listen, triggers

_MOST_SHOWN = 200


# ── listen ──


def run_listen(options: ListenOptions, *, as_json: bool) -> int:
    """Listen and tell each callback; return 1 when one of them broke the contract."""
    show = _heard_json if as_json else _heard_text
    broken = listen(options, _tell_start, lambda heard: emit_text(show(heard)))
    return NOT_CONFORMING if broken else OK


def _tell_start(url: str) -> None:
    tell(f"listening on {url} (Ctrl-C ends it)")


def _heard_text(heard: Heard) -> str:
    request = heard.request
    lines = [f"→ {request.method} {printable(request.target)}  {_shown(request.body)}"]
    lines += [f"    breaks the contract: {printable(found.text)}" for found in heard.violations]
    lines += [] if heard.violations else ["    keeps the contract"]
    lines.append(f"  {_answered(heard)}")
    return "\n".join(lines) + "\n"


def _answered(heard: Heard) -> str:
    if not heard.forwarded_to:
        return f"← {heard.status}"
    by = printable(heard.forwarded_to)
    if heard.problem:
        return f"← {heard.status}: {by} gave no answer ({heard.problem})"
    return f"← {heard.status} from {by} after {heard.took_s:.3f} s"


def _heard_json(heard: Heard) -> str:
    request = heard.request
    return _line(
        {
            "method": request.method,
            "target": request.target,
            "body": request.body.decode("utf-8", "backslashreplace"),
            "keeps_contract": not heard.violations,
            "violations": [{"pointer": found.pointer, "text": found.text} for found in heard.violations],
            "status": heard.status,
            "forwarded_to": heard.forwarded_to,
            "took_s": round(heard.took_s, 4),
            "problem": heard.problem,
        }
    )


# ── trigger ──


def list_triggers(*, as_json: bool) -> int:
    """Show every callback that can be sent; return 0."""
    known = triggers()
    if as_json:
        emit("".join(_line({"id": id_, "title": title}) for id_, title in known))
        return OK
    width = max(len(id_) for id_, _ in known)
    emit_text("".join(f"{id_:<{width}}  {printable(title)}\n" for id_, title in known))
    return OK


def run_trigger(options: TriggerOptions, *, as_json: bool) -> int:
    """Send and tell; return 3 when nobody listens there, 1 when an answer breaks a MUST."""
    if not options.kind:
        raise UsageError("say which callback", fix="answered, not-answered, …; --list shows them all")
    if not options.url:
        raise UsageError("say where to", where="--to", fix="give the URL of the receiver")
    show = _fired_json if as_json else _fired_text
    code = OK
    for fired in fire(options):
        emit_text(show(fired))
        code = max(code, _code(fired))
    return code


def _code(fired: Fired) -> int:
    if not fired.was_sent:
        return UNREACHABLE
    return NOT_CONFORMING if any(level == "MUST" for _, level, _ in fired.breaches) else OK


def _fired_text(fired: Fired) -> str:
    return "\n".join(_fired_lines(fired)) + "\n"


def _fired_lines(fired: Fired) -> Iterator[str]:
    yield printable(fired.title)
    yield f"  → {fired.method} {printable(fired.url)}  {_shown(fired.body)}"
    answer = f"{fired.status} {_shown(fired.answer)}".rstrip() if fired.status else f"no answer: {fired.silence}"
    yield f"  ← {answer} after {fired.took_s:.3f} s"
    for id_, level, statement in fired.breaches:
        yield f"    breaks {id_} {level}  {statement}"


def _fired_json(fired: Fired) -> str:
    return _line(
        {
            "title": fired.title,
            "method": fired.method,
            "url": fired.url,
            "body": fired.body[:_MOST_SHOWN].decode("utf-8", "backslashreplace"),
            "status": fired.status,
            "answer": fired.answer[:_MOST_SHOWN].decode("utf-8", "backslashreplace"),
            "problem": fired.silence,
            "took_s": round(fired.took_s, 4),
            "breaks": [{"id": id_, "level": level} for id_, level, _ in fired.breaches],
        }
    )


def _line(members: dict[str, Any]) -> str:
    return json.dumps(members) + "\n"


def _shown(body: bytes) -> str:
    """Return a body on one line, cut where it is long."""
    text = printable(body[: _MOST_SHOWN + 1].decode("utf-8", "backslashreplace"))
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}… ({len(body)} bytes)"
