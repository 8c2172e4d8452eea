"""Defects of the group context: selectors that miss their group, resolvers half built, and what is not refused."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallResult
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal
from basix_contract.profile import Group, User


class IdAsText(Behaviour):
    """Group ids are text in this table, and an integer equals none of them."""

    def group_by(self, selector: str, value: Value) -> Group | None:
        """Find no group by a number."""
        return None if selector == "group_id" and isinstance(value, int) else super().group_by(selector, value)


class IdAmongUsers(Behaviour):
    """The existence of a group_id is checked with the function for users."""

    def group_by(self, selector: str, value: Value) -> Group | None:
        """Find a group only where a user has the same id."""
        if selector == "group_id" and not self.directory.users_with("id", value):
            return None
        return super().group_by(selector, value)


class NameLooksAtLabel(Behaviour):
    """The query for group_name was copied from group_label, column and all."""

    def group_by(self, selector: str, value: Value) -> Group | None:
        """Look a name up among the labels."""
        return super().group_by("group_label" if selector == "group_name" else selector, value)


class NameOfRingGroups(Behaviour):
    """Names are looked up among ring groups; call centres have a table of their own that is not asked."""

    def group_by(self, selector: str, value: Value) -> Group | None:
        """Find no call centre by its name."""
        found = super().group_by(selector, value)
        return None if selector == "group_name" and found and found.kind == "CALL_CENTER" else found


class LabelInLowerCase(Behaviour):
    """A given label is put in lower case; the column is not."""

    def group_by(self, selector: str, value: Value) -> Group | None:
        """Look for the lower-case spelling."""
        return super().group_by(
            selector, value.lower() if selector == "group_label" and isinstance(value, str) else value
        )


class LabelInAscii(Behaviour):
    """Labels of groups are checked to be ASCII, as calling names are."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Refuse any other."""
        if name == "group_label" and isinstance(value, str) and not value.isascii():
            return Refusal("invalid_parameter", "a label is an ASCII text")
        return super().read_selector(name, value)


class ExtensionAsNumber(Behaviour):
    """A group's extension is read as a number, so that leading zeros are lost."""

    def group_by(self, selector: str, value: Value) -> Group | None:
        """Look for the number's digits."""
        is_number = selector == "group_extension" and isinstance(value, str) and value.isdecimal()
        return super().group_by(selector, str(int(value)) if is_number else value)


class ExtensionOfUsers(Behaviour):
    """The extension of a group is looked for among the users, who have none of the groups' extensions."""

    def group_by(self, selector: str, value: Value) -> Group | None:
        """Find the group of the user with this extension."""
        if selector != "group_extension":
            return super().group_by(selector, value)
        users = self.directory.users_with("extension", value)
        return next((group for user in users for group in self.directory.groups_of(user)), None)


class DidOfUser(Behaviour):
    """The membership test compares the group's DID with the user's own, a slip for the group's."""

    def group_for(self, selector: str, value: Value, user: User) -> Group | Refusal | None:
        """Refuse a DID that is not the user's."""
        if selector == "group_did" and value != user.did:
            return Refusal("group_not_found", "no such number here")
        return super().group_for(selector, value, user)


class AnyMeansTheOnlyOne(Behaviour):
    """`*` is resolved to "the" group of the user, and several are an error."""

    def groups_by_rule(self, rule: str, user: User) -> tuple[Group, ...]:
        """Fail when there is more than one row."""
        found = super().groups_by_rule(rule, user)
        if rule == "*" and len(found) > 1:
            raise ValueError("one row expected, several found")
        return found


class AnyButCallCentres(Behaviour):
    """`*` looks at ring groups only, and finding none is an error."""

    def resolve_group(self, rule: Any, user: User) -> Group | Refusal | None:
        """Refuse a user who is in call centres only."""
        kinds = {group.kind for group in self.directory.groups_of(user)}
        if rule == "*" and kinds == {"CALL_CENTER"}:
            return Refusal("group_not_found", "the user is in no group")
        return super().resolve_group(rule, user)


class StarOnly(Behaviour):
    """Of the two rules only `*` was built."""

    def knows_rule(self, rule: Any) -> bool:
        """Know no other."""
        return bool(rule == "*")


class FirstGroupDecides(Behaviour):
    """The kind of the user's first group is compared with the rule's, and the others are not looked at."""

    def resolve_group(self, rule: Any, user: User) -> Group | Refusal | None:
        """Refuse a user whose first group is of another kind."""
        kinds = [group.kind for group in self.directory.groups_of(user)]
        if rule == "any:CALL_CENTER" and kinds and kinds[0] != "CALL_CENTER":
            return Refusal("group_not_found", "the user is in no call centre")
        return super().resolve_group(rule, user)


class UnknownGroupPassedOver(Behaviour):
    """Whoever names a group that does not exist gets a call without one."""

    def no_such_group(self) -> Refusal | None:
        """Refuse nothing."""
        return None


class UnknownDidPassedOver(Behaviour):
    """The branch for group_did was written without its else."""

    def group_for(self, selector: str, value: Value, user: User) -> Group | Refusal | None:
        """Pass over a DID no group has."""
        if selector == "group_did" and self.group_by(selector, value) is None:
            return None
        return super().group_for(selector, value, user)


class AnythingThatBeginsWithAny(Behaviour):
    """A rule is known by its first letters."""

    def knows_rule(self, rule: Any) -> bool:
        """Know every text that begins with `any`."""
        return super().knows_rule(rule) or (isinstance(rule, str) and rule.startswith("any"))


class RuleAsGlob(Behaviour):
    """The rule is a pattern for file names, matched against the names of the user's groups."""

    def resolve_group(self, rule: Any, user: User) -> Group | Refusal | None:
        """Take the first group whose name fits, whatever the rule's spelling."""
        if isinstance(rule, str) and not self.knows_rule(rule):
            fitting = [group for group in self.directory.groups_of(user) if fnmatchcase(group.name, rule)]
            if fitting:
                return fitting[0]
        return super().resolve_group(rule, user)


class ResolverLosesCallback(Behaviour):
    """The branch for group_resolver places the call itself, and forgets to hand callback_url on."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell nobody of calls whose group was resolved."""
        return "group_resolver" not in call.request.parameters and super().wants_callback(call, result)


class GroupShadowsUser(Behaviour):
    """Prefixes are stripped before the parameters are read, so that group_name overwrites user_name."""

    def given_user_selectors(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Read the group's value where both have one."""
        found = super().given_user_selectors(parameters)
        return {name: parameters.get(name.replace("user_", "group_"), value) for name, value in found.items()}


def _defect(id_: str, summary: str, kills: str, behaviour: type[Behaviour], *also: tuple[str, str]) -> Defect:
    return Defect(id=id_, family="groups", summary=summary, kills=kills, also=also, behaviour=behaviour)


_EVERY_PARAMETER = ("parameters/all-together", "its group is named by the id")

DEFECTS: tuple[Defect, ...] = (
    _defect("group-id-as-text", "an integer group_id finds no group", "groups/group-id", IdAsText, _EVERY_PARAMETER),
    _defect(
        "group-id-among-users",
        "a group_id is accepted only where a user has the same id",
        "groups/group-id",
        IdAmongUsers,
        _EVERY_PARAMETER,
    ),
    _defect(
        "group-name-looks-at-label",
        "group_name is looked up in the column of labels",
        "groups/group-name",
        NameLooksAtLabel,
        ("examples/accepted", "example 6 names its group so"),
    ),
    _defect("group-name-of-ring-groups", "a call centre's name finds no group", "groups/group-name", NameOfRingGroups),
    _defect(
        "group-label-in-lower-case", "a label with capitals finds no group", "groups/group-label", LabelInLowerCase
    ),
    _defect("group-label-in-ascii", "a label outside ASCII is refused", "groups/group-label", LabelInAscii),
    _defect(
        "group-extension-as-number",
        "a group's extension loses its leading zeros",
        "groups/group-extension",
        ExtensionAsNumber,
    ),
    _defect(
        "group-extension-of-users",
        "a group's extension is looked for among the users",
        "groups/group-extension",
        ExtensionOfUsers,
        ("groups/unknown", "a user's extension is a group's"),
    ),
    _defect("group-did-of-user", "a group's DID is compared with the user's", "groups/group-did", DidOfUser),
    _defect(
        "any-group-means-the-only-one",
        "`*` fails for a user who is in several groups",
        "groups/resolver-any",
        AnyMeansTheOnlyOne,
    ),
    _defect(
        "any-group-but-call-centres",
        "`*` is refused for a user who is in call centres only",
        "groups/resolver-any",
        AnyButCallCentres,
    ),
    _defect("resolver-star-only", "any:CALL_CENTER is refused", "groups/resolver-call-center", StarOnly),
    _defect(
        "resolver-first-group-decides",
        "any:CALL_CENTER is refused for a user whose first group is of another kind",
        "groups/resolver-call-center",
        FirstGroupDecides,
    ),
    _defect("unknown-group-passed-over", "an unknown group is ignored", "groups/unknown", UnknownGroupPassedOver),
    _defect("unknown-group-did-passed-over", "an unknown group_did is ignored", "groups/unknown", UnknownDidPassedOver),
    _defect(
        "resolver-begins-with-any",
        "any group_resolver that begins with `any` is taken",
        "groups/resolver-other",
        AnythingThatBeginsWithAny,
    ),
    _defect("resolver-as-glob", "group_resolver is a pattern for group names", "groups/resolver-other", RuleAsGlob),
    _defect(
        "resolver-loses-callback",
        "a call whose group was resolved by a rule gets no callback",
        "callback/answered",
        ResolverLosesCallback,
    ),
    _defect(
        "group-shadows-user",
        "the group's value is read as the user's where both are named by the same kind of selector",
        "groups/group-id",
        GroupShadowsUser,
        _EVERY_PARAMETER,
        ("examples/accepted", "example 6 names user and group by their names"),
    ),
)
