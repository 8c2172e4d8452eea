"""Says more than it is asked: texts, ids and numbers of its own in every reply and callback, and HTTP 201.

WSGI on wsgiref, one request at a time; one thread with a timetable for all hunts; uuids of versions 1 and 3.
"""

from __future__ import annotations

import base64
import contextlib
import heapq
import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid1, uuid3
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from basix_contract.profile import User
from tests.servers.directory import GROUP_SELECTORS, LONGEST_S, USER_SELECTORS, Directory
from tests.servers.hosting import BACKLOG, HOST, in_thread

_PATH = "/pbx/v3/call_user"
_A_DAY_S = 86_400.0
_CAUSES = {"no_answer": "ring_timeout", "rejected": "declined_by_user", "busy": "line_is_busy"}
_Start = Callable[[str, list[tuple[str, str]]], Any]


@contextlib.contextmanager
def talkative(directory: Directory) -> Iterator[str]:
    """The server runs at the base URL yielded."""
    with contextlib.closing(_Timetable()) as timetable, _Server((HOST, 0), _Quiet) as server:
        server.set_app(_Application(directory, timetable))
        with in_thread(server) as port:
            yield f"http://{HOST}:{port}/pbx/v3"


class _Server(WSGIServer):
    request_queue_size = BACKLOG


class _Quiet(WSGIRequestHandler):
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        pass


class _Timetable:
    """Runs what is due, in order, in a thread of its own."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._changed = threading.Condition()
        self._is_open = True
        self._numbers = itertools.count()
        self._running = threading.Thread(target=self._run)
        self._running.start()

    def enter(self, after_s: float, act: Callable[[], None]) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + after_s, next(self._numbers), act))
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._is_open = False
            self._changed.notify()
        self._running.join()

    def _run(self) -> None:
        while (act := self._next()) is not None:
            act()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while self._is_open:
                wait_s = self._due[0][0] - time.monotonic() if self._due else None
                if wait_s is not None and wait_s <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait_s)
        return None


class _Application:
    def __init__(self, directory: Directory, timetable: _Timetable) -> None:
        self._directory = directory
        self._timetable = timetable
        self._requests = itertools.count(1)
        self._started = str(uuid1())

    def __call__(self, environ: dict[str, Any], start: _Start) -> Iterable[bytes]:
        """Answer one request: the whole of WSGI."""
        number = next(self._requests)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, reply = self._answer(environ, body, number)
        reply = {"api": "3.7.1", "request_id": f"req-{self._started[:8]}-{number}", **reply, "took_ms": 0.4}
        text = json.dumps(reply, ensure_ascii=False, indent=2).encode("utf-8", "replace")
        fields = [("Content-Type", "application/json;charset=UTF-8"), ("Content-Length", str(len(text)))]
        fields += [("Set-Cookie", f"node=3-{number}; Path=/"), ("X-Request-Id", str(number)), ("Vary", "*")]
        start(f"{status.value} {status.phrase}", fields)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [text]

    def _answer(self, environ: dict[str, Any], body: bytes, number: int) -> tuple[HTTPStatus, dict[str, Any]]:
        refusals = (
            (environ["PATH_INFO"] != _PATH, HTTPStatus.NOT_FOUND, "no_such_method"),
            (not self._is_signed_in(environ), HTTPStatus.UNAUTHORIZED, "authentication_required"),
            (environ["REQUEST_METHOD"] != "POST", HTTPStatus.METHOD_NOT_ALLOWED, "post_wanted"),
        )
        for holds, status, id_ in refusals:
            if holds:
                return status, _error(id_, f"{status.description or status.phrase} – see the manual.")
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError) as error:
            return HTTPStatus.BAD_REQUEST, _error("json_not_understood", type(error).__name__)
        complaint = _complaint(self._directory, asked) if isinstance(asked, dict) else "json_object_wanted"
        if complaint:
            return HTTPStatus.OK, _error(complaint, f"{complaint.replace('_', ' ')}: {str(asked)[:200]}")
        return HTTPStatus.CREATED, self._place(asked, number)

    def _is_signed_in(self, environ: dict[str, Any]) -> bool:
        scheme, _, shown = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        with contextlib.suppress(ValueError):
            domain, _, token = base64.b64decode(shown, validate=True).decode().partition(":")
            return scheme.capitalize() == "Basic" and (domain, token) == self._directory.credentials
        return False

    def _place(self, asked: dict[str, Any], number: int) -> dict[str, Any]:
        user = _user(self._directory, asked)
        assert user is not None
        legs = range(self._directory.legs(user))
        uuids = [str(uuid3(NAMESPACE_URL, f"{self._started}/{number}/{leg}") if leg % 2 else uuid1()) for leg in legs]
        if asked.get("callback_url"):
            hunt = self._directory.hunt(user, min(asked.get("answer_timeout") or LONGEST_S, _A_DAY_S))
            told: dict[str, Any] = {"ended": hunt.cause or "answered", "call": number, "tried": sorted(uuids)}
            if hunt.cause:
                told |= _error(_CAUSES[hunt.cause], "The call was not taken.") | {"uuid": None}
            else:
                told |= {"result_code": 0, "uuid": uuids[len(uuids) // 2], "error": None}
            self._timetable.enter(hunt.after_s, lambda: _deliver(asked["callback_url"], told))
        ringing = [{"uuid": uuid, "state": "ringing", "position": leg} for leg, uuid in enumerate(uuids)]
        return {"message": "ringing ☎", "legs": ringing, "uuids": uuids[::-1], "error": None, "result_code": 0}


def _error(id_: str, text: str) -> dict[str, Any]:
    return {"result_code": 500, "uuids": [], "error": {"id": id_, "description": text, "retry": False}}


def _complaint(directory: Directory, asked: dict[str, Any]) -> str:
    """What is wrong with a call, as an error id; empty when it may be placed."""
    user = _user(directory, asked)
    groups = [name for name in GROUP_SELECTORS if asked.get(name) is not None]
    timeout_s = asked.get("answer_timeout")
    texts = [asked.get(name) for name in ("calling_name", "callback_url", "group_resolver")]
    whole = isinstance(timeout_s, int) and not isinstance(timeout_s, bool)
    url = asked.get("callback_url")
    faults = {
        "nobody_by_that_selector": user is None,
        "nowhere_to_connect": not _is_place(asked.get("destination")),
        "no_group_by_that_selector": any(directory.group(name, asked[name]) is None for name in groups),
        "resolver_not_known": asked.get("group_resolver") not in (None, "*", "any:CALL_CENTER"),
        "timeout_not_whole_and_positive": timeout_s is not None and not (whole and timeout_s > 0),
        "text_wanted": not all(text is None or isinstance(text, str) for text in texts),
        "switch_wanted": not isinstance(asked.get("auto_answer"), bool | str | None),
        "url_wanted": url is not None and not _is_url(url),
        "channel_limit_reached": user is not None and user.outcome == "limited",
    }
    return next((fault for fault, holds in faults.items() if holds), "")


def _user(directory: Directory, asked: dict[str, Any]) -> User | None:
    """The last selector that finds somebody decides."""
    found = (directory.user(name, asked.get(name)) for name in reversed(USER_SELECTORS))
    return next((user for user in found if user), None)


def _is_place(destination: Any) -> bool:
    if isinstance(destination, dict):
        end_user = destination.get("end_user", {})
        return isinstance(end_user, dict) and _is_place(destination.get("called_number") or None)
    return isinstance(destination, str) and bool(destination)


def _is_url(url: Any) -> bool:
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
        return parts.scheme in ("http", "https") and bool(parts.netloc) and parts.port != 0
    except ValueError:
        return False


def _deliver(url: str, told: dict[str, Any]) -> None:
    parts = urlsplit(url)
    asking = http.client.HTTPConnection(parts.netloc, timeout=5)
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException), contextlib.closing(asking):
        fields = {"content-type": "application/json", "X-PBX-Node": "node-3", "User-Agent": ""}
        asking.request("POST", url.partition(parts.netloc)[2] or "/", json.dumps(told, indent=1), fields)
        asking.getresponse().read()
