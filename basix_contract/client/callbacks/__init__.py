"""How a call ended: a URL for each call, the results that are posted to it, and a receiver for one's own server."""

from __future__ import annotations

from basix_contract.client.callbacks._memory import Ended, NoCallback
from basix_contract.client.callbacks._parsing import parse_callback
from basix_contract.client.callbacks._receiver import CallbackReceiver
from basix_contract.client.callbacks._tokens import CallbackUrl

__all__ = ["CallbackReceiver", "CallbackUrl", "Ended", "NoCallback", "parse_callback"]
