"""The snippets of a page, and a session in which they are run one after the other, as a reader would."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 60.0
# The ports that pages speak of; each stands for a free one of this machine.
PORTS = {"mock": 8090, "listen": 9000, "application": 8000}
SKIPPED = re.compile(r"<!-- not run: (?P<reason>.+?) -->\n\Z", re.DOTALL)
FENCE = re.compile(r"^( *)```(?P<info>\w+[^\n]*)\n(?P<text>.*?)^\1```$", re.MULTILINE | re.DOTALL)
EXIT_CODE = re.compile(r"\bexit code (\d+)")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Snippet:
    """One fenced block: its language, its title, its text, and why it is not run, if it is not."""

    language: str
    title: str
    text: str
    reason: str
    line: int


def snippets_of(page: str) -> list[Snippet]:
    """Every fenced block of a page."""
    return list(_snippets(page))


def _snippets(page: str) -> Iterator[Snippet]:
    for found in FENCE.finditer(page):
        before = SKIPPED.search(page[: found.start()])
        language, _, title = found["info"].partition(" ")
        reason = " ".join(before["reason"].split()) if before else ""
        line = page.count("\n", 0, found.start()) + 1
        yield Snippet(language, title.removeprefix("title=").strip('"'), found["text"], reason, line)


def has_shape_of(shown: str, got: str) -> bool:
    """Has output the shape that is shown?

    Uuids and numbers may differ, `…` stands for any end of a line, and on a line of its own for any lines.
    """
    pattern = ""
    for line in shown.rstrip("\n").split("\n"):
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in _leveled(line).split("…")) + "\n"
    return re.fullmatch(pattern, "".join(f"{_leveled(line)}\n" for line in got.rstrip("\n").split("\n"))) is not None


def _leveled(line: str) -> str:
    return re.sub(r"\d+", "0", UUID.sub("uuid", line)).rstrip()


@dataclass
class Session:
    """One reader: a folder of their own, ports that nobody else has, and what they left running."""

    folder: Path
    ports: dict[int, int] = field(default_factory=lambda: {port: _free_port() for port in PORTS.values()})
    variables: dict[str, str] = field(default_factory=dict)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    printed: str = ""

    def play(self, snippet: Snippet, before: Snippet | None) -> None:
        """Run a snippet; raises AssertionError where it does not do what the page says."""
        text = self._placed(snippet.text)
        if snippet.language == "python" and snippet.title:
            (self.folder / snippet.title).write_text(text, "utf-8")
        elif snippet.language == "python":
            self._python(text)
        elif snippet.language == "sh":
            self._shell(text, snippet)
        elif snippet.language == "console":
            for command, shown in _commands(text):
                self._console(command, shown)
        elif snippet.language == "http":
            self._http(text)
        elif snippet.language == "toml":
            self._toml(text, snippet)
        elif snippet.language == "json":
            self._json(text, before)
        elif snippet.title == "output":
            assert has_shape_of(snippet.text, self.printed), self.printed

    def end(self) -> None:
        """Stop what was left running."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(PATIENCE_S)

    def _placed(self, text: str) -> str:
        return re.sub(r"\b(8090|9000|8000)\b", lambda found: str(self.ports[int(found.group())]), text)

    def _python(self, text: str) -> None:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, "<snippet>", "exec"), {"__name__": "snippet"})  # noqa: S102 - our own pages
        self.printed = printed.getvalue()

    def _shell(self, text: str, snippet: Snippet) -> None:
        for line in text.replace("\\\n", " ").splitlines():
            if exported := re.fullmatch(r"export (\w+)=\"?([^\"]*)\"?", line):
                self.variables[exported[1]] = exported[2]
            elif line.endswith(" &"):
                self._background(line.removesuffix(" &"))
            else:
                ended = self._run(line)
                assert ended.returncode == 0, f"line {snippet.line}: {line}\n{ended.stdout}"
                self.printed = ended.stdout

    def _console(self, command: str, shown: str) -> None:
        if exported := re.fullmatch(r"export (\w+)=(.*)", command):
            self.variables[exported[1]] = exported[2]
            return
        ended = self._run(command)
        is_caught = "|| echo" in command
        expected = EXIT_CODE.findall(shown)[-1:] if not is_caught else []
        assert ended.returncode == int((expected or ["0"])[0]), f"{command}\n{ended.stdout}"
        assert has_shape_of(shown, ended.stdout), f"{command}\n{ended.stdout}"

    def _http(self, text: str) -> None:
        head, _, body = text.rstrip("\n").partition("\n\n")
        # The port that stands in for the page's may have a digit more.
        head = re.sub(r"(?<=Content-Length: )\d+", str(len(body.encode())), head)
        message = head.replace("\n", "\r\n").encode() + b"\r\nConnection: close\r\n\r\n" + body.encode()
        with socket.create_connection(("127.0.0.1", self.ports[PORTS["mock"]]), timeout=PATIENCE_S) as connection:
            connection.sendall(message)
            reply = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert reply.startswith(b"HTTP/1.1 200 "), reply
        self.printed = reply.partition(b"\r\n\r\n")[2].decode()

    def _toml(self, text: str, snippet: Snippet) -> None:
        tomllib.loads(text)
        if snippet.title:
            (self.folder / snippet.title).write_text(text, "utf-8")

    def _json(self, text: str, before: Snippet | None) -> None:
        shown = json.loads(text)
        if before is not None and before.language == "http":
            got = json.loads(self.printed)
            assert (shown.keys(), shown.get("error")) == (got.keys(), got.get("error"))

    def _run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/bash", "-c", command],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def _background(self, command: str) -> None:
        port = self.ports[PORTS["application"]]
        for name in ("mock", "listen"):
            if f"basix-contract {name}" in command:
                port = self.ports[PORTS[name]]
                command += "" if "--port" in command else f" --port {port}"
        process = subprocess.Popen(["/bin/bash", "-c", f"exec {command}"], cwd=self.folder, env=self._environment())
        self.running.append(process)
        ends_s = time.monotonic() + PATIENCE_S
        while not _listens(port):
            assert process.poll() is None, f"{command} has ended"
            assert time.monotonic() < ends_s, f"{command} does not listen"
            time.sleep(0.05)

    def _environment(self) -> dict[str, str]:
        own = {"PATH": f"{Path(sys.executable).parent}:{os.defpath}", "HOME": str(self.folder), "LANG": "C.UTF-8"}
        return own | {"PYTHONDONTWRITEBYTECODE": "1"} | self.variables


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console with what it is shown to print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.replace("\\\n", " ").partition("\n")
        yield command, shown


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
