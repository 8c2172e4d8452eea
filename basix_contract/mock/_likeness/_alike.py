"""A mock that behaves like a PBX that was seen: what was learnt goes before the mock's own rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from basix_contract.messages import Headers, Request, Response
from basix_contract.mock._behaviour import Behaviour, World
from basix_contract.mock._call import Call, CallRequest, CallResult, Leg
from basix_contract.mock._exchange import Delivery, Refusal, Reply
from basix_contract.mock._likeness._features import envelope_features, parameter_features, read_object
from basix_contract.mock._likeness._likeness import Answer, Likeness
from basix_contract.mock._likeness._people import People
from basix_contract.mock._likeness._values import class_of, class_of_name, class_of_timeout
from basix_contract.mock._settings import Settings
from basix_contract.profile import User

_WORDS = "as seen"  # what stands in members whose names were learnt, and not their values
_LEAST_ERROR = 400
_WIDE = (b"\xff\xfe", b"\xfe\xff")
# A reading of the mock that is stricter than a PBX that was seen to accept this.
_LENIENT: tuple[tuple[str, str, Any], ...] = (
    ("auto_answer text", "bool_strings", "accept"),
    ("auto_answer number", "bool_strings", "accept"),
    ("group_resolver other", "unknown_resolver", "plain"),
    ("group_name unknown", "unknown_group", "ignored"),
    ("group_id unknown", "unknown_group", "ignored"),
    ("destination unlisted", "unresolvable_destination", "after-answer"),
    ("callback_url no http URL", "invalid_callback_url", "ignored"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Learnt(Refusal):
    """A refusal that was seen, with the answer it got."""

    answer: Answer = dataclasses.field(default_factory=lambda: Answer(status=200))


def settings_like(likeness: Likeness) -> Settings:
    """Return the mock's settings for a likeness: whatever of it a switch can say."""
    reply, callback = likeness.reply, likeness.callback
    statuses = [answer.status for answer in likeness.refused.values()]
    learnt = {
        "error_style": "4xx" if sum(status >= _LEAST_ERROR for status in statuses) * 2 > len(statuses) else "200",
        "error_result_code": reply.error_result_code,
        "json_content_type": reply.media_type,
        "uuid_case": reply.uuid_case,
        "uuid_order": "sorted" if reply.has_sorted_uuids else None,
        "latency_s": reply.after_s,
        "callback_delay_s": callback.after_s,
        "callback_before_reply": callback.is_before_reply,
        "callback_on_refusal": callback.is_sent_after_refusal,
        "callback_repeat_after_s": callback.repeat_after_s,
    }
    learnt |= {switch: value for feature, switch, value in _LENIENT if feature in likeness.accepted}
    return Settings().but({name: value for name, value in learnt.items() if value is not None})


def behaviour_like(likeness: Likeness) -> type[Behaviour]:
    """Return the behaviour of a mock that is like the PBX this was learnt from."""
    return type("Alike", (_Alike,), {"likeness": likeness})


class _AlikeRequests(Behaviour):
    """What is learnt about requests: which are refused, and which are not."""

    likeness: ClassVar[Likeness]

    def __init__(self, world: World) -> None:
        super().__init__(world)
        directory = world.directory
        self._people = People(
            users=tuple(dataclasses.asdict(user) for user in directory.users),
            groups=tuple(dataclasses.asdict(group) for group in directory.groups),
            destinations=tuple(dataclasses.asdict(place) for place in directory.destinations),
        )

    def judge(self, request: Request) -> CallRequest | Refusal:
        """Refuse what was seen to be refused, as it was; leave the rest to the mock."""
        for feature in self._features(request):
            answer = self.likeness.refused.get(feature)
            if answer is not None:
                return Learnt("invalid_parameter", feature, answer)
        return super().judge(request)

    def _features(self, request: Request) -> Iterator[str]:
        yield from envelope_features(request.method, request.headers)
        if self.check_credentials(request) is not None:
            given = any(name.lower() == "authorization" for name, _ in request.headers)
            yield "credentials wrong" if given else "credentials absent"
        asked, found = read_object(request.body)
        yield from found
        if asked is not None:
            yield from parameter_features(asked, self._people, self.words)

    def _accepts(self, feature: str) -> bool:
        return feature in self.likeness.accepted

    def decode_body(self, body: bytes) -> str | Refusal:
        """Read UTF-16 too where that was seen."""
        if body.startswith(_WIDE) and self._accepts("body in UTF-16"):
            return body.decode("utf-16", "replace")
        return super().decode_body(body)

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Take any spelling that was seen to be taken."""
        read = super().read_answer_timeout(parameters)
        is_taken = self._accepts(f"answer_timeout {class_of_timeout(parameters.get('answer_timeout'))}")
        return self.default_answer_timeout() if isinstance(read, Refusal) and is_taken else read

    def read_auto_answer(self, parameters: Mapping[str, Any]) -> bool | Refusal:
        """Take any spelling that was seen to be taken."""
        read = super().read_auto_answer(parameters)
        is_taken = self._accepts(f"auto_answer {class_of(parameters.get('auto_answer'))}")
        return self.default_auto_answer() if isinstance(read, Refusal) and is_taken else read

    def allows_calling_name(self, name: str) -> bool:
        """Show any name of a sort that was seen to be taken."""
        return self._accepts(f"calling_name {class_of_name(name)}") or super().allows_calling_name(name)

    def terminals_of(self, user: User) -> int:
        """Ring as many telephones as were seen to ring, whatever the directory says."""
        return self.likeness.reply.legs or super().terminals_of(user)


class _AlikeReplies(_AlikeRequests):
    """What is learnt about replies."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Answer as was seen: with the envelope, or with a page."""
        if not isinstance(refusal, Learnt):
            return super().error_reply(refusal)
        answer = refusal.answer
        body = self.encode_json(self.error_body(refusal)) if answer.id else answer.page.encode()
        fields = (("Content-Type", answer.media_type),) if answer.media_type else ()
        return Reply(status=answer.status, headers=(*fields, *self.error_headers(answer.status)), body=body)

    def error_detail(self, refusal: Refusal) -> Any:
        """Name the error as it was named."""
        told = refusal.answer.id if isinstance(refusal, Learnt) else self.error_id(refusal.error_id)
        beside = self.likeness.reply.members_beside_error_id or ()
        return {"id": told, **dict.fromkeys(beside, _WORDS)}

    def error_body(self, refusal: Refusal) -> Any:
        """Put beside the error what stood beside it."""
        beside = self.likeness.reply.members_of_errors or ()
        return {**super().error_body(refusal), **dict.fromkeys(beside, _WORDS)}

    def success_status(self, call: Call) -> int:
        """Answer a success with the status that was seen."""
        return self.likeness.reply.success_status or super().success_status(call)

    def success_body(self, call: Call) -> Any:
        """Put into a success what stood in it."""
        return {**super().success_body(call), **dict.fromkeys(self.likeness.reply.members or (), _WORDS)}

    def json_headers(self) -> Headers:
        """Send the fields that were seen."""
        return (*super().json_headers(), *((name, _WORDS) for name in self.likeness.reply.headers or ()))

    async def hold_reply(self, call: Call | None) -> None:
        """Hold back the replies to calls: it is they whose delay was learnt."""
        if call is not None:
            await super().hold_reply(call)

    def new_uuid(self) -> str:
        """Draw the version from those that were seen."""
        versions = self.likeness.reply.uuid_versions
        drawn = super().new_uuid()
        return f"{drawn[:14]}{self.random.choice(versions)}{drawn[15:]}" if versions else drawn

    def shown_uuids(self, legs: Sequence[Leg]) -> tuple[str, ...]:
        """List them sorted where they were, else in an order that is never sorted by rule."""
        shown = super().shown_uuids(legs)
        return tuple(sorted(shown)) if self.likeness.reply.has_sorted_uuids else shown


class _Alike(_AlikeReplies):
    """What is learnt about callbacks."""

    def callback_headers(self) -> Headers:
        """Label callbacks as they were."""
        media_type = self.likeness.callback.media_type
        own = super().callback_headers()
        return own if media_type is None else tuple(_labelled(name, value, media_type) for name, value in own)

    def answered_body(self, call: Call, uuid: str) -> Any:
        """Put into a callback what stood in it."""
        return {**super().answered_body(call, uuid), **dict.fromkeys(self.likeness.callback.members or (), _WORDS)}

    def callback_body(self, call: Call, result: CallResult) -> Any:
        """Name the failure by the outcome of the user, as it was named."""
        learnt = self.likeness.callback.error_ids.get(call.request.user.outcome)
        if result.error_id is None or learnt is None:
            return super().callback_body(call, result)
        return self.not_answered_body(call, learnt)

    def not_answered_body(self, call: Call, error_id: str) -> Any:
        """Put into the callback of a failed call what stood in it; a uuid there is one of the call's own."""
        beside = self.likeness.callback.members_of_errors or ()
        own = {name: call.uuids[0] if name == "uuid" else _WORDS for name in beside}
        detail = {"id": error_id}
        return {"result_code": self.settings.error_result_code, "error": detail, **own}

    def next_attempt(self, delivery: Delivery, attempt: int, answer: Response | None) -> Delivery | None:
        """Send a callback as often as was seen for such an answer."""
        wanted = self.likeness.callback.sent_when_answered.get(str(answer.status if answer else 0))
        if wanted is None:
            return super().next_attempt(delivery, attempt, answer)
        pause_s = self.settings.callback_repeat_after_s
        return dataclasses.replace(delivery, after_s=pause_s) if attempt < wanted else None


def _labelled(name: str, value: str, media_type: str) -> tuple[str, str]:
    return (name, media_type if name.lower() == "content-type" else value)
