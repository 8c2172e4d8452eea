"""Defects of the destination as an object: called_number, calling_number and end_user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import fromstring

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Place
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal
from basix_contract.profile import User

_LANDLINE_DIGITS = 10
_PREFECTURE_ENDS = ("都", "道", "府", "県")
_LAST_OF_PLANE = "\uffff"


class NeedsCallingNumber(Behaviour):
    """Whoever gives an object is taken to give a calling_number."""

    def check_details(self, details: Mapping[str, Any]) -> Refusal | None:
        """Refuse an object without one."""
        if "calling_number" not in details and details.get("called_number"):
            return Refusal("missing_parameter", "give destination.calling_number")
        return super().check_details(details)


class NeedsEndUser(Behaviour):
    """The identity is read without looking whether there is one."""

    def detailed_place(self, number: str, calling_number: str | None, end_user: Mapping[str, Any]) -> Place | Refusal:
        """Fail on an object without end_user."""
        if not end_user:
            raise KeyError("end_user")
        return super().detailed_place(number, calling_number, end_user)


class CallingNumberNeedsIdentity(Behaviour):
    """A calling_number is shown together with a name, which is read without looking whether there is one."""

    def detailed_place(self, number: str, calling_number: str | None, end_user: Mapping[str, Any]) -> Place | Refusal:
        """Fail on a calling_number without end_user."""
        if calling_number and not end_user:
            raise KeyError("name")
        return super().detailed_place(number, calling_number, end_user)


class CallingNumberOfCaller(Behaviour):
    """The only number a call may show is the caller's own DID."""

    def find_destination(self, parameters: Mapping[str, Any]) -> Place | Refusal:
        """Refuse the PBX's other numbers."""
        place = super().find_destination(parameters)
        user = self.find_user(parameters)
        is_own = isinstance(user, User) and isinstance(place, Place) and place.calling_number in (None, user.did)
        return place if is_own or isinstance(place, Refusal) else Refusal("invalid_parameter", "not your number")


class CallingNumberOfTenDigits(Behaviour):
    """calling_number is checked against the length of a landline number; 050 numbers have a digit more."""

    def shown_number(self, calling_number: str | None) -> str | Refusal | None:
        """Refuse all but ten digits."""
        if calling_number is not None and len(calling_number) != _LANDLINE_DIGITS:
            return Refusal("invalid_parameter", "calling_number has ten digits")
        return super().shown_number(calling_number)


class EndUserNeedsName(Behaviour):
    """The other parts of an identity are put behind its name, whether there is one or not."""

    def check_end_user(self, end_user: Any) -> Refusal | None:
        """Fail on an identity without name."""
        if end_user:
            _ = end_user["name"]
        return super().check_end_user(end_user)


class PrefecturesOfJapan(Behaviour):
    """prefecture is checked to be one, by how all of them end."""

    def check_end_user(self, end_user: Any) -> Refusal | None:
        """Refuse what does not end so."""
        refusal = super().check_end_user(end_user)
        prefecture = "" if refusal else end_user.get("prefecture", "")
        if prefecture and not prefecture.endswith(_PREFECTURE_ENDS):
            return Refusal("invalid_parameter", "there is no such prefecture")
        return refusal


class ObjectBecomesInline(Behaviour):
    """An object is rewritten as braces before a number, and nothing in it is escaped."""

    def read_details(self, given: Mapping[str, Any]) -> Place | Refusal:
        """Write the identity as text and read it again."""
        place = super().read_details(given)
        if isinstance(place, Refusal) or not place.end_user:
            return place
        pairs = ",".join(f"{key}={value}" for key, value in place.end_user.items())
        written = super().read_inline(f"{{{pairs}}}{place.value}")
        return written if isinstance(written, Refusal) else place


class IdentityInXml(Behaviour):
    """The identity is sent to the CTI server in XML that is put together by hand."""

    def detailed_place(self, number: str, calling_number: str | None, end_user: Mapping[str, Any]) -> Place | Refusal:
        """Fail where that is no XML."""
        for key, value in end_user.items():
            fromstring(f"<{key}>{value}</{key}>")  # noqa: S314 - what it is given, this mock was given on loopback
        return super().detailed_place(number, calling_number, end_user)


class IdentityInQuotes(Behaviour):
    """The identity is logged as JSON that is put together by hand, and read back for the notification."""

    def allows_identity(self, key: str, value: Any) -> bool:
        """Refuse a quote or a backslash."""
        return super().allows_identity(key, value) and not {'"', "\\"}.intersection(str(value))


class IdentityInLatin1(Behaviour):
    """The identity goes into a header, and headers are Latin-1."""

    def check_end_user(self, end_user: Any) -> Refusal | None:
        """Fail on what that cannot write."""
        if isinstance(end_user, dict):
            "".join(str(value) for value in end_user.values()).encode("latin-1")
        return super().check_end_user(end_user)


class IdentityOfThreeBytes(Behaviour):
    """The table of identities has a UTF-8 of three bytes, which knows no emoji."""

    def allows_identity(self, key: str, value: Any) -> bool:
        """Refuse letters of four bytes."""
        return super().allows_identity(key, value) and all(letter <= _LAST_OF_PLANE for letter in str(value))


class IdentityIdIsText(Behaviour):
    """end_user.id is a text in the document's example, so nothing else is taken."""

    def allows_identity(self, key: str, value: Any) -> bool:
        """Refuse an integer."""
        return value is None or isinstance(value, str)


class CallingNumberInstead(Behaviour):
    """Where called_number is absent, the other number of the object is dialled."""

    def read_details(self, given: Mapping[str, Any]) -> Place | Refusal:
        """Take calling_number for it."""
        stand_in = given.get("called_number") or given.get("calling_number")
        return super().read_details({**given, "called_number": stand_in})


class KeyIsEnough(Behaviour):
    """The check asks whether the key is there, not what stands under it."""

    def read_details(self, given: Mapping[str, Any]) -> Place | Refusal:
        """Connect to an empty number when the key is there."""
        if "called_number" in given and not given["called_number"]:
            return Place(kind="pstn", value="")
        return super().read_details(given)


class CamelCaseToo(Behaviour):
    """The JSON library matches keys without regard to case and underscores."""

    def read_details(self, given: Mapping[str, Any]) -> Place | Refusal:
        """Take calledNumber for called_number."""
        plain = {key.replace("_", "").lower(): value for key, value in given.items()}
        return super().read_details({"called_number": plain.get("callednumber"), **given})


def _defect(id_: str, summary: str, kills: str, behaviour: type[Behaviour], *also: tuple[str, str]) -> Defect:
    return Defect(id=id_, family="destination", summary=summary, kills=kills, also=also, behaviour=behaviour)


_OBJECT, _CALLING = "destination/object", "destination/calling-number"
_PERSON, _UNICODE = "destination/end-user", "destination/end-user-unicode"
_LACKING = "destination/no-called-number"
_EXAMPLE_3 = ("examples/accepted", "example 3 has such an object")

DEFECTS: tuple[Defect, ...] = (
    _defect("object-needs-calling-number", "an object without calling_number is refused", _OBJECT, NeedsCallingNumber),
    _defect("object-needs-end-user", "an object without end_user fails inside", _OBJECT, NeedsEndUser),
    _defect(
        "calling-number-needs-end-user",
        "a calling_number without end_user fails inside",
        _CALLING,
        CallingNumberNeedsIdentity,
    ),
    _defect(
        "calling-number-of-caller-only",
        "a calling_number other than the user's DID is refused",
        _CALLING,
        CallingNumberOfCaller,
        (_PERSON, "an identity may come with a calling_number"),
        _EXAMPLE_3,
    ),
    _defect(
        "calling-number-of-ten-digits",
        "a calling_number of eleven digits is refused",
        _CALLING,
        CallingNumberOfTenDigits,
        (_PERSON, "an identity may come with a calling_number"),
        _EXAMPLE_3,
    ),
    _defect("end-user-needs-name", "an end_user without name fails inside", _PERSON, EndUserNeedsName),
    _defect("end-user-prefectures-of-japan", "a prefecture outside Japan is refused", _PERSON, PrefecturesOfJapan),
    _defect("end-user-becomes-inline", "a comma in an end_user fails inside", _PERSON, ObjectBecomesInline),
    _defect("end-user-in-xml", "an ampersand in an end_user fails inside", _PERSON, IdentityInXml),
    _defect("end-user-in-quotes", "a quote or backslash in an end_user is refused", _PERSON, IdentityInQuotes),
    _defect(
        "end-user-in-latin-1",
        "an end_user outside Latin-1 fails inside",
        _UNICODE,
        IdentityInLatin1,
        ("parameters/all-together", "its longest body has Japanese texts"),
        ("body/json-spelling", "letters beyond the first plane are spelt in an end_user"),
    ),
    _defect("end-user-of-three-bytes", "an emoji in an end_user is refused", _UNICODE, IdentityOfThreeBytes),
    _defect(
        "end-user-id-is-text",
        "an integer end_user.id is refused",
        "destination/end-user-id-integer",
        IdentityIdIsText,
    ),
    _defect(
        "calling-number-instead", "without called_number, calling_number is dialled", _LACKING, CallingNumberInstead
    ),
    _defect("called-number-key-is-enough", "a called_number that is empty or null is dialled", _LACKING, KeyIsEnough),
    _defect("called-number-in-camel-case", "calledNumber is taken for called_number", _LACKING, CamelCaseToo),
)
