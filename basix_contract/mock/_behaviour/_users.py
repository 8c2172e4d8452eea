"""Which user is rung."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from basix_contract.mock._behaviour._selectors import SelectorRules
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal
from basix_contract.mock._words import attribute_of
from basix_contract.profile import User


class UserRules(SelectorRules):
    """Decisions about the six user selectors (A01–A06, A12)."""

    def find_user(self, parameters: Mapping[str, Any]) -> User | Refusal:
        """Return the user to ring, or why there is none."""
        selectors = self.given_user_selectors(parameters)
        refusal = self.check_user_selectors(selectors)
        if refusal is not None:
            return refusal
        values: dict[str, Value] = {}
        for name, given in selectors.items():
            value = self.read_selector(name, given)
            if isinstance(value, Refusal):
                return value
            values[name] = value
        return self.choose_user(values)

    def given_user_selectors(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the user selectors among the parameters, in the order of the document's table."""
        return {name: parameters[name] for name in self.words.user_selectors if name in parameters}

    def check_user_selectors(self, selectors: Mapping[str, Any]) -> Refusal | None:
        """Refuse a request without any user selector, and with several where the switch says so."""
        if not selectors:
            return Refusal("missing_parameter", f"give one of {', '.join(self.words.user_selectors)}")
        if len(selectors) > 1 and not self.settings.accepts_several_selectors:
            return Refusal("invalid_parameter", "give one user selector only")
        return None

    def choose_user(self, values: Mapping[str, Value]) -> User | Refusal:
        """Return the user these selectors lead to, by the precedence that is set (A02)."""
        found = [self.user_by(name, value) for name, value in values.items()]
        users = [user for user in found if isinstance(user, User)]
        if not users:
            return found[0]
        if self.settings.selector_precedence == "all-must-agree":
            return users[0] if all(entry == users[0] for entry in found) else self.no_such_user()
        return users[0] if self.settings.selector_precedence == "first-that-resolves" else found[0]

    def user_by(self, selector: str, value: Value) -> User | Refusal:
        """Return the user one selector leads to."""
        users = self.users_with(selector, value)
        is_shared = len(users) > 1 and self.settings.shared_label == "error"
        return users[0] if users and not is_shared else self.no_such_user()

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Return every user of the directory whom this selector fits."""
        return self.directory.users_with(attribute_of(selector), value, self.is_same)

    def no_such_user(self) -> Refusal:
        """Return the refusal of a request that leads to no user."""
        return Refusal("user_not_found", "no user has this selector")
