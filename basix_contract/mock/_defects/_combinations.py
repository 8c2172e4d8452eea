"""Defects of parts that are right alone and wrong beside each other."""

from __future__ import annotations

from dataclasses import replace

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest
from basix_contract.mock._defects._defect import Defect


class GroupWithNameRingsOne(Behaviour):
    """The dial string for a group is built anew where there is a calling_name, from the user's first terminal."""

    def place(self, request: CallRequest) -> Call:
        """Place the call to the first terminal only."""
        if request.group and request.calling_name:
            request = replace(request, user=replace(request.user, terminals=1))
        return super().place(request)


class GroupTimeoutTellsNobody(Behaviour):
    """The watcher of results is started by one of two branches: not where a timeout and a group come together."""

    def callback_url(self, call: Call) -> str | None:
        """Return no URL for a call with both."""
        return None if _has_both(call.request) else super().callback_url(call)


def _has_both(request: CallRequest) -> bool:
    return request.group is not None and "answer_timeout" in request.parameters


DEFECTS: tuple[Defect, ...] = (
    Defect(
        id="group-with-calling-name-rings-one",
        family="uuids",
        summary="for a group and with a calling_name only one of the user's terminals rings",
        kills="combinations/legs",
        also=(
            ("concurrency/uuids", "all parameters together hold both"),
            ("uuids/per-leg", "all parameters together hold both"),
        ),
        behaviour=GroupWithNameRingsOne,
    ),
    Defect(
        id="timeout-for-group-tells-nobody",
        family="callback",
        summary="a call for a group with an answer_timeout is told nowhere",
        kills="combinations/callbacks",
        also=(("callback/answered", "all parameters together hold both"),),
        behaviour=GroupTimeoutTellsNobody,
    ),
)
