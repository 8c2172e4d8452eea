"""The reference as a small static site: written from the spec, the ledger, the commands and the code, never by hand."""

from __future__ import annotations

from basix_contract.docs._files import pictures, write_site
from basix_contract.docs._site import build_site
from basix_contract.docs._sources import Command, Option, Sources

__all__ = ["Command", "Option", "Sources", "build_site", "pictures", "write_site"]
