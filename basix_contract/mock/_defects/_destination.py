"""Defects of the destination: absent ones, what they are looked up as, and the inline form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import CallRequest, Place
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal

_OPERATOR = Place(kind="extension", value="0")


class AbsentIsMailbox(Behaviour):
    """A call without destination ends in the user's own mailbox."""

    def find_destination(self, parameters: Mapping[str, Any]) -> Place | Refusal:
        """Put the mailbox in."""
        if "destination" not in parameters:
            return Place(kind="voicemail", value="uservoicemail")
        return super().find_destination(parameters)


class AbsentIsLastOne(Behaviour):
    """The destination is a field of an object that is kept from call to call."""

    def find_destination(self, parameters: Mapping[str, Any]) -> Place | Refusal:
        """Connect to where the last call went."""
        last = self.state.last_call
        if "destination" not in parameters and last is not None:
            return last.request.destination
        return super().find_destination(parameters)


class NumberWithoutZero(Behaviour):
    """A destination of digits is read as a number and loses its leading zero."""

    def read_text(self, given: str) -> Place | Refusal:
        """Read the digits and write them again."""
        return super().read_text(str(int(given)) if given.isdecimal() else given)


class BusyLineRefused(Behaviour):
    """The line is asked for its state before anybody is rung, and a busy one is refused."""

    def resolve_place(self, text: str) -> Place:
        """Find nothing where a number is on a call."""
        place = super().resolve_place(text)
        is_busy = place.kind == "pstn" and place.outcome == "busy"
        return Place(kind="nowhere", value=text, outcome="unknown") if is_busy else place


class UserByLabel(Behaviour):
    """Users as destinations are looked up by their labels."""

    def user_place(self, text: str) -> Place | None:
        """Return the user of this label."""
        users = self.directory.users_with("label", text)
        return Place(kind="user", value=text, outcome=users[0].outcome) if users else None

    def listed_place(self, text: str) -> Place | None:
        """Return what is listed, but for users."""
        place = super().listed_place(text)
        return None if place is not None and place.kind == "user" else place


class OnlyDiallable(Behaviour):
    """A destination goes through the filter for numbers first, and letters do not pass it."""

    def read_text(self, given: str) -> Place | Refusal:
        """Refuse a text with letters."""
        if any(letter.isalpha() for letter in given):
            return Refusal("invalid_parameter", "a destination is dialled")
        return super().read_text(given)


class GroupsByExtensionOnly(Behaviour):
    """Groups are reached by their extensions; whoever built it never tried a name."""

    def resolve_place(self, text: str) -> Place:
        """Find nothing where only a group has this name."""
        place = super().resolve_place(text)
        return Place(kind="nowhere", value=text, outcome="unknown") if place.kind == "group" else place


class ExtensionsOfGroupsOnly(Behaviour):
    """Extensions as destinations are looked up among the groups, where the queues are."""

    def resolve_place(self, text: str) -> Place:
        """Find nothing where only a user has this extension."""
        place = super().resolve_place(text)
        is_group = bool(self.directory.groups_with("extension", text))
        return place if place.kind != "extension" or is_group else Place(kind="nowhere", value=text, outcome="unknown")


class ShortNumbersRefused(Behaviour):
    """Whatever has fewer than five digits is taken for a special service and refused."""

    def read_text(self, given: str) -> Place | Refusal:
        """Refuse short numbers."""
        if given.isdecimal() and len(given) < len("10000"):
            return Refusal("invalid_parameter", "special services are not called from here")
        return super().read_text(given)


class InlineOnePair(Behaviour):
    """The text in the braces is split at its first `=` only, so that there is one pair and its value has commas."""

    def read_pairs(self, text: str) -> dict[str, str] | None:
        """Refuse a value with another pair in it."""
        key, _, value = text.partition("=")
        return None if "=" in value else {key: value}


class InlineWithoutBlanks(Behaviour):
    """Whoever wrote the pattern for a value thought of one word."""

    def read_inline(self, given: str) -> Place | Refusal:
        """Refuse blanks in the braces."""
        if " " in given.partition("}")[0]:
            return Refusal("invalid_parameter", "write {name=…}number")
        return super().read_inline(given)


class InlineNeedsName(Behaviour):
    """An identity without a name is no identity."""

    def check_inline_keys(self, pairs: Mapping[str, str]) -> Refusal | None:
        """Refuse braces without `name`."""
        if "name" not in pairs:
            return Refusal("missing_parameter", "write {name=…}number")
        return super().check_inline_keys(pairs)


class InlineInOrder(Behaviour):
    """The pattern has the keys in the order of the document's example."""

    def check_inline_keys(self, pairs: Mapping[str, str]) -> Refusal | None:
        """Refuse `organization` before `name`."""
        named = [key for key in pairs if key in ("name", "organization")]
        if named == ["organization", "name"]:
            return Refusal("invalid_parameter", "write {name=…,organization=…}number")
        return super().check_inline_keys(pairs)


class InlineTwoKeys(Behaviour):
    """The two keys of the document's example were built, and no other."""

    def check_inline_keys(self, pairs: Mapping[str, str]) -> Refusal | None:
        """Refuse the others."""
        if not {"name", "organization"}.issuperset(pairs):
            return Refusal("unknown_parameter", "the braces hold name and organization")
        return super().check_inline_keys(pairs)


class InlineBreaksTemplate(Behaviour):
    """What is told to callback_url is a template with the destination in it, and braces mean something there."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Fail on braces in a call that has a callback_url."""
        given = request.parameters["destination"]
        if request.callback_url and isinstance(given, str) and "{" in given:
            raise KeyError(given)
        return super().check_limits(request)


class InlineOutsideGroups(Behaviour):
    """With a group context the group's own identity is shown, and one in braces is refused as a second."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse both together."""
        given = request.parameters["destination"]
        if request.group is not None and isinstance(given, str) and given.startswith("{"):
            return Refusal("invalid_parameter", "the group has an identity already")
        return super().check_limits(request)


class ZeroIsOperator(Behaviour):
    """A number is written as text first, and 0 is the operator."""

    def read_destination(self, given: Any) -> Place | Refusal:
        """Connect 0 to the operator."""
        return _OPERATOR if given == 0 and type(given) is int else super().read_destination(given)


class FirstOfList(Behaviour):
    """A list of destinations is tried in order; whether the first is one is seen when it is dialled."""

    def read_destination(self, given: Any) -> Place | Refusal:
        """Take the first entry for a number."""
        if isinstance(given, list) and given:
            return Place(kind="pstn", value=str(given[0]))
        return super().read_destination(given)


class TrueIsDialled(Behaviour):
    """Any scalar is written as text and dialled; that nobody is called `True` shows in the second leg."""

    def read_destination(self, given: Any) -> Place | Refusal:
        """Dial a boolean's spelling."""
        return Place(kind="pstn", value=str(given)) if given is True else super().read_destination(given)


def _defect(id_: str, summary: str, kills: str, behaviour: type[Behaviour], *also: tuple[str, str]) -> Defect:
    return Defect(id=id_, family="destination", summary=summary, kills=kills, also=also, behaviour=behaviour)


_EMPTY = ("destination/not-a-destination", "an empty destination counts as absent")
_EXAMPLE_2 = ("examples/accepted", "example 2 connects to a user by name")
_EXAMPLE_5 = ("examples/accepted", "example 5 has name and organization in braces")
_OTHER_KEYS = ("destination/inline-other-keys", "braces with other keys break the same rule")

DEFECTS: tuple[Defect, ...] = (
    _defect(
        "no-destination-is-mailbox",
        "a call without destination is connected to the user's mailbox",
        "destination/absent",
        AbsentIsMailbox,
        _EMPTY,
    ),
    _defect(
        "no-destination-is-last-one",
        "a call without destination is connected to where the last call went",
        "destination/absent",
        AbsentIsLastOne,
        _EMPTY,
    ),
    _defect(
        "number-without-zero",
        "a number loses its leading zero and is no number any more",
        "reply/plain-call",
        NumberWithoutZero,
        ("selectors/user-id", "its row does not need the plain call, and goes to a number too"),
    ),
    _defect("busy-line-refused", "a number that is busy is refused at once", "destination/pstn", BusyLineRefused),
    _defect(
        "destination-user-by-label",
        "a user as destination is looked up by label",
        "destination/user",
        UserByLabel,
        _EXAMPLE_2,
    ),
    _defect(
        "destination-only-diallable",
        "a destination with letters is refused",
        "destination/user",
        OnlyDiallable,
        ("destination/group", "a group's name has letters too"),
        _EXAMPLE_2,
    ),
    _defect(
        "destination-groups-by-extension-only",
        "a group's name leads nowhere",
        "destination/group",
        GroupsByExtensionOnly,
    ),
    _defect(
        "destination-extensions-of-groups-only",
        "a user's extension leads nowhere",
        "destination/extension",
        ExtensionsOfGroupsOnly,
    ),
    _defect(
        "destination-short-numbers-refused",
        "an extension is refused as a special service's number",
        "destination/extension",
        ShortNumbersRefused,
    ),
    _defect("inline-one-pair", "two pairs in braces are refused", "destination/inline", InlineOnePair, _EXAMPLE_5),
    _defect(
        "inline-without-blanks",
        "a blank in braces is refused",
        "destination/inline",
        InlineWithoutBlanks,
        _EXAMPLE_5,
    ),
    _defect(
        "inline-needs-name", "braces without a name are refused", "destination/inline", InlineNeedsName, _OTHER_KEYS
    ),
    _defect("inline-in-order", "organization before name is refused", "destination/inline", InlineInOrder),
    _defect("inline-two-keys", "id, avatar and prefecture in braces are refused", _OTHER_KEYS[0], InlineTwoKeys),
    _defect(
        "inline-breaks-callback-template",
        "a call with braces and a callback_url fails inside",
        "examples/accepted",
        InlineBreaksTemplate,
    ),
    _defect(
        "inline-outside-groups-only",
        "braces are refused where a group context is given",
        "destination/inline",
        InlineOutsideGroups,
    ),
    _defect("zero-is-operator", "0, a number, is taken for the operator", _EMPTY[0], ZeroIsOperator),
    _defect("destination-first-of-list", "the first of a list of destinations is dialled", _EMPTY[0], FirstOfList),
    _defect("destination-true-is-dialled", "true is dialled as a text", _EMPTY[0], TrueIsDialled),
)
