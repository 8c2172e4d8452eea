"""A receiver that issues its URLs, knows the uuids of every call, and takes nothing that does not fit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tests.defects.receiver_matrix import placing
from tests.defects.receivers import application
from tests.defects.receivers.application import CONFLICT, NOT_FOUND, Application, Incoming, Result
from tests.receivers.place import Place


class _Strict(Application):
    """Takes results of calls it has placed, naming channels it was told of, once the reply is there or not."""

    def take(self, incoming: Incoming, result: Result) -> int:
        if incoming.case not in self.replies:
            return NOT_FOUND
        reply = self.replies[incoming.case]
        if reply is not None and (not reply.get("uuids") or (result.uuid and result.uuid not in reply["uuids"])):
            return CONFLICT
        known = self.outcomes.get(incoming.case, [])
        return CONFLICT if known and known != [result] else super().take(incoming, result)


@contextlib.contextmanager
def served() -> Iterator[Place]:
    """The application answers where the place says."""
    with application.served(_Strict()) as base:
        yield Place(url_command=placing(base), observer_url=f"{base}/calls/{{case}}")
