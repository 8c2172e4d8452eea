"""Group context: each group selector, the two resolvers, and groups that are unknown, several or foreign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import Group, User
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk

_RESOLVER = "group_resolver"
_RESOLVERS = (("*", "groups/resolver-any"), ("any:CALL_CENTER", "groups/resolver-call-center"))
_OTHER_RESOLVERS = ("", "any", "any:", "**", "any:SALES", "CALL_CENTER")


def plan_groups(desk: Desk) -> tuple[Scenario, ...]:
    """Plan everything about the group a call is placed for."""
    return (
        *desk.family("groups", _known(desk)),
        *desk.family("groups-resolver", _resolvers(desk)),
        *desk.family("groups-refused", _refused(desk), phase="alone"),
        *desk.family("groups-open", _open(desk)),
    )


def _members(desk: Desk) -> Iterator[tuple[User, Group]]:
    for user in desk.profile.users_who("answers"):
        for group in desk.groups_of(user):
            yield user, group


def _known(desk: Desk) -> Iterator[Step]:
    for user, group in _members(desk):
        for name, value in desk.group_members(group).items():
            probe = "groups/" + name.replace("_", "-")
            yield desk.step(probe, f"{name} of a group of the user", desk.call(user, **{name: value}), user=user)


def _resolvers(desk: Desk) -> Iterator[Step]:
    for user in desk.profile.users_who("answers"):
        kinds = {group.kind for group in desk.groups_of(user)}
        for resolver, probe in _RESOLVERS:
            if kinds and (resolver == "*" or "CALL_CENTER" in kinds):
                yield desk.step(
                    probe, f"group_resolver {resolver}", desk.call(user, **{_RESOLVER: resolver}), user=user
                )


def _refused(desk: Desk) -> Iterator[Step]:
    found = next(reversed([*_members(desk)]), None)  # not whom the good calls begin with: they come at the same time
    if found is None:
        return
    user, group = found
    own = desk.group_members(group)
    controls = {name: desk.control("groups", user, desk.call(user, **{name: own[name]})) for name in own}
    yield from controls.values()
    control = next(iter(controls.values()))

    def unknown(title: str, member: str, value: object) -> Step:
        how: dict[str, Any] = {"user": user, "expect": "refuse", "control": controls.get(member, control).id}
        return desk.step("groups/unknown", title, desk.call(user, **{member: value}), **how)

    for member, absent in _absent(desk):
        yield unknown(f"an absent {member}", member, absent)
        if member in own:
            title, before = f"a good call after an absent {member}", controls[member]
            yield desk.step("state/after-error", title, before.body, user=user, control=before.id)
    for member, value in _users_as_groups(desk, user):
        yield unknown(f"a user's {member.removeprefix('group_')} as {member}", member, value)
    for resolver in _OTHER_RESOLVERS:
        yield desk.step(
            "groups/resolver-other" if resolver else "groups/empty",
            f"group_resolver {resolver!r}",
            desk.call(user, **{_RESOLVER: resolver}),
            user=user,
            expect="refuse" if resolver else "open",
            control=control.id,
        )


def _absent(desk: Desk) -> Iterator[tuple[str, Any]]:
    given = {f"group_{key}": value for row in desk.profile.absent.groups for key, value in row.items()}
    if desk.is_embedded:
        for name in desk.group_selectors:
            if name != _RESOLVER:
                given.setdefault(name, 9999 if name == "group_id" else f"no-{name.replace('_', '-')}")
    return iter(given.items())


def _users_as_groups(desk: Desk, user: User) -> Iterator[tuple[str, Any]]:
    """Give what names a user where it names no group; only the embedded mock's groups are known whole."""
    for name in desk.group_selectors if desk.is_embedded else ():
        key = name.removeprefix("group_")
        value = getattr(user, key, None)
        if value and value not in [getattr(group, key, None) for group in desk.profile.groups]:
            yield name, value


def _open(desk: Desk) -> Iterator[Step]:
    for user in desk.profile.users_who("answers"):
        foreign = [group for group in desk.profile.groups if group not in desk.groups_of(user)]
        for group in foreign[:1]:
            name, value = next(iter(desk.group_members(group).items()))
            yield _look(desk, "groups/not-a-member", f"{name} of a group the user is not in", user, {name: value})
        if not desk.groups_of(user):
            yield _look(
                desk,
                "groups/resolver-without-group",
                "a resolver for a user in no group",
                user,
                {_RESOLVER: "*"},
            )
    found = next(_members(desk), None)
    if found:
        yield from _several(desk, *found)


def _several(desk: Desk, user: User, group: Group) -> Iterator[Step]:
    own = desk.group_members(group)
    yield _look(desk, "groups/several", "every selector of one group", user, own)
    yield _look(
        desk,
        "groups/several",
        "a resolver beside a group",
        user,
        {**dict([next(iter(own.items()))]), _RESOLVER: "*"},
    )
    for name in own:
        if name != "group_id":
            yield _look(desk, "groups/empty", f"{name} empty", user, {name: ""})


def _look(desk: Desk, probe: str, title: str, user: User, members: dict[str, Any]) -> Step:
    return desk.step(probe, title, desk.call(user, **members), user=user, expect="open")
