"""The text form with an identity in front of the number: only what every PBX would read alike is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basix_contract.client import InvalidRequest, inline_destination
from basix_contract.contract import load_document

FORM = load_document().schema("DestinationText")["x-basix-inline"]
SAFE = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters=FORM["unsafe_in_values"]), min_size=1, max_size=20
)


def test_the_documents_example_is_written_as_printed() -> None:
    """The example of the document comes out letter for letter."""
    example = load_document().request_examples["example-5"].value["destination"]

    assert inline_destination("0312341234", name="Charles Xavier", organization="X-Men") == example


def test_without_an_identity_it_is_the_number() -> None:
    """Where nothing is said of the called party there are no braces."""
    assert inline_destination("0312341234") == "0312341234"
    assert inline_destination("0312341234", name=None) == "0312341234"


@given(st.dictionaries(st.sampled_from(["name", "organization", "id", "avatar", "prefecture"]), SAFE), SAFE)
def test_what_is_written_can_be_read_back(identity: dict[str, str], number: str) -> None:
    """The plainest reader there could be finds the same values again."""
    text = inline_destination(number, **identity)

    head, brace, tail = text.partition("}")
    pairs = [pair.split("=") for pair in head.removeprefix("{").split(",")] if brace else []
    assert (dict(pairs), tail or head) == (identity, number)


@pytest.mark.parametrize("mark", FORM["unsafe_in_values"])
def test_what_has_a_meaning_there_is_refused(mark: str) -> None:
    """A character for which the document gives no way to write it is refused, in a value and in the number."""
    with pytest.raises(InvalidRequest, match="use an object"):
        inline_destination("0312341234", name=f"a{mark}b")
    with pytest.raises(InvalidRequest, match="the number"):
        inline_destination(f"03{mark}", name="a")


@pytest.mark.parametrize("value", ["", " a", "a ", "a\nb", "a\x00", 7])
def test_what_could_get_lost_is_refused(value: Any) -> None:
    """Empty texts, blanks at an end and control characters are refused, and not repeated."""
    with pytest.raises(InvalidRequest) as refused:
        inline_destination("0312341234", organization=value)

    assert "organization" in str(refused.value)
