"""A recording: the kit serves as a PBX while somebody uses an application, and every request is judged at the end.

Nobody knows what the application was to send, so only what a request tells by itself is judged.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import signal
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from basix_contract._version import __version__
from basix_contract.checks import CLIENT_CHECKS, RECORDABLE
from basix_contract.contract import load_document, load_ledger
from basix_contract.profile import Profile
from basix_contract.suite._clock import RunClock
from basix_contract.suite._conclude import conclude
from basix_contract.suite._journal import Journal
from basix_contract.suite._known import load_known_failing
from basix_contract.suite._redact import Redactor
from basix_contract.suite.answer._facts import credentials_of, recorded_sign_in, token_places
from basix_contract.suite.answer._options import Invitation
from basix_contract.suite.answer._pbx import Pbx
from basix_contract.suite.answer._replies import PREFLIGHT, STRAY, read_reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from basix_contract.messages import Request
    from basix_contract.suite._result import RunResult
    from basix_contract.suite.answer._cases import ReplyScript
    from basix_contract.suite.answer._options import RecordOptions
    from basix_contract.suite.answer._reading import Received

_BASE_PATH = "/basix/api"
_DOMAIN, _TOKEN = "kit.example", "kit-token"
_SHORTEST_SECRET = 4


def record_client(options: RecordOptions, invite: Callable[[Invitation], None]) -> RunResult:
    """Serve as a PBX until the recording ends, and judge what came; `invite` is told where to call.

    It ends with Ctrl-C, or as the options say. The journal holds bodies as they came, and no credentials. Raises
    UsageError for an address that cannot be listened on, or a row that does not exist.
    """
    ledger = load_ledger()
    asked = {ledger.by_id(row).id for row in options.only}
    only = [row.id for row in ledger.for_role("client") if set(row.checks) & set(RECORDABLE)]
    known = load_known_failing(options.known_failing, CLIENT_CHECKS) if options.known_failing else ()
    redactor = Redactor(Profile(), "")
    path = options.report / "journal.ndjson"
    with Journal(path, redactor) as journal:
        journal.write(
            "run",
            role="client",
            kit=__version__,
            contract=ledger.contract,
            target="a recording",
            is_recording=True,
            seed=0,
            only=[row for row in only if not asked or row in asked],
            why_left_out="a recording cannot tell" if not asked else "not asked for",
            unsupported=(),
            known_failing=[dataclasses.asdict(entry) for entry in known],
            started=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        asyncio.run(_record(options, Tape(journal, redactor), invite))
    return conclude(path)


async def _record(options: RecordOptions, tape: Tape, invite: Callable[[Invitation], None]) -> None:
    pbx = Pbx(tape, options.listen)
    await pbx.start()
    ended = asyncio.Event()
    tape.on_request = lambda number: ended.set() if number == options.most_requests else None
    with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):  # not the main thread
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, ended.set)
    try:
        invite(Invitation(pbx.home + _BASE_PATH, _DOMAIN, _TOKEN))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(options.for_s):
                await ended.wait()
        await tape.settled()
    finally:
        await pbx.stop()
        tape.end()


class Tape:
    """Writes every request down as a call of its own, and answers each with a success."""

    def __init__(self, journal: Journal, redactor: Redactor) -> None:
        self._journal = journal
        self._redactor = redactor
        self._clock = RunClock()
        self._calls = 0
        self._replied = asyncio.Event()
        self._replied.set()
        self.on_request: Callable[[int], None] = lambda _number: None
        journal.write("scenario", scenario="recording", order="together", cases=())

    def take(self, received: Received, *, is_elsewhere: bool) -> tuple[str, ReplyScript]:
        """Note a request; one that can be no call is only noted."""
        request = received.request
        self._learn(request)
        if request.method == "OPTIONS" or is_elsewhere or not _is_call(request):
            self._write(received, "", "stray", "other")
            return "", PREFLIGHT if request.method == "OPTIONS" else STRAY
        self._calls += 1
        self._replied.clear()
        call, script = f"request.{self._calls}", _success()
        reply = {"label": script.label, "says": dataclasses.asdict(script.says)}
        self._journal.write(
            "case",
            case=call,
            scenario="recording",
            title=f"request {self._calls}",
            serves=(),
            allows=(),
            params=None,
            replies=[reply],
        )
        self._journal.write("given", case=call, attempt=1, t=self._clock.note_event())
        self._write(received, call, f"{call}#1.1", "call" if _path(request) == _call_path() else "other")
        return f"{call}#1.1", script

    def note_reply(self, request_id: str, *, is_whole: bool) -> None:
        """Note that a reply was sent; a recording that waited for this request is over now."""
        if request_id:
            self._journal.write("replied", request=request_id, t=self._clock.note_event(), is_whole=is_whole)
            self._replied.set()
            self.on_request(self._calls)

    async def settled(self) -> None:
        """Wait until what came last is answered."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._replied.wait()

    def end(self) -> None:
        """Note that the recording is over."""
        self._journal.write("scenario-end", scenario="recording", t=self._clock.now_s())
        self._journal.write("end", reason="complete", t=self._clock.now_s(), lag_s=0.0)

    def _learn(self, request: Request) -> None:
        """Keep the application's own credentials out of the journal, wherever they stand from now on."""
        for pseudonym, half in zip(("redacted_domain", "redacted_token"), credentials_of(request) or (), strict=False):
            if len(half) >= _SHORTEST_SECRET:
                self._redactor.learn(f"{pseudonym}_{uuid.uuid5(uuid.NAMESPACE_OID, half.hex()).hex[:6]}", _text(half))

    def _write(self, received: Received, call: str, request_id: str, place: str) -> None:
        request = received.request
        halves = credentials_of(request)
        secret = _text(halves[1]) if halves else ""
        facts: dict[str, Any] = {
            "sign_in": recorded_sign_in(request),
            "token_places": token_places(request, secret) if len(secret) >= _SHORTEST_SECRET else (),
        }
        self._journal.write(
            "request",
            case=call,
            attempt=1,
            request=request_id,
            reply=0,
            t=self._clock.now_s(),
            place=place,
            problem=received.problem,
            method=request.method,
            target=self._journal.target(request.target),
            **self._journal.message(request.headers, request.body),
            **facts,
        )


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _path(request: Request) -> str:
    return unquote(request.target.partition("?")[0])


def _call_path() -> str:
    return _BASE_PATH + load_document().operation_path


def _is_call(request: Request) -> bool:
    """Tell whether a request is meant to place a call: by its path, or by what its body has."""
    return load_document().operation_path in _path(request) or b'"destination"' in request.body


def _success() -> ReplyScript:
    body = {"result_code": 0, "uuids": [str(uuid.uuid4()), str(uuid.uuid4())]}
    headers = {"Access-Control-Allow-Origin": "*"}
    return read_reply({"headers": headers, "text": json.dumps(body)}, "recording")
