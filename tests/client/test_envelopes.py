"""How a body is read by the tables made from the document: callbacks by theirs, as replies by theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basix_contract.client import Answered, ContractError, NotAnswered, parse_callback
from basix_contract.client._envelopes import read
from basix_contract.client._generated.operations import CALLBACK
from basix_contract.contract import load_document
from basix_contract.strategies import callbacks

EXAMPLES = load_document().callback_examples
BROKEN = st.dictionaries(
    st.sampled_from(["result_code", "uuid", "error"]), st.one_of(st.integers(-1, 1), st.text(max_size=2))
)


@given(callbacks())
def test_a_callback_is_read_alike_by_table_and_by_hand(body: Any) -> None:
    """What the callback parser makes of a body that conforms is what the document's own table makes of it."""
    raw = json.dumps(body).encode()

    assert read(CALLBACK, raw).value == parse_callback(raw)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_documents_callbacks_are_read(name: str) -> None:
    """Each callback of the document is what its result_code says, with the document's uuid or error id."""
    body = EXAMPLES[name].value
    result = read(CALLBACK, json.dumps(body).encode()).value

    if body["result_code"] == 0:
        assert result == Answered(uuid=body["uuid"])
    else:
        assert result == NotAnswered(result_code=body["result_code"], error_id=body["error"]["id"])


@given(BROKEN)
def test_neither_takes_what_the_other_refuses(body: dict[str, Any]) -> None:
    """A body that breaks the contract is refused by both."""
    raw = json.dumps(body).encode()

    if read(CALLBACK, raw).violations:
        with pytest.raises(ContractError):
            parse_callback(raw)
    else:
        assert read(CALLBACK, raw).value == parse_callback(raw)
