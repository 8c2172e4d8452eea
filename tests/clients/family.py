"""Clients that keep the contract in different ways: other libraries, other languages, other readings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.clients.libraries import ChunkedClient, PrettyClient, RequestsClient, SocketClient, UrllibClient
from tests.clients.readings import LatinClient, LenientClient, RaisingClient, TerseClient, WordyClient
from tests.defects.clients.small import SmallClient

if TYPE_CHECKING:
    from collections.abc import Mapping

ADAPTERS = Path(__file__).parent.parent.parent / "conformance" / "adapters"

IN_PROCESS: Mapping[str, type[SmallClient]] = {
    "http.client": SmallClient,
    "urllib": UrllibClient,
    "requests": RequestsClient,
    "socket": SocketClient,
    "chunked": ChunkedClient,
    "pretty": PrettyClient,
    "wordy": WordyClient,
    "terse": TerseClient,
    "latin": LatinClient,
    "lenient": LenientClient,
    "raising": RaisingClient,
}
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "own": (sys.executable, str(ADAPTERS / "python" / "adapter.py")),
    "node": ("node", str(ADAPTERS / "node" / "adapter.mjs")),
    "curl": ("bash", str(ADAPTERS / "curl" / "adapter.sh")),
}
