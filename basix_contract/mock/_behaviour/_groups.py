"""On whose behalf a call is placed: the group context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from basix_contract.mock._behaviour._selectors import SelectorRules
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal
from basix_contract.mock._words import attribute_of
from basix_contract.profile import Group, User


class GroupRules(SelectorRules):
    """Decisions about the six group selectors (A07–A12)."""

    def find_group(self, parameters: Mapping[str, Any], user: User) -> Group | Refusal | None:
        """Return the group context of a call to this user; None for a call without."""
        selectors = self.given_group_selectors(parameters)
        refusal = self.check_group_selectors(selectors)
        if refusal is not None or not selectors:
            return refusal
        name, given = next(iter(selectors.items()))
        if name == self.words.resolver:
            return self.resolve_group(given, user)
        value = self.read_selector(name, given)
        return value if isinstance(value, Refusal) else self.group_for(name, value, user)

    def given_group_selectors(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the group selectors among the parameters, in the order of the document's table."""
        return {name: parameters[name] for name in self.words.group_selectors if name in parameters}

    def check_group_selectors(self, selectors: Mapping[str, Any]) -> Refusal | None:
        """Refuse several group selectors where the switch says so; else the first one counts (A07, A08)."""
        if len(selectors) > 1 and self.settings.several_groups == "error":
            return Refusal("invalid_parameter", "give one group selector only")
        return None

    def group_for(self, selector: str, value: Value, user: User) -> Group | Refusal | None:
        """Return the group one selector leads to, if this user may speak for it."""
        group = self.group_by(selector, value)
        if group is None:
            return self.no_such_group()
        return group if self.allows_group(group, user) else Refusal("group_not_found", "not a member")

    def group_by(self, selector: str, value: Value) -> Group | None:
        """Return the group one selector leads to, if any."""
        return next(iter(self.directory.groups_with(attribute_of(selector), value, self.is_same)), None)

    def no_such_group(self) -> Refusal | None:
        """Return the refusal of a group that does not exist; None where such a group is passed over."""
        if self.settings.unknown_group == "ignored":
            return None
        return Refusal("group_not_found", "no group has this selector")

    def allows_group(self, group: Group, user: User) -> bool:
        """Whether this user may be rung on behalf of this group (A11)."""
        return not self.settings.group_membership_enforced or group.name in user.groups

    def resolve_group(self, rule: Any, user: User) -> Group | Refusal | None:
        """Return a group of the user's by this rule: `*` any, `any:CALL_CENTER` any of that kind."""
        if not self.knows_rule(rule):
            if self.settings.unknown_resolver == "plain" and isinstance(rule, str):
                return None
            return Refusal("invalid_parameter", f"no such rule; known: {', '.join(self.words.rules)}")
        groups = self.groups_by_rule(rule, user)
        return self.random.choice(groups) if groups else self.no_group_by_rule()

    def knows_rule(self, rule: Any) -> bool:
        """Whether this is one of the documented rules, letter for letter (A09)."""
        return isinstance(rule, str) and rule in self.words.rules

    def groups_by_rule(self, rule: str, user: User) -> tuple[Group, ...]:
        """Return the groups of the user among which the rule lets chance choose."""
        kind = rule.partition(":")[2]
        return tuple(group for group in self.directory.groups_of(user) if kind in ("", group.kind))

    def no_group_by_rule(self) -> Refusal | None:
        """Return the refusal of a rule that no group of the user's fits; None for a call without group."""
        if self.settings.resolver_without_group == "plain":
            return None
        return Refusal("group_not_found", "the user is in no such group")
