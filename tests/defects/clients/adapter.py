"""A flawed client as a program that speaks the adapter protocol: `python -m tests.defects.clients.adapter ID`."""

from __future__ import annotations

import json
import sys
import threading

from tests.defects.clients.catalogue import CLIENT_DEFECTS
from tests.defects.clients.small import SmallClient

_printing = threading.Lock()


def answer(client: SmallClient, line: str) -> None:
    """Place the call of a line, and print its outcome with its case."""
    call = json.loads(line)
    outcome = json.dumps({**client.place(call), "case": call["case"]})
    with _printing:
        sys.stdout.write(outcome + "\n")
        sys.stdout.flush()


def main() -> None:
    """Place calls, each in a thread of its own, for as long as there are any; without an id, without a fault."""
    client = CLIENT_DEFECTS[sys.argv[1]].client() if len(sys.argv) > 1 else SmallClient()
    for line in sys.stdin:
        threading.Thread(target=answer, args=(client, line), daemon=True).start()
    for thread in threading.enumerate():
        if thread.daemon:
            thread.join(1.0)


if __name__ == "__main__":
    main()
