"""The commands as the shell sees them: names, options, help. What they do stands beside this folder."""

from __future__ import annotations

from basix_contract.cli._commands._app import app
from basix_contract.cli._commands._call import call
from basix_contract.cli._commands._callbacks import listen, trigger
from basix_contract.cli._commands._client import conformance_client
from basix_contract.cli._commands._completion import completion
from basix_contract.cli._commands._conformance import conformance_server
from basix_contract.cli._commands._contract import contract_diff
from basix_contract.cli._commands._docs import docs
from basix_contract.cli._commands._doctor import doctor
from basix_contract.cli._commands._evidence import bundle, claim, observe
from basix_contract.cli._commands._journals import diff, replay, verify
from basix_contract.cli._commands._ledger import explain, requirements
from basix_contract.cli._commands._mock import mock
from basix_contract.cli._commands._profile import profile_check, profile_init, profile_schema
from basix_contract.cli._commands._receiver import conformance_receiver

__all__ = [
    "app",
    "bundle",
    "call",
    "claim",
    "completion",
    "conformance_client",
    "conformance_receiver",
    "conformance_server",
    "contract_diff",
    "diff",
    "docs",
    "doctor",
    "explain",
    "listen",
    "mock",
    "observe",
    "profile_check",
    "profile_init",
    "profile_schema",
    "replay",
    "requirements",
    "trigger",
    "verify",
]
