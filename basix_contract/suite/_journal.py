"""The journal: append-only NDJSON, one event a line, flushed before the next thing happens.

`about-to-send` stands in it before the first byte of a request leaves, so that whatever ends a run, the
journal tells what may have reached the target.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Self

from basix_contract.errors import HarnessError, UsageError
from basix_contract.suite._shapes import problem_with_event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from basix_contract.messages import Headers
    from basix_contract.suite._redact import Redactor

Event = dict[str, Any]
_MOST_SENT_BYTES = 4096


class Journal:
    """An open journal; every `write` is on its way to the disk when it returns.

    What crossed the wire is written down through `request`, `reply` and `callback`, which redact it.
    """

    def __init__(self, path: Path, redactor: Redactor) -> None:
        self.path = path
        self._redactor = redactor
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"the journal cannot be written: {error.strerror}",
                where=str(path),
                fix="choose another --report",
            ) from None

    def write(self, event: str, **members: Any) -> None:
        """Append one event and flush it; a full disk is a HarnessError, for nothing may be sent unrecorded."""
        line = json.dumps({"event": event, **members}, ensure_ascii=True, default=str)
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as error:
            message = f"the journal {self.path} cannot be written ({error.strerror}); the run was stopped"
            raise HarnessError(message) from None

    def copy(self, event: Event) -> None:
        """Append an event of an earlier journal as it was written there."""
        self.write(**event)

    def request(self, method: str, url: str, headers: Headers, body: bytes) -> Event:
        """Return a request as it may be written down; of a very long body only the beginning."""
        kept = self._redactor.redact(body[:_MOST_SENT_BYTES])
        written: Event = {
            "method": method,
            "url": self._redactor.redact_text(url),
            "headers": self._redactor.redact_headers(headers),
        }
        return {**written, "body": pack(kept), **({"cut_from": len(body)} if len(body) > _MOST_SENT_BYTES else {})}

    def message(self, headers: Headers, body: bytes) -> Event:
        """Return the fields and body of a reply or callback as they may be written down."""
        return {"headers": self._redactor.redact_headers(headers), "body": pack(self._redactor.redact(body))}

    def target(self, target: str) -> str:
        """Return a request target as it may be written down."""
        return self._redactor.redact_text(target)

    def close(self) -> None:
        """Close the file; what was written stays."""
        try:
            self._file.close()
        except OSError:
            return  # nothing was left unflushed but what `write` has complained about already

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_journal(path: Path) -> Iterator[Event]:
    """Yield the events of a journal; a last line cut short by a crash is left out.

    Raises UsageError naming file and line when anything else in it is not an event.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"the journal cannot be read: {reason}", where=str(path)) from None
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            if number == len(lines):
                return  # the line the crash cut
            event = {}
        problem = problem_with_event(event)
        if problem:
            raise UsageError(problem, where=f"{path}:{number}", fix="give a journal.ndjson that this kit wrote")
        yield event


def pack(raw: bytes) -> Event:
    """Write bytes down as text where they are text, as base64 where they are not."""
    try:
        return {"text": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode("ascii")}


def unpack(packed: Event) -> bytes:
    """Return the bytes that `pack` wrote down."""
    if "text" in packed:
        return str(packed["text"]).encode("utf-8", "surrogatepass")
    return base64.b64decode(packed.get("base64", ""))
