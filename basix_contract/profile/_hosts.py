"""Which hosts are this machine, and behind which real telephones may ring."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from basix_contract.profile._model import Profile


def is_live(profile: Profile, host: str) -> bool:
    """Return whether real telephones may be behind a host: it is not this machine, or the profile says they are."""
    return not is_loopback(host) or profile.live.tunnel


def is_loopback(host: str) -> bool:
    """Return whether this host is this machine: `localhost`, 127.0.0.0/8 or ::1, and no other spelling."""
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_loopback
    return address == ipaddress.IPv6Address("::1")
