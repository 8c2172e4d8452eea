"""The profile as frozen values: which target, which people and numbers, and within which limits.

The TOML file mirrors these classes table for table; field names here are the keys there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Outcome = Literal["answers", "never-answers", "rejects", "busy", "limited", "unknown"]
GroupKind = Literal["ring", "hunt", "CALL_CENTER"]
DestinationKind = Literal["pstn", "user", "group", "extension"]

OUTCOMES: tuple[str, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the PBX is, how to sign in, and how long one reply may take.

    `has_no_telephones` says of a target on this machine that nothing rings behind it, as with a simulator: whoever is
    named, nobody is called, and what a fuzzer draws may be sent there.
    """

    base_url: str = ""
    domain: str = ""
    token_env: str = ""
    token: str = field(default="", repr=False)
    reply_timeout_s: float = 10.0
    ca_file: str = ""
    has_no_telephones: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Where the kit listens for callbacks, and how the target reaches that place."""

    listen: str = "127.0.0.1:0"
    public_url: str = ""
    grace_s: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many calls a run may place, how many at a time, and how fast; while `stop_file` exists nothing is sent."""

    max_calls: int | None = None
    max_concurrent: int = 8
    min_interval_s: float = 0.0
    stop_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Consent to ring real telephones: the target's host name, written out, and what holds while they are rung.

    `attended` says that a person watches the run and ends calls that do not end by themselves. `tunnel` says of a
    target on this machine that real telephones are behind it: all that holds for another machine holds for it, but
    https. In the `quiet_hours` of `time_zone` nothing is sent; every call rings for `longest_ring_s` at most, and at
    most so many requests carry `wrong_credentials`.
    """

    consent: str = ""
    attended: bool = False
    tunnel: bool = False
    quiet_hours: str = "20:00-08:00"
    time_zone: str = ""
    longest_ring_s: int = 30
    wrong_credentials: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user who may be rung; every selector given is tested, `outcome` says what the phone does."""

    id: int | None = None
    name: str = ""
    label: str = ""
    extension: str = ""
    did: str = ""
    email: str = ""
    terminals: int | None = None
    outcome: Outcome = "answers"
    outcome_after_s: float = 0.3
    auto_answer: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group whose context a call may carry."""

    id: int | None = None
    name: str = ""
    label: str = ""
    extension: str = ""
    did: str = ""
    kind: GroupKind = "ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place an answered call may be connected to; `outcome` is what that second leg does.

    `ends_by_itself`: a call there ends without anybody's help, as at an announcement or a time signal. The contract
    has no way to hang up. `ends_after_s` is how long it lasts at most, whoever ends it.
    """

    value: str
    kind: DestinationKind = "pstn"
    calling_number: str = ""
    outcome: Outcome | Literal[""] = ""
    ends_by_itself: bool = False
    ends_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Selectors proven to name nobody, as the request would carry them (`name`, `id`, …)."""

    users: tuple[dict[str, str | int], ...] = ()
    groups: tuple[dict[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """Requirements the implementation declares it does not support; named in the verdict."""

    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Everything the kit may touch: nothing outside a profile is ever sent to a given target."""

    target: Target = Target()
    callback: Callback = Callback()
    limits: Limits = Limits()
    live: Live = Live()
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    destinations: tuple[Destination, ...] = ()
    absent: Absent = Absent()
    unsupported: Unsupported = Unsupported()

    def users_who(self, *outcomes: str) -> tuple[User, ...]:
        """Return the users with one of these outcomes, in the profile's order."""
        return tuple(user for user in self.users if user.outcome in outcomes)

    def destinations_of(self, kind: str) -> tuple[Destination, ...]:
        """Return the destinations of one kind, in the profile's order."""
        return tuple(destination for destination in self.destinations if destination.kind == kind)
