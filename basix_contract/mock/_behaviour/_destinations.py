"""What an answered call is connected to: text, inline identity or object, resolved to a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from basix_contract.mock._behaviour._places import PlaceRules
from basix_contract.mock._call import Place
from basix_contract.mock._exchange import Refusal

# `{key=value,key=value}number`, as the document's example 5 has it; nothing is escaped (A27).
_INLINE = re.compile(r"\{(?P<pairs>[^{}]*)\}(?P<number>[^{}]+)")


class DestinationRules(PlaceRules):
    """Decisions about the form of a destination (A25–A33)."""

    def find_destination(self, parameters: Mapping[str, Any]) -> Place | Refusal:
        """Return the place the answered call goes to, or why there is none."""
        given = parameters.get("destination")
        if given is None:
            return Refusal("missing_parameter", "give a destination")
        place = self.read_destination(given)
        if isinstance(place, Place) and place.kind == "nowhere":
            return self.refuse_nowhere(place)
        return place

    def refuse_nowhere(self, place: Place) -> Place | Refusal:
        """Return the refusal of a destination that leads nowhere; the place where that shows later (A22)."""
        if self.settings.unresolvable_destination == "after-answer":
            return place
        return Refusal("destination_not_found", "the destination leads nowhere")

    def read_destination(self, given: Any) -> Place | Refusal:
        """Return the place behind a destination in any of its three forms."""
        if isinstance(given, str):
            return self.read_inline(given) if given.startswith("{") else self.read_text(given)
        if isinstance(given, dict):
            return self.read_details(given)
        return Refusal("invalid_parameter", "destination is a text or an object")

    def read_text(self, given: str) -> Place | Refusal:
        """Return the place behind a plain text."""
        return self.resolve_place(given)

    def read_inline(self, given: str) -> Place | Refusal:
        """Return the place behind a text with an identity in braces in front of it."""
        match = _INLINE.fullmatch(given)
        pairs = self.read_pairs(match["pairs"]) if match else None
        if match is None or pairs is None:
            return Refusal("invalid_parameter", "write {name=…,organization=…}number")
        refusal = self.check_inline_keys(pairs)
        if refusal is not None:
            return refusal
        calling_number = pairs.pop("calling_number", None)
        return self.detailed_place(match["number"], calling_number, pairs)

    def read_pairs(self, text: str) -> dict[str, str] | None:
        """Return the identity written as `key=value,key=value`; None when it is not written so."""
        parts = [part.partition("=") for part in text.split(",")] if text else []
        if any(not separator for _, separator, _ in parts):
            return None
        return {key.strip(): value for key, _, value in parts}

    def check_inline_keys(self, pairs: Mapping[str, str]) -> Refusal | None:
        """Refuse keys an inline identity does not have, as far as the switches say so (A14, A27)."""
        if not self.knows_keys(pairs, (*self.words.inline_keys, *self.words.open_inline_keys)):
            return Refusal("unknown_parameter", "an unknown key stands in the braces")
        if self.settings.inline_calling_number == "error" and "calling_number" in pairs:
            return Refusal("invalid_parameter", "calling_number cannot stand in the braces")
        return None

    def read_details(self, given: Mapping[str, Any]) -> Place | Refusal:
        """Return the place behind an object: called_number is needed, the rest may be left out (A25)."""
        details = {key: value for key, value in given.items() if value is not None}
        refusal = self.check_details(details)
        if refusal is not None:
            return refusal
        calling_number = details.get("calling_number") or None
        return self.detailed_place(details["called_number"], calling_number, details.get("end_user", {}))

    def check_details(self, details: Mapping[str, Any]) -> Refusal | None:
        """Refuse an object whose parts are not what they must be."""
        if not self.knows_keys(details, self.words.destination_keys):
            return Refusal("unknown_parameter", "destination has an unknown key")
        called = details.get("called_number")
        if called is None or called == "":
            return Refusal("missing_parameter", "give destination.called_number")
        if not isinstance(called, str) or not isinstance(details.get("calling_number", ""), str):
            return Refusal("invalid_parameter", "the numbers in destination are texts")
        return self.check_end_user(details.get("end_user", {}))

    def check_end_user(self, end_user: Any) -> Refusal | None:
        """Refuse an identity that is no object of texts; an id may be a whole number (A30, A33)."""
        if not isinstance(end_user, dict):
            return Refusal("invalid_parameter", "end_user is an object")
        if not self.knows_keys(end_user, self.words.end_user_keys):
            return Refusal("unknown_parameter", "end_user has an unknown key")
        for key in self.words.end_user_keys:
            if not self.allows_identity(key, end_user.get(key)):
                return Refusal("invalid_parameter", f"end_user.{key} is a text")
        return None

    def knows_keys(self, given: Iterable[str], known: Iterable[str]) -> bool:
        """Whether these keys may stand in a destination: any may, unless unknown ones are refused (A14)."""
        return not self.settings.strict_unknown_parameters or set(known).issuperset(given)

    def allows_identity(self, key: str, value: Any) -> bool:
        """Whether a part of an identity may have this value."""
        return value is None or isinstance(value, str) or (key == "id" and type(value) is int)

    def detailed_place(self, number: str, calling_number: str | None, end_user: Mapping[str, Any]) -> Place | Refusal:
        """Return the place of a number that came with details, and the details in it."""
        place = self.resolve_place(number)
        if place.kind not in ("pstn", "nowhere") and self.settings.details_for_internal == "error":
            return Refusal("invalid_parameter", "details go with a telephone number")
        shown = self.shown_number(calling_number)
        if isinstance(shown, Refusal):
            return shown
        return replace(place, calling_number=shown, end_user=dict(end_user))

    def shown_number(self, calling_number: str | None) -> str | Refusal | None:
        """Return the number the called party sees; None is the PBX's own default (A28)."""
        if calling_number is None or calling_number in self.directory.owned_numbers():
            return calling_number
        if self.settings.foreign_calling_number == "error":
            return Refusal("invalid_parameter", "calling_number is not one of this PBX")
        return None if self.settings.foreign_calling_number == "default" else calling_number
