"""The page on which a reader places calls on the mock, and sees who rings. Not in the contract."""

from __future__ import annotations

from basix_contract.mock._try._routes import try_routes

__all__ = ["try_routes"]
