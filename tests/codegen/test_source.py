"""Python source as the generator writes it: it means what it was written from."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basix_contract.codegen._names import class_name, identifier
from basix_contract.codegen._source import WIDTH, Call, Doc, docstring, expression, sentences, text
from basix_contract.errors import SpecError

PLAIN = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(
    st.one_of(PLAIN, st.integers(), st.booleans(), st.none()),
    lambda inner: st.dictionaries(PLAIN, inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=8,
)


@given(VALUES)
def test_a_literal_means_its_value(value: Any) -> None:
    """Whatever the document holds, its literal is read back as the same value."""
    assert ast.literal_eval(expression(value)) == value


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "hi"', "'say \"hi\"'"),
        (r"^[0-9]*(?!\n)$", r'r"^[0-9]*(?!\n)$"'),
        ("\\", '"\\\\"'),
        ("a\nb", '"a\\nb"'),
        ("ユーザ", '"ユーザ"'),
    ],
)
def test_a_text_is_written_as_a_formatter_would(value: str, literal: str) -> None:
    """The quotes are those that need fewer escapes; what is full of backslashes is raw."""
    assert text(value) == literal


def test_what_is_none_is_left_out_of_a_call() -> None:
    """An argument that is None does not appear; each other has a line of its own."""
    assert expression(Call("Rule", {"wanted": "text", "lowest": None})) == 'Rule(\n    wanted="text",\n)'


@pytest.mark.parametrize("value", ["word " * 40, tuple("word" * 12 for _ in range(5)), "x" * 200])
def test_what_is_too_long_for_a_line_is_spread(value: Any) -> None:
    """A long text or tuple takes several lines, and means the same; a single long word is left alone."""
    source = expression(Call("dict", {"value": value}))

    tree = ast.parse(source).body[0]
    assert isinstance(tree, ast.Expr)
    assert isinstance(tree.value, ast.Call)
    assert ast.literal_eval(tree.value.keywords[0].value) == value
    is_one_word = isinstance(value, str) and " " not in value
    assert (max(map(len, source.splitlines())) > WIDTH) is is_one_word


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='\\"'), max_size=400))
def test_a_docstring_keeps_to_the_width(said: str) -> None:
    """Words are wrapped, and none is lost; only a word longer than a line may be."""
    doc = Doc(summary="First.", paragraphs=(said,), sections=(("Args", (("name", said),)),))
    source = f"def f():\n    {docstring(doc, 4)}\n"
    written = ast.get_docstring(ast.parse(source).body[0]) or ""  # type: ignore[arg-type]  # it is a function

    assert written.split() == ["First.", *said.split(), "Args:", "name:", *said.split()]
    longest = max(map(len, said.split()), default=0)
    assert all(len(line) <= max(WIDTH, longest + 12) for line in source.splitlines())


def test_the_first_sentence_stands_by_itself() -> None:
    """A description is one sentence, then the rest of its paragraph, then its other paragraphs."""
    description = textwrap.dedent("""\
        One sentence. And
        another.

        A paragraph.
    """)

    assert sentences(description) == ("One sentence.", ("And another.", "A paragraph."))
    assert sentences("One sentence.") == ("One sentence.", ())


@pytest.mark.parametrize(
    ("words", "name"), [("end_user", "EndUser"), ("Not answered", "NotAnswered"), ("a-b c", "ABC")]
)
def test_words_become_the_name_of_a_class(words: str, name: str) -> None:
    """Names with underscores and titles alike become names of classes."""
    assert class_name(words) == name


@pytest.mark.parametrize("words", ["", "9 lives", "…", "None"])
def test_words_without_a_name_are_refused(words: str) -> None:
    """What cannot be the name of a class is said to be so."""
    with pytest.raises(SpecError):
        class_name(words)


@pytest.mark.parametrize("name", ["", "a b", "class", "self", "_x", "1a"])
def test_a_name_that_is_none_in_python_is_refused(name: str) -> None:
    """A parameter keeps its name, or there is no client."""
    with pytest.raises(SpecError):
        identifier(name)
