"""`python -m basix_contract` is the command `basix-contract`."""

from __future__ import annotations

from basix_contract.cli import main

main()
