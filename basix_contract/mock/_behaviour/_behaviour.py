"""The whole of a correct PBX: every group of rules, and the order in which a request goes through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from basix_contract.messages import Request
from basix_contract.mock._behaviour._body import BodyRules
from basix_contract.mock._behaviour._callbacks import CallbackRules
from basix_contract.mock._behaviour._destinations import DestinationRules
from basix_contract.mock._behaviour._groups import GroupRules
from basix_contract.mock._behaviour._hunting import HuntRules
from basix_contract.mock._behaviour._options import OptionRules
from basix_contract.mock._behaviour._sign_in import SignInRules
from basix_contract.mock._behaviour._users import UserRules
from basix_contract.mock._call import Call, CallRequest
from basix_contract.mock._exchange import Refusal
from basix_contract.profile import User

_Read: TypeAlias = Callable[[Mapping[str, Any]], Any]


class Behaviour(
    SignInRules,
    BodyRules,
    UserRules,
    GroupRules,
    DestinationRules,
    OptionRules,
    HuntRules,
    CallbackRules,
):
    """A correct PBX as small decisions; a defect overrides exactly one of them.

    Every decision is free of side effects but for what it draws from `self.random`. What must be kept from
    call to call stands in `self.state`; a defect that remembers too much uses `self.state.memory`.
    """

    def judge(self, request: Request) -> CallRequest | Refusal:
        """Return the call a request asks for, or why it gets none. Nothing is rung here."""
        refusal = self.check_envelope(request)
        if refusal is not None:
            return refusal
        body = self.read_body(request)
        if isinstance(body, Refusal):
            return body
        parameters = self.given_parameters(body)
        if isinstance(parameters, Refusal):
            return parameters
        return self.check_known(body) or self.judge_parameters(parameters)

    def check_envelope(self, request: Request) -> Refusal | None:
        """Refuse a request for its method, its credentials or its media type, in this order."""
        return self.check_method(request) or self.check_credentials(request) or self.check_media_type(request)

    def judge_parameters(self, parameters: Mapping[str, Any]) -> CallRequest | Refusal:
        """Return the call these parameters ask for, or the first thing that is wrong with them."""
        user = self.find_user(parameters)
        if isinstance(user, Refusal):
            return user
        parts: dict[str, Any] = {}
        for name, read in self.readers(user).items():
            part = read(parameters)
            if isinstance(part, Refusal):
                return part
            parts[name] = part
        call = CallRequest(parameters=parameters, user=user, **parts)
        return self.check_limits(call) or call

    def readers(self, user: User) -> dict[str, _Read]:
        """Return who reads what, in the order in which errors are found."""
        return {
            "group": lambda parameters: self.find_group(parameters, user),
            "destination": self.find_destination,
            "answer_timeout_s": self.read_answer_timeout,
            "auto_answer": self.read_auto_answer,
            "calling_name": self.read_calling_name,
            "callback_url": self.read_callback_url,
        }

    def refused_url(self, request: Request) -> str | None:
        """Return the callback URL of a request that was refused, as far as one can be read from it."""
        if self.check_envelope(request) is not None:
            return None
        body = self.read_body(request)
        url = body if isinstance(body, Refusal) else self.read_callback_url(body)
        return url if isinstance(url, str) else None

    def place(self, request: CallRequest) -> Call:
        """Return the call that an accepted request becomes, with its channels."""
        legs = self.build_legs(request)
        return Call(
            id=self.state.next_call_id(),
            request=request,
            legs=legs,
            shown_uuids=self.shown_uuids(legs),
            placed_at_s=self.clock.now(),
            channels=len(legs),
        )
