"""From the bytes of a callback to the result it tells."""

from __future__ import annotations

from basix_contract.client._envelopes import read
from basix_contract.client._generated.models import Answered, NotAnswered
from basix_contract.client._generated.operations import CALLBACK
from basix_contract.errors import ContractError


def parse_callback(body: bytes) -> Answered | NotAnswered:
    """Return how the attempt to ring the user ended.

    `Answered` says that the user picked up, nothing about the destination; members the document does not know are
    passed over. Raises ContractError, and nothing else, for any other bytes; its violations say what is wrong and
    repeat nothing of the body. (§ callback_url, Example 5; A48, A53, A54, A57)
    """
    reading = read(CALLBACK, body)
    if reading.violations:
        raise ContractError(CALLBACK.subject, reading.violations)
    result: Answered | NotAnswered = reading.value
    return result
