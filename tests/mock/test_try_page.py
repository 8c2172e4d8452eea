"""The try-it page as it is served: whole, from the package alone, and bound to nothing but the mock."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import httpx
import pytest

import basix_contract.mock
from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import shipped_profile

PAGE = Path(basix_contract.mock.__file__).parent / "_try" / "page"


def test_the_document_knows_this_mock_only() -> None:
    """The document that the page shows names one server, the mock, so that no call from it can ring anybody."""
    with MockServer(load_profile(shipped_profile())) as mock, httpx.Client(trust_env=False) as client:
        document = client.get(f"{mock.admin_url}/openapi.json").json()

    assert [server["url"] for server in document["servers"]] == ["/basix/api"]
    assert document["openapi"].startswith("3.1")
    assert "callbacks" in document["paths"]["/call_user"]["post"]


@pytest.mark.parametrize("path", ["", "/try.css", "/try.js", "/swagger-ui.css", "/swagger-ui-bundle.js"])
def test_every_part_is_served(path: str) -> None:
    """Each file of the page comes as what it is, and with it the word that nobody else may be asked."""
    with MockServer(load_profile(shipped_profile())) as mock, httpx.Client(trust_env=False) as client:
        reply = client.get(f"{mock.admin_url}/try{path}")

    assert reply.status_code == 200
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert (
        reply.headers["content-type"].split(";")[0]
        == {"": "text/html", ".css": "text/css", ".js": "text/javascript"}[Path(path).suffix]
    )


def test_a_callback_to_the_mock_itself_is_taken() -> None:
    """The inbox acknowledges; what was told stands in the read-out."""
    with MockServer(load_profile(shipped_profile())) as mock, httpx.Client(trust_env=False) as client:
        assert client.post(f"{mock.admin_url}/inbox", json={"result_code": 0}).status_code == 204


def test_the_viewer_is_the_one_that_was_published() -> None:
    """What is packed has the sums that stand beside it, and its licence is there."""
    sums = dict(re.findall(r"([0-9a-f]{64})  (\S+)", (PAGE / "README.md").read_text("utf-8")))
    told = {name: found for found, name in sums.items()}

    assert {
        name: hashlib.sha256(gzip.decompress((PAGE / f"{name}.gz").read_bytes())).hexdigest() for name in told
    } == told
    assert len(told) == 2
    assert "Apache License" in (PAGE / "swagger-ui.LICENSE").read_text("utf-8")
