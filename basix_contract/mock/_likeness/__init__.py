"""How a PBX behaves, learnt from what was seen of it, and a mock that behaves like it."""

from __future__ import annotations

from basix_contract.mock._likeness._alike import behaviour_like, settings_like
from basix_contract.mock._likeness._features import envelope_features, parameter_features, read_object
from basix_contract.mock._likeness._likeness import (
    Answer,
    CallbackManner,
    Likeness,
    ReplyManner,
    read_likeness,
    write_likeness,
)
from basix_contract.mock._likeness._people import People

__all__ = [
    "Answer",
    "CallbackManner",
    "Likeness",
    "People",
    "ReplyManner",
    "behaviour_like",
    "envelope_features",
    "parameter_features",
    "read_likeness",
    "read_object",
    "settings_like",
    "write_likeness",
]
