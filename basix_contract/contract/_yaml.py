"""YAML text to plain values; a key given twice or a key that is no text is refused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from basix_contract.errors import SpecError

# libyaml reads the spec about ten times as fast; some platforms have no binding to it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds; raises SpecError naming file and line when it cannot be read."""
    try:
        return _parsed(path, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SpecError(f"{path}: cannot be read: it is not UTF-8 text") from None
    except yaml.MarkedYAMLError as error:
        raise SpecError(f"{path}:{_line(error)}: not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise SpecError(f"{path}: not YAML: {str(error).splitlines()[0]}") from None
    except (ValueError, RecursionError) as error:  # a date that is none, a number beyond all bounds, endless nesting
        raise SpecError(f"{path}: not YAML that can be read: {error}") from None


def _parsed(path: Path, text: str) -> Any:
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        for problem in _bad_keys(node):
            raise SpecError(f"{path}:{problem}")
        return None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _line(error: yaml.MarkedYAMLError) -> int:
    return error.problem_mark.line + 1 if error.problem_mark else 1


def _bad_keys(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                yield f"{key.start_mark.line + 1}: the key {key.value!s} must be text: put it in quotes"
            elif key.value in seen:
                yield f"{key.start_mark.line + 1}: the key {key.value} is given twice"
            seen.add(str(key.value))
    for child in _children(node):
        yield from _bad_keys(child)


def _children(node: yaml.Node | None) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        yield from chain.from_iterable(node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value
