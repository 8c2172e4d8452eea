"""The pages of the command line, from what the commands say of themselves."""

from __future__ import annotations

from typing import Any

from basix_contract.docs._sources import Sources


def commands_page(sources: Sources) -> dict[str, Any]:
    """Return what the template of the commands page is given."""
    return {"commands": sources.commands}


def exit_codes_page(sources: Sources) -> dict[str, Any]:
    """Return what the template of the exit codes page is given."""
    return {"codes": sources.exit_codes, "commands": sources.commands}
