"""Defects of the list of uuids and of what stands in it: absent, of another type, spelled another way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, Leg
from basix_contract.mock._defects._defect import Defect

_COLUMN_WIDTH = 35


class NotYetKnown(Behaviour):
    """The reply leaves before the first channel has been created."""

    def shown_uuids(self, legs: Sequence[Leg]) -> tuple[str, ...]:
        """Return the channels there are at that moment: none."""
        return ()


class NamedAsInCallback(Behaviour):
    """The reply is a copy of the callback's success."""

    def success_body(self, call: Call) -> Any:
        """Give one uuid under the callback's name."""
        return {"result_code": 0, "uuid": call.shown_uuids[0]}


class OneUnwrapped(Behaviour):
    """A list of one is written as what is in it, as converters from XML do."""

    def success_body(self, call: Call) -> Any:
        """Unwrap it."""
        body: dict[str, Any] = super().success_body(call)
        return {**body, "uuids": call.shown_uuids[0]} if len(call.shown_uuids) == 1 else body


class CountedFromOne(Behaviour):
    """An array whose first index is 1 is no list to the encoder."""

    def success_body(self, call: Call) -> Any:
        """Write an object with numbers for names."""
        numbered = {str(number): uuid for number, uuid in enumerate(call.shown_uuids, start=1)}
        return {**super().success_body(call), "uuids": numbered}


class JoinedByCommas(Behaviour):
    """The list is kept in one column of the database."""

    def success_body(self, call: Call) -> Any:
        """Send the column."""
        return {**super().success_body(call), "uuids": ",".join(call.shown_uuids)}


class WithoutHyphens(Behaviour):
    """The uuid is written as a plain hexadecimal number."""

    def new_uuid(self) -> str:
        """Return 32 digits."""
        return super().new_uuid().replace("-", "")


class CallIds(Behaviour):
    """The channel is named by its SIP Call-ID."""

    def new_uuid(self) -> str:
        """Put the host behind it."""
        return f"{super().new_uuid()}@10.0.0.12"


class NarrowColumn(Behaviour):
    """The column for the uuid is one character too narrow."""

    def new_uuid(self) -> str:
        """Drop the last digit."""
        return super().new_uuid()[:_COLUMN_WIDTH]


class LegObjects(Behaviour):
    """The list holds everything that is known of a leg."""

    def success_body(self, call: Call) -> Any:
        """Put objects into it."""
        legs = [{"uuid": leg.uuid, "terminal": leg.terminal} for leg in call.legs]
        return {**super().success_body(call), "uuids": legs}


class CharacterCodes(Behaviour):
    """A text that is a list of characters to the language is one to the encoder as well."""

    def success_body(self, call: Call) -> Any:
        """Write each uuid as a list of numbers."""
        return {**super().success_body(call), "uuids": [list(uuid.encode("ascii")) for uuid in call.shown_uuids]}


class NullForAutoAnswer(Behaviour):
    """The leg that answers by itself gets its channel later than the reply is written."""

    def success_body(self, call: Call) -> Any:
        """Leave a gap."""
        body: dict[str, Any] = super().success_body(call)
        return {**body, "uuids": [None, *call.shown_uuids[1:]]} if call.request.auto_answer else body


def _defect(
    id_: str, summary: str, behaviour: type[Behaviour], kills: str, also: tuple[tuple[str, str], ...] = ()
) -> Defect:
    return Defect(id=id_, family="uuids", summary=summary, kills=kills, also=also, behaviour=behaviour)


DEFECTS: tuple[Defect, ...] = (
    _defect("uuids-empty", "uuids is empty in every success", NotYetKnown, "uuids/present"),
    _defect(
        "uuid-in-place-of-uuids", "a success names one uuid, as the callback does", NamedAsInCallback, "uuids/present"
    ),
    _defect("single-uuid-unwrapped", "for a user with one terminal uuids is a text", OneUnwrapped, "uuids/present"),
    _defect("uuids-numbered-from-one", "uuids is an object with members 1, 2, …", CountedFromOne, "uuids/present"),
    _defect("uuids-joined", "uuids is one text with commas", JoinedByCommas, "uuids/present"),
    _defect("uuids-without-hyphens", "uuids are 32 digits in a row", WithoutHyphens, "uuids/form"),
    _defect("uuids-are-call-ids", "uuids have a host behind an @", CallIds, "uuids/form"),
    _defect("uuids-a-digit-short", "uuids lack their last digit", NarrowColumn, "uuids/form"),
    _defect("uuids-in-objects", "uuids is a list of objects with a uuid each", LegObjects, "uuids/form"),
    _defect("uuids-as-character-codes", "each uuid is a list of character codes", CharacterCodes, "uuids/form"),
    _defect(
        "null-for-auto-answer",
        "with auto_answer the first uuid is null",
        NullForAutoAnswer,
        "uuids/form",
        (("uuids/per-leg", "a leg is without its uuid"),),
    ),
)
