"""Small runs, built by hand, for the views to be tested on."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import Any

from basix_contract.checks import CallbackSeen, Exchange, History, Intent, Reply
from basix_contract.suite import WORST_FIRST, CheckVerdict, RequirementVerdict, RunResult, Verdict

HEADERS = (
    ("Content-Type", "application/json"),
    ("Accept", "application/json"),
    ("Authorization", "redacted_credentials"),
)
UUID = "ede7b23e-c172-445e-832e-963b11ba2b96"
REPORT_FILES = frozenset({"report.json", "junit.xml", "report.html", "badge.svg", "badge.json"})
"""What a report leaves in its folder, beside the journal."""


def requirement(
    id_: str,
    verdict: Verdict,
    *,
    check: str = "reply/answered",
    level: str = "MUST",
    statement: str = "Something holds.",
    detail: str = "",
    evidence: tuple[str, ...] = (),
) -> RequirementVerdict:
    """A requirement with one check of the same verdict."""
    checks = (CheckVerdict(id=check, verdict=verdict, detail=detail, evidence=evidence),)
    return RequirementVerdict(
        id=id_, level=level, role="server", statement=statement, verdict=verdict, detail=detail, checks=checks
    )


def run(*rows: RequirementVerdict, exchanges: tuple[Exchange, ...] = (), **members: Any) -> RunResult:
    """A run that came to these requirements; by default one that conforms."""
    plain = RunResult(
        contract="1.0.0",
        kit="0.1.0",
        role="server",
        target="http://127.0.0.1:8090/basix/api",
        seed=7,
        verdict="conforms",
        exit_code=0,
        reason="everything that was scored passes",
        requirements=rows,
        counts=counted(rows),
        planned=3,
        executed=3,
        requests_sent=12,
        calls_placed=5,
        duration_s=1.23456,
        history=History(exchanges=exchanges),
        journal=Path("no", "journal.ndjson"),
    )
    return dataclasses.replace(plain, **members)


def counted(rows: tuple[RequirementVerdict, ...]) -> dict[str, int]:
    """How many rows have each verdict, every verdict named."""
    found = Counter(row.verdict for row in rows)
    return {verdict: found[verdict] for verdict in WORST_FIRST}


def exchange(id_: str, title: str, reply: object = None, **members: Any) -> Exchange:
    """A call that was sent at second 1; `reply` is the body of its answer, JSON or bytes."""
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    answer = Reply(status=200, headers=(), body=body, at_s=1.1, value=reply)
    plain = Exchange(
        id=id_,
        scenario="examples",
        title=title,
        intent=Intent(probe=id_.rpartition(".")[0], expect="accept", asks_callback=True),
        sent_at_s=1.0,
        reply=None if reply is None else answer,
    )
    return dataclasses.replace(plain, **members)


def callback(value: object, **members: Any) -> CallbackSeen:
    """A callback that came at second 1.5."""
    plain = CallbackSeen(id="callback.1", exchange="", method="POST", target="/t", headers=(), at_s=1.5, value=value)
    return dataclasses.replace(plain, **members)


def write_journal(path: Path, **bodies: object) -> Path:
    """A journal in which these exchanges were about to be sent with these bodies."""
    events: list[dict[str, Any]] = [{"event": "run"}]
    for name, body in bodies.items():
        request = {
            "method": "POST",
            "url": "http://127.0.0.1:8090/basix/api/call_user",
            "headers": HEADERS,
            "body": body,
        }
        events.append({"event": "about-to-send", "exchange": name, "request": request})
    path.write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")
    return path
