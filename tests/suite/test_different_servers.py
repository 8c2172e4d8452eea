"""Servers that keep the contract in other ways than the mock does are found to keep it."""

from __future__ import annotations

import base64
import json
import socket
import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from basix_contract.profile import load_profile
from tests.servers.alarms import false_alarms
from tests.servers.family import KINDS, PROFILE_FILE, SLOW_KINDS, serve
from tests.servers.playing import Played, play, play_many

# The open points the kit asks a given target about; what names strangers (CU-057, CU-095, CU-097) is never sent.
_BOTH_WAYS = (
    "CU-022",
    "CU-048",
    "CU-056",
    "CU-069",
    "CU-070",
    "CU-071",
    "CU-072",
    "CU-094",
    "CU-096",
    "CU-103",
    "CU-105",
    "CU-107",
    "CU-111",
)


@pytest.fixture(scope="module")
def played() -> dict[str, Played]:
    """What the kit says of each of them."""
    return {one.kind: one for one in play_many(play, KINDS)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_differs_raises_no_alarm(played: dict[str, Played], kind: str) -> None:
    """A server that keeps every MUST and SHOULD conforms, whatever it makes of the rest; one that refuses to call
    back to this machine goes untested where that matters, and fails nothing.
    """
    assert false_alarms(played[kind]) == []
    assert played[kind].exit_code == (0 if KINDS[kind].calls_back else 6)


@pytest.mark.parametrize("row", _BOTH_WAYS)
def test_the_family_spreads_over_an_open_point(played: dict[str, Played], row: str) -> None:
    """What the document leaves open is accepted by one server of the family and refused by another."""
    said = " ".join(one.rows[row].detail for one in played.values())

    assert ": accepted" in said
    assert ": refused" in said


def test_no_two_servers_are_alike(played: dict[str, Played]) -> None:
    """No two servers of the family take every open point alike."""
    readings = {
        kind: tuple(row.detail for row in one.rows.values() if row.verdict == "observed")
        for kind, one in played.items()
    }

    assert len(set(readings.values())) == len(KINDS)


@pytest.mark.parametrize("kind", [*KINDS, *SLOW_KINDS])
def test_a_server_is_gone_afterwards(kind: str) -> None:
    """Once its `with` block is left, a server has no thread and no port, though a call of it still rings."""
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as nobody, serve(kind, load_profile(PROFILE_FILE)) as base_url:
        callback_url = f"http://127.0.0.1:{nobody.getsockname()[1]}/" if _calls_back(kind) else None
        assert _result_code(base_url, user_name="nora", callback_url=callback_url) == 0
        assert set(threading.enumerate()) > before

    assert set(threading.enumerate()) <= before
    with pytest.raises(OSError, match="refused"):
        _result_code(base_url, user_name="nora", callback_url=None)


@pytest.mark.matrix
def test_no_seed_raises_an_alarm() -> None:
    """No server of the family, the slow ones included, raises a false alarm with any of five seeds."""
    said = {
        f"{one.kind}, seed {one.seed}": false_alarms(one) for one in play_many(play, [*KINDS, *SLOW_KINDS], range(5))
    }

    assert {name: alarms for name, alarms in said.items() if alarms} == {}


def _calls_back(kind: str) -> bool:
    return kind not in KINDS or KINDS[kind].calls_back


def _result_code(base_url: str, *, user_name: str, callback_url: str | None) -> int:
    place = urlsplit(base_url)
    body = {"user_name": user_name, "destination": "0312341234"}
    if callback_url:
        body["callback_url"] = callback_url
    shown = base64.b64encode(b"acme.example:mock-token-3fK9").decode()
    connection = HTTPConnection(place.netloc, timeout=5)
    try:
        fields = {"Authorization": f"Basic {shown}", "Content-Type": "application/json"}
        connection.request("POST", f"{place.path}/call_user", json.dumps(body), fields)
        code: int = json.loads(connection.getresponse().read())["result_code"]
    finally:
        connection.close()
    return code
