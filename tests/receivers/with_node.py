"""A receiver on node's http module, as a process of its own."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.receivers.place import Place
from tests.servers.hosting import HOST

NODE = shutil.which("node")
_SCRIPT = Path(__file__).with_name("node_receiver.mjs")


@contextlib.contextmanager
def served() -> Iterator[Place]:
    """The application answers where the place says."""
    with subprocess.Popen([NODE or "node", str(_SCRIPT)], stdout=subprocess.PIPE, text=True) as process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            base = f"http://{HOST}:{port}"
            yield Place(url=f"{base}/ended/{{case}}", observer_url=f"{base}/look/{{case}}")
        finally:
            process.kill()
