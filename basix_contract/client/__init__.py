"""The client: places calls, never one twice, and tells how each ended."""

from __future__ import annotations

from basix_contract.client._errors import (
    ApiError,
    CallError,
    CallOutcomeUnknown,
    CredentialsRefused,
    InvalidRequest,
    NotSent,
    UnexplainedError,
    UnreadableReply,
)
from basix_contract.client._generated.async_client import AsyncClient
from basix_contract.client._generated.errors import AuthenticationRequired, ChannelLimitReached
from basix_contract.client._generated.inline import inline_destination
from basix_contract.client._generated.models import (
    Answered,
    Destination,
    DestinationFields,
    EndUser,
    EndUserFields,
    NotAnswered,
    SuccessReply,
)
from basix_contract.client._generated.sync_client import Client
from basix_contract.client._opening import AsyncHttpClient, HttpClient
from basix_contract.client.callbacks import CallbackReceiver, CallbackUrl, Ended, NoCallback, parse_callback
from basix_contract.errors import ContractError

__all__ = [
    "Answered",
    "ApiError",
    "AsyncClient",
    "AsyncHttpClient",
    "AuthenticationRequired",
    "CallError",
    "CallOutcomeUnknown",
    "CallbackReceiver",
    "CallbackUrl",
    "ChannelLimitReached",
    "Client",
    "ContractError",
    "CredentialsRefused",
    "Destination",
    "DestinationFields",
    "EndUser",
    "EndUserFields",
    "Ended",
    "HttpClient",
    "InvalidRequest",
    "NoCallback",
    "NotAnswered",
    "NotSent",
    "SuccessReply",
    "UnexplainedError",
    "UnreadableReply",
    "inline_destination",
    "parse_callback",
]
