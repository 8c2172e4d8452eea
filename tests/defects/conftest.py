"""What the matrices share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def uncovered() -> Iterator[None]:
    """Whole runs, and many: what they cover is covered by other tests, and counting it would double their time."""
    counting = Coverage.current()
    if counting is not None:
        counting.stop()
    yield
    if counting is not None:
        counting.start()
