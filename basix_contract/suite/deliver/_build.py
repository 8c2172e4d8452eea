"""From a scenario file to what is delivered: calls get their uuids, steps their bytes."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from basix_contract._version import __version__
from basix_contract.errors import SpecError
from basix_contract.suite.deliver._scenario import Call, HangUp, Pace, Scenario, Step, TellReply
from basix_contract.suite.deliver._spec import ensure_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from basix_contract.checks import Allowed, Held
    from basix_contract.suite.deliver._scenario import Move, ReplyTold
    from basix_contract.suite.deliver._uuids import Uuids

JSON = "application/json"
_GOOD = {"result_code": 0, "uuid": "{uuid}"}
_UUID_MARK = re.compile(r"\{uuid(?::([a-z_]+))?\}")
_ODD = "odd/"
_MOST_TIMED_BYTES = 10_000


def build_scenarios(specs: Iterable[Mapping[str, Any]], uuids: Uuids) -> tuple[Scenario, ...]:
    """Return the scenarios of a scenario file, ready to be delivered.

    Raises SpecError where one of them does not hold together.
    """
    return tuple(_build(spec, uuids) for spec in specs)


def _build(spec: Mapping[str, Any], uuids: Uuids) -> Scenario:
    ensure_scenario(spec)
    draft = Draft(spec, uuids)
    for entry in spec["steps"]:
        draft.add(entry)
    return draft.scenario()


@dataclass(slots=True)
class _CallDraft:
    """A call while the steps that are about it are read."""

    id: str
    uuids: tuple[str, ...]
    reply: ReplyTold
    held_for: dict[str, Held] = field(default_factory=dict)
    told_uuid: str = ""
    is_uuid_open: bool = False

    def finished(self) -> Call:
        """Return the call as it is played."""
        is_open = self.is_uuid_open or "answered" not in self.held_for.values()
        return Call(
            id=self.id,
            uuids=self.uuids,
            reply=self.reply,
            held_for=self.held_for,
            uuid="" if is_open else self.told_uuid,
        )


class Draft:
    """A scenario while its steps are read; each step that names no call has one of its own."""

    def __init__(self, spec: Mapping[str, Any], uuids: Uuids) -> None:
        self._spec = spec
        self._id: str = spec["id"]
        self._phase = spec.get("phase", "plain")
        self._uuids = uuids
        self._calls: dict[str, _CallDraft] = {}
        self._moves: list[Move] = []

    def add(self, entry: Mapping[str, Any]) -> None:
        """Add what one entry under `steps` says."""
        if "tell_reply" in entry:
            self._moves.append(TellReply(self._known(entry["tell_reply"]).id))
            return
        times = entry.get("times", 1)
        for number in range(1, times + 1):
            title = entry["title"] if times == 1 else f"{entry['title']}, {number} of {times}"
            step = self._step(entry, title)
            if "expects" in entry:
                self._moves.append(step)
                self._add_next(step)

    def scenario(self) -> Scenario:
        """Return the scenario as it is played."""
        calls = tuple(call.finished() for call in self._calls.values())
        return Scenario(id=self._id, phase=self._phase, calls=calls, moves=tuple(self._moves))

    def _step(self, entry: Mapping[str, Any], title: str) -> Step:
        call = self._call(entry)
        call.held_for.update(entry.get("believes", {}))
        call.is_uuid_open = call.is_uuid_open or entry.get("is_uuid_open", False)
        body = self._body(entry, call)
        beginning = body[:_MOST_TIMED_BYTES]
        call.told_uuid = call.told_uuid or next((uuid for uuid in call.uuids if uuid.encode() in beginning), "")
        expects: dict[str, Allowed] = dict(entry.get("expects", {}))
        is_quick = "pace" not in entry and "hang_up" not in entry and len(body) <= _MOST_TIMED_BYTES
        return Step(
            id=f"{self._id}.{1 + sum(isinstance(move, Step) and not move.follows for move in self._moves)}",
            title=title,
            call=call.id,
            expects=expects,
            body=body,
            method=entry.get("method", "POST"),
            fields=_fields_of(entry),
            chunk_bytes=entry.get("chunk_bytes", 0),
            pace=Pace(**entry["pace"]) if "pace" in entry else None,
            hang_up=HangUp(**entry["hang_up"]) if "hang_up" in entry else None,
            connection=entry.get("connection", "own"),
            features=entry.get("features", ()),
            is_timed=is_quick and self._phase == "plain" and "2xx" in expects.values(),
        )

    def _add_next(self, step: Step) -> None:
        """Let a good callback of a call of its own follow, if the scenario asks for it."""
        check = self._spec.get("next_callback")
        is_odd = step.hang_up is not None or any(name.startswith(_ODD) for name in step.expects)
        if check and is_odd:
            title = f"the next callback, after {step.title}"
            self._moves.append(_following(self._step({"body": _GOOD, "expects": {check: "2xx"}}, title), step))

    def _call(self, entry: Mapping[str, Any]) -> _CallDraft:
        name = str(entry.get("call") or f"call-{len(self._calls) + 1}")
        if name not in self._calls:
            form = entry.get("uuid_form", "v4")
            self._calls[name] = _CallDraft(
                id=f"{self._id}/{name}",
                uuids=entry.get("uuids") or (self._uuids.draw(form), self._uuids.draw(form)),
                reply=entry.get("reply", "told"),
            )
        return self._calls[name]

    def _known(self, name: str) -> _CallDraft:
        if name not in self._calls:
            raise SpecError(f"scenario {self._id}: there is no call {name} yet")
        return self._calls[name]

    def _body(self, entry: Mapping[str, Any], call: _CallDraft) -> bytes:
        if "raw" in entry:
            raw: bytes = entry["raw"]
            return raw
        if "filler" not in entry:
            return self._filled(_body_of(entry), call)
        filler = entry["filler"]
        before, after = (self._filled(str(filler.get(name, "")).encode(), call) for name in ("before", "after"))
        middle: bytes = str(filler["repeat"]).encode() * filler["times"]
        return before + middle + after

    def _filled(self, body: bytes, call: _CallDraft) -> bytes:
        """Put uuids where a body has marks: the call's first or second, another call's, or one of nobody's."""

        def uuid(found: re.Match[str]) -> str:
            which = found[1] or "first"
            plain = {"first": call.uuids[0], "second": call.uuids[1], "stranger": self._uuids.draw()}
            return plain[which] if which in plain else self._known(which).uuids[0]

        return _UUID_MARK.sub(uuid, body.decode("latin-1")).encode("latin-1")


def _following(step: Step, before: Step) -> Step:
    return Step(
        id=f"{before.id}.next",
        title=step.title,
        call=step.call,
        expects=step.expects,
        body=step.body,
        fields=step.fields,
        follows=before.id,
    )


def _body_of(entry: Mapping[str, Any]) -> bytes:
    if "text" in entry:
        return str(entry["text"]).encode()
    if "base64" in entry:
        return base64.b64decode(str(entry["base64"]))
    return json_bytes(entry["body"]) if "body" in entry else b""


def json_bytes(value: Any) -> bytes:
    """Write a JSON value as a PBX would, read-only mappings too."""
    return json.dumps(value, default=dict, ensure_ascii=False).encode()


def _fields_of(entry: Mapping[str, Any]) -> tuple[str, ...]:
    if "fields" in entry:
        return tuple(entry["fields"])
    return (
        *head_fields(entry.get("media_type", JSON), is_chunked="chunk_bytes" in entry),
        *entry.get("extra_fields", ()),
    )


def head_fields(media_type: str | None, *, is_chunked: bool = False) -> tuple[str, ...]:
    """Return the lines of a plain callback's head; without a content type where there is no media type."""
    labelled = () if media_type is None else (f"Content-Type: {media_type}",)
    length = "Transfer-Encoding: chunked" if is_chunked else "Content-Length: {length}"
    return ("Host: {host}", f"User-Agent: basix-contract/{__version__}", *labelled, length, "Connection: close")
