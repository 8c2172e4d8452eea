"""Every flawed receiver by its id."""

from __future__ import annotations

from tests.defects.receivers import answers, bad_days, beliefs, hostile
from tests.defects.receivers.defect import FlawedReceiver

RECEIVER_DEFECTS: dict[str, FlawedReceiver] = {
    defect.id: defect for family in (answers, hostile, beliefs, bad_days) for defect in family.DEFECTS
}
