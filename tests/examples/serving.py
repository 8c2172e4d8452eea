"""Serves an example on a socket of this machine, by the server its framework is used with."""

from __future__ import annotations

import contextlib
import importlib.util
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import uvicorn
from werkzeug.serving import make_server

FOLDER = Path(__file__).parent
# How often the server looks whether it is to stop.
_LOOK_S = 0.01


def load(name: str) -> ModuleType:
    """A fresh copy of an example: its settings are read when it is loaded."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket that takes connections; they wait until somebody serves it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


@contextlib.contextmanager
def asgi(app: Any, listener: socket.socket) -> Iterator[None]:
    """Serve an ASGI application by uvicorn."""
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none")
    server = uvicorn.Server(config)
    with _in_thread(lambda: server.run(sockets=[listener])):
        yield
        server.should_exit = True


@contextlib.contextmanager
def wsgi(app: Any, listener: socket.socket) -> Iterator[None]:
    """Serve a WSGI application by the server Flask is developed with."""
    port = listener.getsockname()[1]
    server = make_server("127.0.0.1", port, app, threaded=True, fd=listener.fileno())
    with _in_thread(lambda: server.serve_forever(_LOOK_S)):
        yield
        server.shutdown()
    server.server_close()


@contextlib.contextmanager
def _in_thread(work: Callable[[], object]) -> Iterator[None]:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    thread.join(10)
    assert not thread.is_alive()
