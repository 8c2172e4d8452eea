"""The frozen tree and the places in it."""

from __future__ import annotations

from typing import Any

import pytest

from basix_contract.contract._tree import frozen, pointer_of, root_of, steps_of, thawed
from basix_contract.errors import SpecError

TREE: dict[str, Any] = {
    "a": {"b": [1, {"c": "x"}]},
    "jump": {"$ref": "#/a/b"},
    "twice": {"$ref": "#/jump"},
    "inner": {"$ref": "#/a/b/1"},
    "loop": {"$ref": "#/loop_back"},
    "loop_back": {"$ref": "#/loop"},
    "lost": {"$ref": "#/a/nowhere"},
    "outside": {"$ref": "other.yaml#/a"},
    "odd": {"$ref": 5},
    "all": {"$ref": "#"},
    "x/y~z": "slash and tilde",
}
ROOT = root_of("file.yaml", TREE)


def test_a_frozen_tree_cannot_be_changed() -> None:
    """Neither mappings nor lists of a frozen tree take a change."""
    tree = frozen(TREE)
    with pytest.raises(TypeError):
        tree["a"]["new"] = 1
    assert isinstance(tree["a"]["b"], tuple)


def test_thawing_gives_back_what_was_frozen() -> None:
    """A thawed tree equals the original and shares nothing with it."""
    thin = thawed(frozen(TREE))
    assert thin == TREE
    thin["a"]["b"][1]["c"] = "changed"
    assert TREE["a"]["b"][1]["c"] == "x"


@pytest.mark.parametrize("steps", [(), ("a",), ("x/y~z", "0"), ("~1", "/")])
def test_pointers_survive_the_round_trip(steps: tuple[str, ...]) -> None:
    """Steps written as a JSON pointer are read back unchanged, as a URI fragment too."""
    assert steps_of(pointer_of(steps)) == steps
    assert steps_of("#" + pointer_of(steps)) == steps


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("a", "b", "0"), 1),
        (("jump", "1", "c"), "x"),
        (("twice", "0"), 1),
        (("inner", "c"), "x"),
        (("all", "x/y~z"), "slash and tilde"),
    ],
)
def test_the_way_down_follows_references(way: tuple[str, ...], value: object) -> None:
    """A $ref on the way, or at its end, is stepped through."""
    assert ROOT.at(*way).value == value


def test_a_spot_knows_where_it_is_in_the_end() -> None:
    """After a $ref, errors point to where the value really stands."""
    assert str(ROOT.at("twice", "0").error("is wrong")) == "file.yaml#/a/b/0: is wrong"


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (("a", "z"), "file.yaml#/a: z is missing"),
        (("a", "b", "7"), "file.yaml#/a/b: 7 is missing"),
        (("a", "b", "x"), "file.yaml#/a/b: x is missing"),
        (("a", "b", "0", "deeper"), "file.yaml#/a/b/0: deeper is missing"),
        (("loop",), "file.yaml#/loop: its $ref leads back to itself"),
        (("lost",), "file.yaml#/lost: $ref points to #/a/nowhere, which does not exist"),
        (("outside",), "file.yaml#/outside: $ref must point into this file, not to 'other.yaml#/a'"),
        (("odd",), "file.yaml#/odd: $ref must point into this file, not to 5"),
    ],
)
def test_a_way_that_is_not_there_is_named(way: tuple[str, ...], said: str) -> None:
    """What is missing or leads nowhere is a SpecError with file and pointer."""
    with pytest.raises(SpecError) as caught:
        ROOT.at(*way)
    assert str(caught.value) == said


def test_finding_is_asking_without_an_error() -> None:
    """A way that may be absent gives None at the first step that is not there."""
    assert ROOT.find("a", "z", "deeper") is None
    found = ROOT.find("jump", "1")
    assert found is not None
    assert found.value["c"] == "x"


@pytest.mark.parametrize(("way", "said"), [(("a",), "must be a text"), (("a", "b"), "must be a text")])
def test_a_text_that_is_none_is_refused(way: tuple[str, ...], said: str) -> None:
    """Where text is expected, nothing else passes."""
    assert ROOT.at("a", "b", "1", "c").text() == "x"
    with pytest.raises(SpecError, match=said):
        ROOT.at(*way).text()


def test_only_a_mapping_has_members() -> None:
    """Asking a list for its names is a SpecError that says where."""
    with pytest.raises(SpecError, match="#/a/b: must be a mapping"):
        ROOT.at("a", "b").items()
