"""A receiver on Flask: the first result stands, another is a conflict, large bodies are refused, answers are empty."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from tests.receivers.place import Place
from tests.servers.hosting import HOST, in_thread, unheard

_MOST_BYTES = 65_536


def application() -> Flask:
    """Return an application that keeps what it is told in memory."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    calls: dict[str, dict[str, Any]] = {}
    lock = threading.Lock()

    @app.post("/hook")
    def hook() -> Response:
        told = request.get_json(force=True, silent=True)
        outcome = _outcome(told)
        if outcome is None:
            return Response("not a result", 400)
        with lock:
            known = calls.setdefault(request.args["case"], outcome)
        return Response(status=204 if known == outcome else 409)

    @app.get("/see/<case>")
    def see(case: str) -> Response:
        known = calls.get(case)
        return jsonify({"outcomes": [known] if known else []})

    return app


def _outcome(told: Any) -> dict[str, Any] | None:
    if not isinstance(told, dict):
        return None
    code, error = told.get("result_code"), told.get("error")
    if code == 0 and code is not False and isinstance(told.get("uuid"), str):
        return {"outcome": "answered", "uuid": told["uuid"]}
    if isinstance(code, int) and code and isinstance(error, dict) and isinstance(error.get("id"), str):
        return {"outcome": "not-answered", "error_id": error["id"]}
    return None


@contextlib.contextmanager
def served() -> Iterator[Place]:
    """The application answers where the place says."""
    with unheard("werkzeug"), in_thread(make_server(HOST, 0, application(), threaded=True)) as port:
        base = f"http://{HOST}:{port}"
        yield Place(url=f"{base}/hook?source=basix&case={{case}}", observer_url=f"{base}/see/{{case}}")
