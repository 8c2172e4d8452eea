"""Receivers that do not take every result, or not in every form."""

from __future__ import annotations

import json
import re
import threading
import time
from typing import Any

from tests.defects.receivers.application import BAD_REQUEST, NOT_FOUND, Application, Incoming, Result
from tests.defects.receivers.defect import flawed

_KNOWN_IDS = (
    "no_answer",
    "busy",
    "rejected",
    "user_unavailable",
    "declined",
    "not_reachable",
    "channel_limit_reached",
)


class _RedirectsAfterSuccess(Application):
    """Answers a success with a redirect to a page, as forms are answered."""

    def take(self, incoming: Incoming, result: Result) -> int:
        status = super().take(incoming, result)
        return 303 if result.outcome == "answered" else status


class _WantsAUuidAlways(Application):
    """Reads the uuid of every callback, and fails where an error has none."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        return Result("not-answered", uuid=value["uuid"] and None)


class _AsksACrmFirst(Application):
    """Answers after a slow question to another system."""

    def take(self, incoming: Incoming, result: Result) -> int:
        if not self.outcomes:
            time.sleep(2.4)
        return super().take(incoming, result)


class _KnowsSevenErrorIds(Application):
    """Refuses every error id that is not on its list."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        result = super().failure(value)
        return result if result and result.error_id in _KNOWN_IDS else None


class _WantsSnakeCase(Application):
    """Refuses an error id that is no snake_case word."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        result = super().failure(value)
        return result if result and re.fullmatch(r"[a-z_0-9]+", result.error_id or "") else None


class _CrashesOnOtherScripts(Application):
    """Stores error ids in Latin-1."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        result = super().failure(value)
        (result.error_id if result and result.error_id else "").encode("latin-1")
        return result


class _KnowsTwoCodes(Application):
    """Refuses every result_code but 0 and 500."""

    def understand(self, value: Any) -> Result | None:
        result = super().understand(value)
        return result if result and value["result_code"] in (0, 500) else None


class _LooksCodesUp(Application):
    """Looks result_code up in a table of two, and fails on others."""

    def understand(self, value: Any) -> Result | None:
        result = super().understand(value)
        outcome = {0: "answered", 500: "not-answered"}[value["result_code"]] if result else ""
        return result if outcome else None


class _TakesNoNegativeCode(Application):
    """Refuses a result_code below 0."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        return super().failure(value) if value["result_code"] > 0 else None


class _TakesNoUnknownMember(Application):
    """Validates callbacks against a schema that allows no other members."""

    def understand(self, value: Any) -> Result | None:
        result = super().understand(value)
        return result if result and set(value) <= {"result_code", "uuid", "error"} else None


class _TakesNoUnknownMemberOfAnError(Application):
    """Allows no other members inside an error."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        result = super().failure(value)
        return result if result and set(value["error"]) == {"id"} else None


class _WantsNoUuidOnErrors(Application):
    """Refuses an error that names a uuid."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        return None if "uuid" in value else super().failure(value)


class _FlattensMembers(Application):
    """Writes every member of a success into a column of text, and fails on objects."""

    def parse(self, incoming: Incoming) -> Any:
        value = super().parse(incoming)
        if isinstance(value, dict) and "error" not in value:
            {name: f"{inner:>1}" for name, inner in value.items() if name != "uuid"}
        return value


class _ReadsByPattern(Application):
    """Recognises a callback by how its text begins."""

    def parse(self, incoming: Incoming) -> Any:
        value = super().parse(incoming)
        if isinstance(value, dict) and not re.match(rb'\{"result_code": ', incoming.body) and "result_code" in value:
            raise ValueError
        return value


class _LooksAtTheFirstByte(Application):
    """Takes for JSON only what begins with a bracket."""

    def parse(self, incoming: Incoming) -> Any:
        if not incoming.body.startswith((b"{", b"[")):
            raise ValueError
        return super().parse(incoming)


class _ReadsLineByLine(Application):
    """Reads the first line of a body only."""

    def parse(self, incoming: Incoming) -> Any:
        return json.loads(incoming.body.split(b"\n")[0])


class _KnowsNoEscapes(Application):
    """Refuses escaped letters."""

    def parse(self, incoming: Incoming) -> Any:
        if b"\\u" in incoming.body and b"\\u0000" not in incoming.body:
            raise ValueError
        return super().parse(incoming)


class _KnowsNoParameters(Application):
    """Compares the content type with application/json letter by letter."""

    def answer(self, incoming: Incoming) -> int:
        label = str(incoming.fields.get("Content-Type", ""))
        return 415 if label.startswith("application/json;") else super().answer(incoming)


class _KnowsSmallCharsetsOnly(Application):
    """Takes charset=utf-8 but not charset=UTF-8."""

    def answer(self, incoming: Incoming) -> int:
        label = str(incoming.fields.get("Content-Type", ""))
        return 415 if "UTF-8" in label and incoming.media_type.endswith("json") else super().answer(incoming)


class _WantsTheLabel(Application):
    """Takes nothing that is not labelled application/json."""

    def answer(self, incoming: Incoming) -> int:
        is_labelled = incoming.media_type == "application/json"
        return super().answer(incoming) if is_labelled or incoming.method != "POST" else 415


class _WantsALabel(Application):
    """Takes nothing without a content type."""

    def answer(self, incoming: Incoming) -> int:
        is_labelled = incoming.media_type or incoming.method != "POST"
        return super().answer(incoming) if is_labelled else BAD_REQUEST


class _ReadsFormsAsForms(Application):
    """Parses JSON that is labelled a form as a form."""

    def parse(self, incoming: Incoming) -> Any:
        if incoming.media_type == "application/x-www-form-urlencoded":
            raise ValueError
        return super().parse(incoming)


class _WantsAUserAgent(Application):
    """A firewall before it turns away whoever has no User-Agent."""

    def answer(self, incoming: Incoming) -> int:
        has_agent = incoming.fields.get("User-Agent") or incoming.method != "POST"
        return super().answer(incoming) if has_agent else 403


class _KnowsVersion4Only(Application):
    """Refuses uuids of another version than 4."""

    def success(self, value: dict[str, Any]) -> Result | None:
        result = super().success(value)
        return result if result and (result.uuid or "")[14:15] == "4" else None


class _KnowsSmallLettersOnly(Application):
    """Refuses uuids in capitals."""

    def success(self, value: dict[str, Any]) -> Result | None:
        result = super().success(value)
        return result if result and (result.uuid or "") == (result.uuid or "").lower() else None


class _ConflictsOnRepeats(Application):
    """Answers a repeat with 409."""

    def take(self, incoming: Incoming, result: Result) -> int:
        is_repeat = result in self.outcomes.get(incoming.case, [])
        return 409 if is_repeat else super().take(incoming, result)


class _BreaksAConstraintOnRepeats(Application):
    """Fails on a repeat, whose row is there already."""

    def book(self, case: str, result: Result) -> None:
        if result in self.outcomes.get(case, []):
            message = "duplicate key"
            raise KeyError(message)
        super().book(case, result)


class _GoneAfterTheSecondRepeat(Application):
    """Drops a call's URL after its result was told three times."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, int] = {}

    def take(self, incoming: Incoming, result: Result) -> int:
        if result in self.outcomes.get(incoming.case, []):
            self.told[incoming.case] = self.told.get(incoming.case, 0) + 1
        return 410 if self.told.get(incoming.case, 0) > 1 else super().take(incoming, result)


class _KnowsRepliedCallsOnly(Application):
    """Answers 404 to the callback of a call whose reply is still on its way."""

    def take(self, incoming: Incoming, result: Result) -> int:
        return super().take(incoming, result) if self.replies.get(incoming.case) else NOT_FOUND


class _TakesThreeAtATime(Application):
    """Answers 503 while it is busy with three callbacks."""

    def __init__(self) -> None:
        super().__init__()
        self.workers = threading.Semaphore(3)

    def take(self, incoming: Incoming, result: Result) -> int:
        if not self.workers.acquire(blocking=False):
            return 503
        try:
            time.sleep(0.04)
            return super().take(incoming, result)
        finally:
            self.workers.release()


DEFECTS = (
    flawed(_RedirectsAfterSuccess, kills="acknowledge/answered"),
    flawed(
        _WantsAUuidAlways,
        kills="acknowledge/not-answered",
        also=(
            ("odd/unknown-call", "the error of a call that was refused at once has no uuid either"),
            ("odd/junk", "errors that are not quite errors have none either"),
            ("acknowledge/before-reply", "an error that comes early has none either"),
        ),
    ),
    flawed(_AsksACrmFirst, kills="acknowledge/in-time"),
    flawed(_KnowsSevenErrorIds, kills="acknowledge/unknown-error-id"),
    flawed(_WantsSnakeCase, kills="acknowledge/unknown-error-id"),
    flawed(
        _CrashesOnOtherScripts,
        kills="acknowledge/unknown-error-id",
        also=(("odd/junk", "half a character is not in Latin-1 either"),),
    ),
    flawed(_KnowsTwoCodes, kills="acknowledge/other-code"),
    flawed(
        _LooksCodesUp,
        kills="acknowledge/other-code",
        also=(("odd/junk", "a number beyond every integer is not in the table either"),),
    ),
    flawed(_TakesNoNegativeCode, kills="acknowledge/other-code"),
    flawed(_TakesNoUnknownMember, kills="acknowledge/extra-members"),
    flawed(_TakesNoUnknownMemberOfAnError, kills="acknowledge/extra-members"),
    flawed(_WantsNoUuidOnErrors, kills="acknowledge/extra-members"),
    flawed(
        _FlattensMembers,
        kills="acknowledge/extra-members",
        also=(
            ("odd/junk", "wrong types are no text either"),
            ("odd/junk-refused", "a 500 is no 4xx"),
        ),
    ),
    flawed(_ReadsByPattern, kills="acknowledge/json-spelling"),
    flawed(_LooksAtTheFirstByte, kills="acknowledge/json-spelling"),
    flawed(_ReadsLineByLine, kills="acknowledge/json-spelling"),
    flawed(_KnowsNoEscapes, kills="acknowledge/json-spelling"),
    flawed(_KnowsNoParameters, kills="acknowledge/charset"),
    flawed(_KnowsSmallCharsetsOnly, kills="acknowledge/charset"),
    flawed(_WantsTheLabel, kills="acknowledge/bare-post"),
    flawed(_WantsALabel, kills="acknowledge/bare-post"),
    flawed(_ReadsFormsAsForms, kills="acknowledge/bare-post"),
    flawed(_WantsAUserAgent, kills="acknowledge/bare-post"),
    flawed(_KnowsVersion4Only, kills="acknowledge/uuid-forms"),
    flawed(_KnowsSmallLettersOnly, kills="acknowledge/uuid-forms"),
    flawed(_ConflictsOnRepeats, kills="acknowledge/repeat"),
    flawed(
        _BreaksAConstraintOnRepeats,
        kills="acknowledge/repeat",
        also=(("odd/junk", "what is junk in another member only is a repeat"),),
    ),
    flawed(_GoneAfterTheSecondRepeat, kills="acknowledge/repeat"),
    flawed(
        _KnowsRepliedCallsOnly,
        kills="acknowledge/before-reply",
        also=(("belief/before-reply", "what is refused is lost"),),
        is_told=True,
    ),
    flawed(_TakesThreeAtATime, kills="acknowledge/together"),
)
