"""Defects of the channel limit: who is refused for want of a channel, how, and who suffers with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from basix_contract.messages import Request
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest, CallResult, LegEnd
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal, Reply
from basix_contract.profile import User

_LIMIT = Refusal("channel_limit_reached", "no channel is free")
_HOLD_S = 0.3


class LimitIgnored(Behaviour):
    """Channels are counted, and nobody looks at the count."""

    def is_limited(self, user: User) -> bool:
        """Let everybody call."""
        return False


class LimitToldLater(LimitIgnored):
    """The limit is found when the channels are created, after the reply."""

    def result_of(self, call: Call, answered: int | None, ends: Sequence[LegEnd]) -> CallResult:
        """Tell it by the callback."""
        if super(LimitIgnored, self).is_limited(call.request.user):
            return CallResult(error_id=_LIMIT.error_id)
        return super().result_of(call, answered, ends)


class LimitSaysZero(Behaviour):
    """The error is put into the reply that was prepared as a success."""

    def error_body(self, refusal: Refusal) -> Any:
        """Leave the code and the empty list as they were prepared."""
        if refusal.error_id != _LIMIT.error_id:
            return super().error_body(refusal)
        return {"result_code": 0, "uuids": [], "error": self.error_detail(refusal)}


class LimitRingsAnyway(LimitIgnored):
    """The reply is an error, but the call goes on."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Refuse in the reply only."""
        is_limited = call is not None and super(LimitIgnored, self).is_limited(call.request.user)
        return super().shape_reply(self.error_reply(_LIMIT) if is_limited else reply, request, call)


class LimitHitsNext(Behaviour):
    """That the limit was met is kept where the next request still finds it."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse whoever comes after one who was refused."""
        before: Refusal | None = self.state.memory.pop("limit", None)
        refusal = super().check_limits(request)
        if refusal is not None:
            self.state.memory["limit"] = refusal
        return refusal or before


class LimitHoldsDomain(Behaviour):
    """The limit of one user is taken for that of the domain, for a moment."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse everybody for a while."""
        refusal = super().check_limits(request)
        if refusal is not None:
            self.state.memory["until_s"] = self.clock.now() + _HOLD_S
        return _LIMIT if self.clock.now() < self.state.memory.get("until_s", 0.0) else refusal


class LimitErrorIdOwn(Behaviour):
    """The id is that of the switch's own cause."""

    def error_id(self, error_id: str) -> str:
        """Call it no_circuit_available."""
        return "no_circuit_available" if error_id == _LIMIT.error_id else super().error_id(error_id)


class GenericIds(Behaviour):
    """Every error has the same id."""

    def error_id(self, error_id: str) -> str:
        """Call it call_failed."""
        return "call_failed"


class IdColumnNarrow(Behaviour):
    """Error ids are kept in a column of sixteen characters."""

    def error_id(self, error_id: str) -> str:
        """Cut off the rest."""
        return super().error_id(error_id)[:16]


class LimitErrorBare(Behaviour):
    """The limit is answered by the balancer in front, which knows the code alone."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Leave out the error."""
        reply = super().error_reply(refusal)
        if refusal.error_id != _LIMIT.error_id:
            return reply
        return replace(reply, body=self.encode_json({"result_code": self.error_code(refusal.error_id)}))


def _defect(
    id_: str, summary: str, behaviour: type[Behaviour], kills: str, also: tuple[tuple[str, str], ...] = ()
) -> Defect:
    return Defect(id=id_, family="limits", summary=summary, kills=kills, also=also, behaviour=behaviour)


DEFECTS: tuple[Defect, ...] = (
    Defect(
        id="callback-after-refusal",
        family="limits",
        summary="a call refused at once is told to callback_url as well",
        kills="callback/none-after-error",
        settings={"callback_on_refusal": True},
    ),
    _defect(
        "limit-ignored", "a user at the channel limit is called all the same", LimitIgnored, "limits/channel-limit"
    ),
    _defect(
        "limit-told-later",
        "a call beyond the limit is accepted, and refused by the callback",
        LimitToldLater,
        "limits/channel-limit",
    ),
    _defect(
        "limit-says-zero",
        "a call beyond the limit has result_code 0, no uuids and the error",
        LimitSaysZero,
        "limits/channel-limit",
        (
            ("uuids/present", "a result_code of 0 comes without uuids"),
            ("reply/no-error-on-success", "a result_code of 0 comes with an error"),
        ),
    ),
    _defect(
        "limit-rings-anyway",
        "a call beyond the limit is refused in the reply, and rings",
        LimitRingsAnyway,
        "limits/channel-limit",
    ),
    _defect(
        "limit-hits-next-caller",
        "the call after one beyond the limit is refused too",
        LimitHitsNext,
        "limits/others-still-work",
    ),
    _defect(
        "limit-holds-domain",
        "one user's channel limit keeps the whole domain from calling for a moment",
        LimitHoldsDomain,
        "limits/others-still-work",
    ),
    _defect("limit-error-id-own", "the limit's error id is the switch's own", LimitErrorIdOwn, "limits/error-id"),
    _defect(
        "error-ids-all-alike",
        "every error has the id call_failed",
        GenericIds,
        "limits/error-id",
        (("auth/error-id", "refused credentials have that id too"),),
    ),
    _defect(
        "error-ids-cut-short",
        "error ids end after sixteen characters",
        IdColumnNarrow,
        "limits/error-id",
        (
            ("auth/error-id", "refused credentials have a long id too"),
            ("error/id-snake-case", "some ids are cut behind an underscore"),
        ),
    ),
    _defect(
        "limit-without-error",
        "the limit is told by result_code 500 alone",
        LimitErrorBare,
        "error/id",
        (("limits/error-id", "there is no id to compare"),),
    ),
)
