"""Every flawed client by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.defects.clients.bad_days import BAD_DAYS
from tests.defects.clients.dialling import DIALLING
from tests.defects.clients.given_names import NAMES
from tests.defects.clients.given_places import PLACES
from tests.defects.clients.given_values import VALUES
from tests.defects.clients.hostile import HOSTILE
from tests.defects.clients.outcome import OUTCOME
from tests.defects.clients.sending import SENDING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.defects.clients.defect import ClientDefect

CLIENT_DEFECTS: Mapping[str, ClientDefect] = {
    item.id: item for item in (*SENDING, *NAMES, *VALUES, *PLACES, *OUTCOME, *HOSTILE, *DIALLING, *BAD_DAYS)
}
