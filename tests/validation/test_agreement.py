"""Both engines say the same of every body, word for word."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basix_contract.validation import parse_json
from tests.validation.bodies import BROKEN, EXAMPLES, KINDS, OPEN, UUID
from tests.validation.wire import by_jsonschema_rs, by_openapi_core, encoded


def table(bodies: dict[str, list[Any]]) -> list[Any]:
    """One test case for each body of each kind."""
    return [
        pytest.param(kind, body, id=f"{kind}-{number}")
        for kind, group in bodies.items()
        for number, body in enumerate(group, 1)
    ]


@pytest.mark.parametrize(("kind", "body"), [*table(EXAMPLES), *table(OPEN)])
def test_what_the_document_allows_both_accept(kind: str, body: object) -> None:
    """The spec's examples, the vendor's traffic and every open reading conform for both engines."""
    assert by_openapi_core(kind, encoded(body)) == ()
    assert by_jsonschema_rs(kind, body) == ()


@pytest.mark.parametrize(("kind", "body"), table(BROKEN))
def test_what_breaks_the_contract_both_refuse_alike(kind: str, body: object) -> None:
    """Both engines refuse, at the same places, by the same rules and in the same words."""
    found = by_jsonschema_rs(kind, body)
    assert found
    assert by_openapi_core(kind, encoded(body)) == found


ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, -1, 0.0, -0.0, 1.0, 1e30, 0.5, 10**25]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(["", "0", "*", "http://x", "a\n", "1\n", UUID, UUID.upper(), UUID + "\n", "\ud800", "\x7f"]),
    st.lists(st.sampled_from([UUID, UUID.upper(), 0, 0.0, False, None, {}, []]), max_size=3),
    st.dictionaries(st.sampled_from(["id", "name", "called_number", "end_user"]), st.text(max_size=2), max_size=3),
)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """A body of one kind, up to three changes away from one that conforms."""
    kind = draw(st.sampled_from(KINDS))
    body = copy.deepcopy(draw(st.sampled_from(EXAMPLES[kind] + OPEN[kind])))
    names = sorted({name for other in EXAMPLES[kind] + OPEN[kind] for name in other})
    for _ in range(draw(st.integers(0, 3))):
        inside = [body, *(value for value in body.values() if isinstance(value, dict))]
        spot = draw(st.sampled_from(inside))
        name = draw(st.sampled_from([*names, *spot, "called_number", "end_user", "id"]))
        if draw(st.booleans()):
            spot[name] = draw(ODD_VALUES)
        else:
            spot.pop(name, None)
    return kind, body


def test_both_engines_agree_on_whatever_is_drawn() -> None:
    """Mutations of good bodies get one verdict and one wording from both; good and bad ones were seen."""
    verdicts = set()

    @settings(max_examples=300, derandomize=True, deadline=None, database=None)
    @given(mutated())
    def agree(drawn: tuple[str, Any]) -> None:
        kind, body = drawn
        found = by_jsonschema_rs(kind, body)
        assert by_openapi_core(kind, encoded(body)) == found
        verdicts.add((kind, bool(found)))

    agree()
    assert verdicts == {(kind, is_broken) for kind in KINDS for is_broken in (True, False)}


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode), st.sampled_from(KINDS))
def test_both_engines_agree_on_junk(body: bytes, kind: str) -> None:
    """Bytes that are no JSON are one violation; bytes that are, get the body's verdict."""
    parsed = parse_json(body)
    found = by_openapi_core(kind, body)
    if not body:
        assert [violation.rule for violation in found] == ["missing-body"]
    elif parsed.problem:
        assert [violation.rule for violation in found] == ["malformed-json"]
    else:
        assert found == by_jsonschema_rs(kind, parsed.value)


@settings(max_examples=100, derandomize=True, deadline=None, database=None)
@given(st.recursive(ODD_VALUES, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner)))
def test_what_json_can_say_survives_the_reader(value: object) -> None:
    """Reading back what was written gives the same value, by value and by type."""
    assert json.dumps(parse_json(encoded(value)).value) == json.dumps(value)
