"""Names of the document as names of Python."""

from __future__ import annotations

import keyword
import re

from basix_contract.errors import SpecError

_WORD = re.compile(r"[A-Za-z0-9]+")


def identifier(name: str) -> str:
    """Return a name of the document that can stand in Python as it is.

    Raises SpecError when it cannot: a client that spelt it in another way would not be found by it.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_") or name == "self":
        raise SpecError(f"{name!r} cannot be the name of an argument in Python")
    return name


def class_name(words: str) -> str:
    """Return words, or a name with underscores, as the name of a class: `end_user` is EndUser."""
    name = "".join(word[:1].upper() + word[1:] for word in _WORD.findall(words))
    if not name.isidentifier() or keyword.iskeyword(name):
        raise SpecError(f"{words!r} cannot be made the name of a class")
    return name


def constant_name(name: str) -> str:
    """Return a name with underscores as that of a constant."""
    return identifier(name).upper()
