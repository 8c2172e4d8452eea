"""Defects of the six user selectors, each on its own: a user who can be called by all but one of them."""

from __future__ import annotations

import unicodedata
from typing import Any
from zlib import crc32

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal
from basix_contract.profile import User

_SLOTS = 53
_LABEL_BYTES = 20
_WIDEST_NAME = 64
_SOUNDS = {
    letter: digit
    for digit, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), start=1)
    for letter in letters
}


class IdInSixDigits(Behaviour):
    """Numbers are written into the query with six significant digits."""

    def read_id(self, value: Any) -> int | None:
        """Round the id as `%g` does."""
        number = super().read_id(value)
        return None if number is None else int(float(f"{number:g}"))


class IdSlotUnchecked(Behaviour):
    """Rows are kept in a hash table whose readers trust the slot and do not compare the id."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Return whoever was put into the slot first."""
        found = super().users_with(selector, value)
        if selector != "user_id" or not found:
            return found
        slot = _slot(value)
        return tuple(user for user in self.directory.users if user.id is not None and _slot(user.id) == slot)[:1]


class NameLooksAtLabel(Behaviour):
    """The query for user_name was copied from user_label, column and all."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Look a name up among the labels."""
        return super().users_with("user_label" if selector == "user_name" else selector, value)


class NameBySound(Behaviour):
    """user_name goes through the telephone book's search, which finds what sounds alike."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Find names by their Soundex code."""
        if selector != "user_name":
            return super().users_with(selector, value)
        return tuple(user for user in self.directory.users if _soundex(user.name) == _soundex(str(value)))


class LabelInQuotes(Behaviour):
    """The label is pasted into the query between apostrophes."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Fail as the database does on a quote too many."""
        if selector == "user_label" and "'" in str(value):
            raise ValueError("syntax error in the query")
        return super().users_with(selector, value)


class LabelCutAtComma(Behaviour):
    """Labels are read like mail headers: what follows a comma is the next one."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Keep what stands before the comma."""
        read = super().read_selector(name, value)
        return read.partition(",")[0] if name == "user_label" and isinstance(read, str) else read


class LabelDecomposed(Behaviour):
    """A given label is normalised, with letters and marks apart; the column is not."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Take the label apart."""
        read = super().read_selector(name, value)
        return unicodedata.normalize("NFD", read) if name == "user_label" and isinstance(read, str) else read


class LabelOfTwentyBytes(Behaviour):
    """The label is bound as twenty bytes, which are more than twenty letters of ASCII only."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Cut the label at its twentieth byte."""
        read = super().read_selector(name, value)
        if name != "user_label" or not isinstance(read, str):
            return read
        return read.encode("utf-8", "replace")[:_LABEL_BYTES].decode("utf-8", "ignore")


class ExtensionAsNumber(Behaviour):
    """An extension is read as a number, so that leading zeros are lost."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Read the digits and write them again."""
        read = super().read_selector(name, value)
        is_number = name == "user_extension" and isinstance(read, str) and read.isdecimal()
        return str(int(read)) if is_number and not isinstance(read, Refusal) else read


class ExtensionBehindTrunkCode(Behaviour):
    """A leading zero is taken for the code of an outside line, even in a selector."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Refuse extensions that begin with it."""
        if name == "user_extension" and str(value).startswith("0"):
            return Refusal("invalid_parameter", "an extension does not begin with the trunk code")
        return super().read_selector(name, value)


class DidOfTenDigits(Behaviour):
    """A DID is checked against the length of a landline number; 050 numbers have a digit more."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Refuse all but ten digits."""
        if name == "user_did" and len(str(value)) != len("0312341234"):
            return Refusal("invalid_parameter", "a DID has ten digits")
        return super().read_selector(name, value)


class DidWithCountryCode(Behaviour):
    """A given DID is brought into the international form; the column holds the domestic one."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Put the country code in place of the zero."""
        read = super().read_selector(name, value)
        return f"+81{read.removeprefix('0')}" if name == "user_did" and isinstance(read, str) else read


class DidLooksAtExtension(Behaviour):
    """The query for user_did still names the column of the one above it."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Look a DID up among the extensions."""
        return super().users_with("user_extension" if selector == "user_did" else selector, value)


class EmailOfOwnDomain(Behaviour):
    """An e-mail is split, and its domain must be that of the PBX."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Refuse addresses elsewhere."""
        if name == "user_email" and not str(value).endswith(f"@{self.directory.domain}"):
            return Refusal("user_not_found", "the address is of another domain")
        return super().read_selector(name, value)


def _slot(id_: Value) -> int:
    return crc32(str(id_).encode()) % _SLOTS


def _soundex(name: str) -> str:
    """Write a name as its first letter and three digits for the consonants after it."""
    if not name:
        return ""
    digits, before = "", _SOUNDS.get(name[0].lower())
    for letter in name[1:_WIDEST_NAME].lower():
        digit = _SOUNDS.get(letter)
        if digit is not None and digit != before:
            digits += str(digit)
        if letter not in "hw":
            before = digit
    return (name[0].upper() + digits + "000")[:4]


DEFECTS: tuple[Defect, ...] = (
    Defect(
        id="user-id-in-six-digits",
        family="selectors",
        summary="ids are rounded to six significant digits on their way to the database",
        kills="selectors/user-id",
        also=(
            ("reply/plain-call", "a plain call names its user by the id"),
            ("destination/pstn", "so does every call to a number"),
        ),
        behaviour=IdInSixDigits,
    ),
    Defect(
        id="user-id-slot-unchecked",
        family="selectors",
        summary="an id whose hash collides with another's rings that other user",
        kills="selectors/user-id",
        also=(("uuids/per-leg", "the other user has another number of terminals"),),
        behaviour=IdSlotUnchecked,
    ),
    Defect(
        id="user-name-looks-at-label",
        family="selectors",
        summary="user_name is looked up in the column of labels",
        kills="selectors/user-name",
        also=(
            ("selectors/look-alike", "a label given as user_name calls its user"),
            ("examples/accepted", "the examples name their users by user_name"),
        ),
        behaviour=NameLooksAtLabel,
    ),
    Defect(
        id="user-name-by-sound",
        family="selectors",
        summary="user_name finds the first user whose name sounds alike",
        kills="selectors/user-name",
        also=(
            ("selectors/look-alike", "a name with a letter less sounds alike"),
            ("uuids/per-leg", "another user with other terminals is rung"),
            ("selectors/unknown", "a name that nobody has may sound like a user's"),
        ),
        behaviour=NameBySound,
    ),
    Defect(
        id="user-label-in-quotes",
        family="selectors",
        summary="a label with an apostrophe breaks the query",
        kills="selectors/user-label",
        behaviour=LabelInQuotes,
    ),
    Defect(
        id="user-label-cut-at-comma",
        family="selectors",
        summary="a label with a comma is cut there and names nobody",
        kills="selectors/user-label",
        also=(("selectors/look-alike", "a label with a comma and more behind it calls its user"),),
        behaviour=LabelCutAtComma,
    ),
    Defect(
        id="user-label-decomposed",
        family="selectors",
        summary="a given label is decomposed (NFD) before it is compared",
        kills="selectors/label-unicode",
        behaviour=LabelDecomposed,
    ),
    Defect(
        id="user-label-of-twenty-bytes",
        family="selectors",
        summary="labels are cut after twenty bytes, in the middle of what is not ASCII",
        kills="selectors/label-unicode",
        behaviour=LabelOfTwentyBytes,
    ),
    Defect(
        id="user-extension-as-number",
        family="selectors",
        summary="an extension loses its leading zeros",
        kills="selectors/user-extension",
        also=(("selectors/look-alike", "an extension with a zero before it calls its user"),),
        behaviour=ExtensionAsNumber,
    ),
    Defect(
        id="user-extension-behind-trunk-code",
        family="selectors",
        summary="an extension that begins with 0 is refused as an outside line",
        kills="selectors/user-extension",
        behaviour=ExtensionBehindTrunkCode,
    ),
    Defect(
        id="user-did-of-ten-digits",
        family="selectors",
        summary="a DID of eleven digits is refused",
        kills="selectors/user-did",
        behaviour=DidOfTenDigits,
    ),
    Defect(
        id="user-did-with-country-code",
        family="selectors",
        summary="a DID is looked for in the international form, which the directory does not hold",
        kills="selectors/user-did",
        behaviour=DidWithCountryCode,
    ),
    Defect(
        id="user-did-looks-at-extension",
        family="selectors",
        summary="user_did is looked up in the column of extensions",
        kills="selectors/user-did",
        also=(("selectors/look-alike", "an extension given as user_did calls its user"),),
        behaviour=DidLooksAtExtension,
    ),
    Defect(
        id="user-email-of-own-domain",
        family="selectors",
        summary="an e-mail outside the PBX's own domain is refused",
        kills="selectors/user-email",
        also=(("examples/accepted", "example 5 names its user by such an address"),),
        behaviour=EmailOfOwnDomain,
    ),
)
