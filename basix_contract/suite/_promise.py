"""Who ends the calls that do not end by themselves: a person says so at the terminal, before the first byte."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from basix_contract.errors import UsageError

if TYPE_CHECKING:
    from basix_contract.profile import Profile
    from basix_contract.suite._options import ServerOptions, Target


def promise_of(profile: Profile, target: Target, options: ServerOptions) -> str:
    """Return who has promised to end calls, and when; empty where every call ends by itself.

    Raises UsageError when nobody is there to promise it, or it was not promised.
    """
    endless = [number for number, row in enumerate(profile.destinations) if not row.ends_by_itself]
    if not (target.is_remote and profile.live.attended and endless):
        return ""
    rows = ", ".join(f"destinations[{number}]" for number in endless)
    person = options.attendant
    fix = "run it at a terminal, or list destinations that end by themselves"
    if person is None:
        raise UsageError(f"calls to {rows} go on until somebody hangs up, and nobody is there to say so", fix=fix)
    if person.ask(f"Calls to {rows} go on until somebody hangs up. Will you end each of them?") != "yes":
        raise UsageError(f"nobody has promised to end the calls to {rows}", fix=fix)
    return f"{person.name}, {datetime.now(UTC).isoformat(timespec='seconds')}"
