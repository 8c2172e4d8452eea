"""A parameter deleted from a copy of the spec, and nothing else edited: site, client and strategies follow."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from basix_contract.codegen import generate
from basix_contract.contract import Document
from basix_contract.docs import build_site
from basix_contract.strategies import invalid_requests, requests, sample
from tests.contract.variants import Tree, operation_of, variant
from tests.docs.site import Elements, site, sources

DELETED = ("user_did", "answer_timeout", "calling_name", "group_resolver")


def without(name: str, folder: Path) -> Document:
    """The document without a parameter, and without it in its examples."""

    def delete(tree: Tree) -> None:
        del tree["components"]["schemas"]["CallUserRequest"]["properties"][name]
        for example in operation_of(tree)["requestBody"]["content"]["application/json"]["examples"].values():
            example["value"].pop(name, None)

    return variant(folder, delete)


@pytest.mark.parametrize("name", DELETED)
def test_site_client_and_strategies_follow(tmp_path: Path, name: str) -> None:
    """What the document no longer has is not on the API page, in no link, no client, and no body that is drawn."""
    document, word = without(name, tmp_path), re.compile(rf"\b{name}\b")
    pages = build_site(dataclasses.replace(sources(), document=document))
    links = [href for page in pages.values() for href in Elements(page).values("a", "href")]

    assert word.search(site()["api.md"])
    assert f"#{name}" in Elements(site()["api.html"]).values("a", "href")
    assert word.search("".join(generate(sources().document).values()))
    assert any(name in body for body in sample(requests(), 200, 0))

    assert not word.search(pages["api.md"])
    assert [link for link in links if link.endswith(f"#{name}")] == []
    assert not word.search("".join(generate(document).values()))
    assert not any(name in body for body in sample(requests(document=document), 200, 0))
    breaches = [defect for _, defect in sample(invalid_requests(document=document), 200, 0)]
    assert not any(word.search(str(defect)) for defect in breaches)
