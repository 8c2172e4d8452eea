"""Defects of requests that name a user twice, or nobody: several, none, unknown and empty selectors, wrong types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import CallRequest, Leg
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal
from basix_contract.mock._words import attribute_of
from basix_contract.profile import User


class ExactlyOneSelector(Behaviour):
    """Whoever wrote the validation read "one of them" as "exactly one"."""

    def check_user_selectors(self, selectors: Mapping[str, Any]) -> Refusal | None:
        """Refuse a second selector."""
        if len(selectors) > 1:
            return Refusal("invalid_parameter", "give one user selector only")
        return super().check_user_selectors(selectors)


class RingsPerSelector(Behaviour):
    """Each selector is hunted for on its own, and all that is found is rung."""

    def build_legs(self, request: CallRequest) -> list[Leg]:
        """Build the legs once for each selector."""
        selectors = self.given_user_selectors(request.parameters)
        return [leg for _ in selectors for leg in super(RingsPerSelector, self).build_legs(request)]


class EmptyEmailRefused(Behaviour):
    """user_email is checked as an address before anybody looks whether it is needed."""

    def refuses_empty(self, name: str, value: Any) -> bool:
        """Refuse the empty address."""
        return name == "user_email" or super().refuses_empty(name, value)


class LastUserAgain(Behaviour):
    """The variable for the user is never cleared, so a request without one rings whoever was rung last."""

    def find_user(self, parameters: Mapping[str, Any]) -> User | Refusal:
        """Ring the user of the last call."""
        last = self.state.last_call
        if last is not None and not self.given_user_selectors(parameters):
            return last.request.user
        return super().find_user(parameters)


class GroupRingsMember(Behaviour):
    """A group without a user is taken for the order to ring one of its members."""

    def find_user(self, parameters: Mapping[str, Any]) -> User | Refusal:
        """Ring the first member."""
        if not self.given_user_selectors(parameters):
            for name, given in self.given_group_selectors(parameters).items():
                value = self.read_selector(name, given)
                group = None if isinstance(value, Refusal) else self.group_by(name, value)
                members = [user for user in self.directory.users if group and group.name in user.groups]
                if members:
                    return members[0]
        return super().find_user(parameters)


class UnknownDidRingsOperator(Behaviour):
    """A DID nobody has goes to the operator, as it does for calls that come in."""

    def user_by(self, selector: str, value: Value) -> User | Refusal:
        """Return the first user in place of nobody."""
        found = super().user_by(selector, value)
        return self.directory.users[0] if isinstance(found, Refusal) and selector == "user_did" else found


class LooksUpLater(Behaviour):
    """The request is queued and answered; whether there is such a user is found out when it is worked off."""

    def user_by(self, selector: str, value: Value) -> User | Refusal:
        """Return an entry without terminals in place of nobody."""
        found = super().user_by(selector, value)
        return User(label=str(value), terminals=0) if isinstance(found, Refusal) else found


class EmptyMeetsEmpty(Behaviour):
    """An empty text is compared like any other, and columns that were never filled in hold empty texts."""

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Let an empty selector lead to the first user who has nothing there."""
        given = super().given_parameters(body)
        if isinstance(given, Refusal) or self.given_user_selectors(given):
            return given
        empty = [attribute_of(name) for name in self.words.user_selectors if body.get(name) == ""]
        blank = [user for user in self.directory.users if empty and not any(getattr(user, column) for column in empty)]
        return {**given, "user_name": blank[0].name} if blank else given


class NullIsNoFilter(Behaviour):
    """The query builder leaves conditions on null out; a query without conditions finds everybody."""

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Let a null selector lead to the first user of all."""
        given = super().given_parameters(body)
        if isinstance(given, Refusal) or self.given_user_selectors(given):
            return given
        is_null = any(name in body and body[name] is None for name in self.words.user_selectors)
        return {**given, "user_name": self.directory.users[0].name} if is_null else given


class TextIsZero(Behaviour):
    """The database compares a text with `false` as numbers, and a text without digits is 0 there."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Let false stand for the first text that is no number."""
        if value is False and name in self.words.user_selectors:
            column = [str(getattr(user, attribute_of(name)) or "1") for user in self.directory.users]
            return next((own for own in column if own[0].isalpha()), "")
        return super().read_selector(name, value)


class TrueEqualsAnyText(Behaviour):
    """The comparison is loose: any text that is not empty equals `true`."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Let true stand for the first user's own value."""
        if value is True and name in self.words.user_selectors:
            return str(getattr(self.directory.users[0], attribute_of(name)))
        return super().read_selector(name, value)


class EmptyListIsNoFilter(Behaviour):
    """A selector may be a list inside; an empty one sets no condition."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Let an empty list stand for the first user's own value."""
        if value == [] and name in self.words.user_selectors:
            own: Value = getattr(self.directory.users[0], attribute_of(name))
            return own
        return super().read_selector(name, value)


class ObjectIsQuery(Behaviour):
    """An object goes into the document store's query as it is, and its operators are obeyed."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Let an object with an operator stand for the first user's own value."""
        if isinstance(value, dict) and name in self.words.user_selectors and any(key[:1] == "$" for key in value):
            own: Value = getattr(self.directory.users[0], attribute_of(name))
            return own
        return super().read_selector(name, value)


class NameNameIsUserName(Behaviour):
    """The misprint in the document was built, as a second spelling."""

    def given_parameters(self, body: Mapping[str, Any]) -> dict[str, Any] | Refusal:
        """Take name_name for user_name where that is absent."""
        spelled = {"user_name" if name == "name_name" else name: value for name, value in body.items()}
        return super().given_parameters({**spelled, **body})


class SelectorBySuffix(Behaviour):
    """A selector is known by the end of its name, so that anything that ends alike will do."""

    def given_user_selectors(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Take a parameter that ends as an absent selector does for it."""
        found = super().given_user_selectors(parameters)
        if found:
            return found
        ends = {f"_{attribute_of(name)}": name for name in self.words.user_selectors}
        alike = {ends[end]: value for key, value in parameters.items() for end in ends if key.endswith(end)}
        return super().given_user_selectors(alike)


_SIMILAR = (("selectors/look-alike", "a value that resembles a user's is nobody's"),)
_NOBODY_AT_ALL = (*_SIMILAR, ("selectors/empty", "a selector of blanks names nobody either"))

DEFECTS: tuple[Defect, ...] = (
    Defect(
        id="exactly-one-selector",
        family="selectors",
        summary="two selectors of one user are refused",
        kills="selectors/vendor-pair",
        behaviour=ExactlyOneSelector,
    ),
    Defect(
        id="rings-per-selector",
        family="selectors",
        summary="a user named by two selectors is rung twice on each terminal",
        kills="selectors/vendor-pair",
        behaviour=RingsPerSelector,
    ),
    Defect(
        id="empty-email-refused",
        family="selectors",
        summary="an empty user_email is refused although a good user_name stands beside it",
        kills="selectors/empty-beside-good",
        behaviour=EmptyEmailRefused,
    ),
    Defect(
        id="no-selector-rings-last-user",
        family="selectors",
        summary="a request without a user rings whoever was rung last",
        kills="selectors/none",
        also=(
            ("selectors/empty", "an empty selector counts as absent"),
            ("selectors/name-name", "a parameter that does not exist is no selector"),
        ),
        behaviour=LastUserAgain,
    ),
    Defect(
        id="group-rings-a-member",
        family="selectors",
        summary="a group selector without a user rings the group's first member",
        kills="selectors/none",
        also=(
            ("selectors/empty", "a request without a good user may name a group"),
            ("selectors/name-name", "a request without a good user may name a group"),
            ("selectors/wrong-type", "a request without a good user may name a group"),
        ),
        behaviour=GroupRingsMember,
    ),
    Defect(
        id="unknown-did-rings-operator",
        family="selectors",
        summary="a user_did that nobody has rings the first user",
        kills="selectors/unknown",
        also=_NOBODY_AT_ALL,
        behaviour=UnknownDidRingsOperator,
    ),
    Defect(
        id="user-looked-up-later",
        family="selectors",
        summary="a call to nobody is accepted and fails afterwards",
        kills="selectors/unknown",
        also=_NOBODY_AT_ALL,
        behaviour=LooksUpLater,
    ),
    Defect(
        id="empty-selector-meets-empty-column",
        family="selectors",
        summary="an empty selector rings the first user who has nothing in that column",
        kills="selectors/empty",
        behaviour=EmptyMeetsEmpty,
    ),
    Defect(
        id="null-selector-is-no-filter",
        family="selectors",
        summary="a selector that is null rings the first user",
        kills="selectors/empty",
        behaviour=NullIsNoFilter,
    ),
    Defect(
        id="false-equals-any-text",
        family="selectors",
        summary="false as a name, a label or an e-mail rings the first user, as a text is 0 to the database",
        kills="selectors/wrong-type",
        behaviour=TextIsZero,
    ),
    Defect(
        id="true-equals-any-text",
        family="selectors",
        summary="true as a selector rings the first user, as any text equals it loosely",
        kills="selectors/wrong-type",
        behaviour=TrueEqualsAnyText,
    ),
    Defect(
        id="empty-list-is-no-filter",
        family="selectors",
        summary="an empty list as a selector rings the first user",
        kills="selectors/wrong-type",
        behaviour=EmptyListIsNoFilter,
    ),
    Defect(
        id="selector-object-is-a-query",
        family="selectors",
        summary='an object such as {"$ne": null} as a selector is obeyed as a query',
        kills="selectors/wrong-type",
        behaviour=ObjectIsQuery,
    ),
    Defect(
        id="name-name-is-user-name",
        family="selectors",
        summary="name_name is taken for user_name",
        kills="selectors/name-name",
        behaviour=NameNameIsUserName,
    ),
    Defect(
        id="selector-by-suffix",
        family="selectors",
        summary="any parameter whose name ends as a selector's does is taken for it",
        kills="selectors/name-name",
        behaviour=SelectorBySuffix,
    ),
)
