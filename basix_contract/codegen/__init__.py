"""The code generator: the document and our own templates become the typed part of the client."""

from __future__ import annotations

from basix_contract.codegen._files import Difference, compare, write
from basix_contract.codegen._render import generate

__all__ = ["Difference", "compare", "generate", "write"]
