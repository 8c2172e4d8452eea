"""The contract of Basix call_user and its callback: a typed client, a mock PBX and a conformance kit.

Names are loaded when first used (PEP 562), so that importing the package costs nothing beyond itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from basix_contract._version import __version__

if TYPE_CHECKING:
    from basix_contract.client import (
        Answered,
        ApiError,
        AsyncClient,
        AuthenticationRequired,
        CallbackReceiver,
        CallbackUrl,
        CallError,
        CallOutcomeUnknown,
        ChannelLimitReached,
        Client,
        CredentialsRefused,
        Destination,
        Ended,
        EndUser,
        InvalidRequest,
        NoCallback,
        NotAnswered,
        NotSent,
        SuccessReply,
        UnexplainedError,
        UnreadableReply,
        inline_destination,
        parse_callback,
    )
    from basix_contract.contract import Document, Ledger, load_document, load_ledger
    from basix_contract.errors import (
        BasixContractError,
        ContractError,
        ForgedCallback,
        GateRefusal,
        HarnessError,
        SpecError,
        TargetUnreachable,
        UsageError,
    )
    from basix_contract.profile import Profile, load_profile

_HOMES = {
    "Answered": "client",
    "ApiError": "client",
    "AsyncClient": "client",
    "AuthenticationRequired": "client",
    "CallError": "client",
    "CallOutcomeUnknown": "client",
    "CallbackReceiver": "client",
    "CallbackUrl": "client",
    "ChannelLimitReached": "client",
    "Client": "client",
    "CredentialsRefused": "client",
    "Destination": "client",
    "EndUser": "client",
    "Ended": "client",
    "InvalidRequest": "client",
    "NoCallback": "client",
    "NotAnswered": "client",
    "NotSent": "client",
    "SuccessReply": "client",
    "UnexplainedError": "client",
    "UnreadableReply": "client",
    "inline_destination": "client",
    "parse_callback": "client",
    "Document": "contract",
    "Ledger": "contract",
    "load_document": "contract",
    "load_ledger": "contract",
    "BasixContractError": "errors",
    "ContractError": "errors",
    "ForgedCallback": "errors",
    "GateRefusal": "errors",
    "HarnessError": "errors",
    "SpecError": "errors",
    "TargetUnreachable": "errors",
    "UsageError": "errors",
    "Profile": "profile",
    "load_profile": "profile",
}

__all__ = [
    "Answered",
    "ApiError",
    "AsyncClient",
    "AuthenticationRequired",
    "BasixContractError",
    "CallError",
    "CallOutcomeUnknown",
    "CallbackReceiver",
    "CallbackUrl",
    "ChannelLimitReached",
    "Client",
    "ContractError",
    "CredentialsRefused",
    "Destination",
    "Document",
    "EndUser",
    "Ended",
    "ForgedCallback",
    "GateRefusal",
    "HarnessError",
    "InvalidRequest",
    "Ledger",
    "NoCallback",
    "NotAnswered",
    "NotSent",
    "Profile",
    "SpecError",
    "SuccessReply",
    "TargetUnreachable",
    "UnexplainedError",
    "UnreadableReply",
    "UsageError",
    "__version__",
    "inline_destination",
    "load_document",
    "load_ledger",
    "load_profile",
    "parse_callback",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
