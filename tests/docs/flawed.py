"""Lists the flawed clients and receivers for the reference, which must not import the tests.

`make generate` runs it.
"""

from __future__ import annotations

import json
from pathlib import Path

import basix_contract.docs
from tests.defects.clients.catalogue import CLIENT_DEFECTS
from tests.defects.receivers.catalogue import RECEIVER_DEFECTS

LISTING = Path(basix_contract.docs.__file__).parent / "_generated" / "flawed.json"


def flawed() -> str:
    """The listing as it should be."""
    rows = [
        *({"id": flaw.id, "title": flaw.title, "kills": flaw.kills} for flaw in CLIENT_DEFECTS.values()),
        *({"id": flaw.id, "title": flaw.summary, "kills": flaw.kills} for flaw in RECEIVER_DEFECTS.values()),
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    LISTING.write_text(flawed(), "utf-8")
