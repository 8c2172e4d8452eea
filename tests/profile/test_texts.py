"""Texts that people read: what in them a machine could act upon is refused, everything else passes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.profile.conftest import Refusal, call, gate_of, rule_against


@pytest.mark.parametrize(
    "text",
    [
        "Thomas Jenkins",
        "",
        "A",
        "x" * 64,
        "x" * 100_000,
        "0312341234",
        "03-1234-1234",
        "0506868002",
        "12",
        'He said "hi" & left <b>',
        "back\\slash 100% {name=x,y}",
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
        "トーマス",
        "😀",
        "\u202eevil",
        "\ud800",
        "\x01\x02\x1b[31m",
        "line\r\nend",
        "Olive\r\nX-Injected: yes",
        "<b>&amp;</b>; DROP TABLE calls;--",
        "a,b={c}d|e*f%20g+h",
        "call 0312341234 now",
        ["Olive"],
        {"name": "Olive"},
        7,
        None,
        True,
        "room 12, floor 3",
        "10:30",
        "a/b",
        "100 %",
    ],
)
def test_texts_for_people_pass(refused: Refusal, text: Any) -> None:
    """Words, signs and scripts of every kind, and numbers of the profile."""
    assert refused(call(calling_name=text)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "09012345678",
        "090-1234-5678",
        "０９０１２３４５６７８",
        "٠٩٠١٢٣٤٥٦٧٨",
        "0\u200b9012345678",
        "+81 90 1234 5678",
        "2001",
        2001,
        "*67200",
        "call 090-1234-5678 now",
        "call 0 9 0 1 2 3 4 now",
        "}sofia/gateway/0901",
        "]123",
        "x\r\nRefer-To: 123",
        "a|123",
        "a;b=123",
        "x>123",
        "tel:1",
        "sip:maria",
        "SIPS : maria",
        "mailto:maria",
        "javascript:alert",
        "http://evil",
        "//evil",
        "\\\\evil\\share",
        "www.evil",
        "maria@acme.example",
        "user_name maria",
        "x&destination=y",
        '{"User Name": "maria"}',
        "https：／／evil",
        ["x", "http://evil/"],
        {"user_name": "x"},
        "x." * 6_000,
        "1" * 10_001,
        "あ" * 10_001,
        "x" * 5_000 + "destination" + "x" * 9_000,
    ],
)
def test_what_could_be_dialled_fetched_or_taken_for_a_parameter_is_refused(refused: Refusal, text: Any) -> None:
    """Numbers of strangers, addresses, what breaks out of where it is put, and parameter names; or too long."""
    assert refused(call(calling_name=text)) == "free-text"


@pytest.mark.parametrize("text", ["110", "１１９", "+81 110", "9110", "0570-123456", "*67123", 118])
def test_an_emergency_number_is_not_shown_either(refused: Refusal, text: Any) -> None:
    """Whoever calls back what the telephone shows would reach the police."""
    assert refused(call(calling_name=text)) == "emergency"


def test_a_text_may_be_letters_of_any_length() -> None:
    """Very long texts pass when there is nothing in them but letters."""
    gate = gate_of()

    assert rule_against(gate, call(calling_name="x" * 1_500_000)) == ""
