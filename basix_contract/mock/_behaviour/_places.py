"""What a destination's text stands for: a user, a group, an extension, a number, or nothing."""

from __future__ import annotations

import re

from basix_contract.mock._behaviour._rules import Rules
from basix_contract.mock._call import Place

_DOMESTIC = re.compile(r"0[0-9]{8,10}")
_INTERNATIONAL = re.compile(r"\+[0-9]{7,15}|010[0-9]{8,15}")
_STAR_CODE = re.compile(r"[0-9*#]*[*#][0-9*#]*")
_PUNCTUATION = str.maketrans("", "", "-() ")


class PlaceRules(Rules):
    """Decisions about what can be reached (A21–A24)."""

    def resolve_place(self, text: str) -> Place:
        """Return what the text stands for: user, group, extension, listed destination, form, number.

        The order is this mock's own choice; the document has none (A23).
        """
        lookups = (
            self.user_place,
            self.group_place,
            self.extension_place,
            self.listed_place,
            self.special_place,
            self.number_place,
        )
        found = (lookup(text) for lookup in lookups)
        return next((place for place in found if place), Place(kind="nowhere", value=text, outcome="unknown"))

    def user_place(self, text: str) -> Place | None:
        """Return the user of this name."""
        users = self.directory.users_with("name", text)
        return Place(kind="user", value=text, outcome=users[0].outcome) if users else None

    def group_place(self, text: str) -> Place | None:
        """Return the group of this name."""
        return Place(kind="group", value=text) if self.directory.groups_with("name", text) else None

    def extension_place(self, text: str) -> Place | None:
        """Return the user or group with this extension."""
        users = self.directory.users_with("extension", text)
        if users:
            return Place(kind="extension", value=text, outcome=users[0].outcome)
        groups = self.directory.groups_with("extension", text)
        return Place(kind="extension", value=text) if groups else None

    def listed_place(self, text: str) -> Place | None:
        """Return the destination the directory lists under this text, unless it is somebody the directory holds."""
        listed = self.directory.destination(text)
        if listed is None or self._is_somebody(text, listed.kind):
            return None
        if listed.outcome == "unknown":
            return Place(kind="nowhere", value=text, outcome="unknown")
        return Place(kind=listed.kind, value=text, outcome=listed.outcome or "answers")

    def _is_somebody(self, text: str, kind: str) -> bool:
        """Tell whether such a destination is a row of its own, which is found by other rules than a mere listing."""
        attribute = "extension" if kind == "extension" else "name"
        people = (*self.directory.users_with(attribute, text), *self.directory.groups_with(attribute, text))
        return kind != "pstn" and bool(people)

    def special_place(self, text: str) -> Place | None:
        """Return a mailbox or a supervisor's plug, as far as the switches allow them (F14, F15)."""
        if text == "media_plug" and self.settings.media_plug == "accept":
            return Place(kind="media_plug", value=text)
        form, comma, name = text.partition(",")
        entries = {"uservoicemail": self.directory.users_with, "groupvoicemail": self.directory.groups_with}
        if comma and form in entries and self.settings.voicemail_destinations == "accept":
            return Place(kind="voicemail", value=text) if entries[form]("name", name) else None
        return None

    def number_place(self, text: str) -> Place | None:
        """Return the telephone number the text is, with what the directory says of it."""
        number = self.dialled_number(text)
        if number is None:
            return None
        return self.listed_place(number) or Place(kind="pstn", value=number)

    def dialled_number(self, text: str) -> str | None:
        """Return the number as it is dialled; None when the text is no number that can be (A24)."""
        number = text.translate(_PUNCTUATION) if self.settings.punctuated_numbers == "accept" else text
        if _DOMESTIC.fullmatch(number):
            return number
        if _INTERNATIONAL.fullmatch(number) and self.settings.international_numbers == "accept":
            return number
        return number if _STAR_CODE.fullmatch(number) and self.settings.star_codes == "accept" else None
