"""An adapter that does its part, but for the calls whose names begin with a given text: `MODE PREFIX [FOLDER]`.

It leaves the ids of its process and of a child it has started in the folder, so that it can be seen whether both are
gone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.defects.clients.small import SmallClient

_LINE = "x" * 65_536
_printing = threading.Lock()


def misbehave(mode: str, call: dict[str, Any]) -> bool:
    """Do what the mode says; return whether the call is to be placed all the same."""
    if mode == "hang":
        time.sleep(600)
    while mode == "chatter":
        sys.stdout.write("still there\n")
        sys.stdout.flush()
        time.sleep(0.05)
    if mode == "die":
        sys.stderr.write("Segmentation fault, as it were\n")
        sys.stderr.flush()
        os._exit(3)
    if mode in ("junk", "bad-outcome", "no-uuids", "twice"):
        answer({"junk": "hello", **_ANSWERS}[mode], call)
        return mode == "twice"
    while mode.startswith("flood"):
        stream = sys.stderr if mode == "flood-stderr" else sys.stdout
        stream.write(_LINE if mode == "flood-line" else _LINE + "\n")
    return True


_ANSWERS: dict[str, Any] = {
    "bad-outcome": {"outcome": "fine"},
    "no-uuids": {"outcome": "success"},
    "twice": {"outcome": "error", "error_id": "one", "result_code": 1},
}


def answer(outcome: Any, call: dict[str, Any]) -> None:
    """Print an outcome with its case; a text is printed as it is."""
    text = outcome if isinstance(outcome, str) else json.dumps({**outcome, "case": call["case"]})
    with _printing:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def place(client: SmallClient, mode: str, prefix: str, line: str) -> None:
    """Place the call of a line."""
    call = json.loads(line)
    if not call["case"].startswith(prefix) or misbehave(mode, call):
        answer(client.place(call), call)


def main() -> None:
    """Place calls, several at a time unless the mode is `serial`, one and no more where it is `once`."""
    mode, prefix = sys.argv[1:3]
    if len(sys.argv) > 3:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path(sys.argv[3], f"{os.getpid()}.pid").write_text(f"{os.getpid()} {child.pid}")
    client = SmallClient()
    for line in sys.stdin:
        if mode in ("serial", "once"):
            place(client, mode, prefix, line)
        else:
            threading.Thread(target=place, args=(client, mode, prefix, line), daemon=True).start()
        if mode == "once":
            return


if __name__ == "__main__":
    main()
