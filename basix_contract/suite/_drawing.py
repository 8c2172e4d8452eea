"""Has schemathesis draw in a process of its own, beside the run: it takes a core for seconds."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

from basix_contract.contract import load_document
from basix_contract.errors import HarnessError
from basix_contract.suite._fuzz import Fuzzed, fuzz

_LONGEST_S = 120.0
_LAST_WORDS = 200


class Drawing:
    """What schemathesis draws for the contract by a seed; nothing is begun before it is asked for."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._process: subprocess.Popen[bytes] | None = None
        self._bodies: tuple[Fuzzed, ...] | None = None

    def begin(self) -> None:
        """Begin to draw; what begun already goes on."""
        if self._process is None and self._bodies is None:
            # -P: a module of that name in the folder somebody stands in is not ours.
            command = [sys.executable, "-P", "-m", __name__, str(self._seed)]
            self._process = subprocess.Popen(  # noqa: S603 - our own module, by this very interpreter
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )

    def bodies(self) -> tuple[Fuzzed, ...]:
        """Return the bodies, once they are there; raises HarnessError when they cannot be drawn."""
        self.begin()
        if self._bodies is None and self._process is not None:
            try:
                said, complaint = self._process.communicate(timeout=_LONGEST_S)
            except subprocess.TimeoutExpired:
                raise HarnessError(f"schemathesis drew nothing for {_LONGEST_S:.0f} s") from None
            if self._process.returncode != 0:
                raise HarnessError(f"schemathesis drew nothing: {_last_line(complaint)}")
            self._bodies = tuple(_read(line) for line in said.splitlines())
        return self._bodies or ()

    def end(self) -> None:
        """Leave no process behind."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdout, self._process.stderr):
                if pipe is not None:
                    pipe.close()


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:_LAST_WORDS] if lines else "its process was ended"


def _read(line: bytes) -> Fuzzed:
    phase, body = json.loads(line)
    return Fuzzed(phase, base64.b64decode(body))


def _main(seed: str) -> None:
    for drawn in fuzz(load_document(), seed=int(seed)):
        sys.stdout.write(json.dumps([drawn.phase, base64.b64encode(drawn.body).decode()]) + "\n")


if __name__ == "__main__":
    _main(sys.argv[1])
