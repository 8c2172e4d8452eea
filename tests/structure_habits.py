"""Sizes, names and reasons: each rule returns its breaches as sentences, none when it holds."""

from __future__ import annotations

import ast
import math
import re
import tomllib
from collections.abc import Iterable

from tests.structure import PACKAGE, House, Module

FILE_LINES = 300
FUNCTION_LINES = 60
FUNCTION_LINES_P90 = 30
FUNCTION_LINES_MEDIAN = 10

DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "misc", "manager", "managers"}

TOP_LEVEL = {
    ".ci",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "basix_contract",
    "conformance",
    "pyproject.toml",
    "spec",
    "tests",
}

ESCAPE = re.compile(
    r"(ruff:\s*)?noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?"
    r"|(type|pyright|mypy):\s*ignore(\[[^\]]*\])?"
    r"|pragma:\s*no\s*(cover|branch)"
)
REASON = re.compile(r"[^\W\d_]+[\W_]+[^\W\d_]{2,}")  # two words at least


def long_files(house: House) -> list[str]:
    """No file is too long to be read in one go."""
    return [
        f"{module.path.as_posix()} has {lines} lines, allowed are {FILE_LINES}"
        for module in _hand_written(house)
        if (lines := len(module.text.splitlines())) > FILE_LINES
    ]


def long_functions(house: House) -> list[str]:
    """No function is too long to be held in mind."""
    return [
        f"{place} has {lines} lines, allowed are {FUNCTION_LINES}"
        for place, lines in _functions(house)
        if lines > FUNCTION_LINES
    ]


def long_habits(house: House) -> list[str]:
    """Most functions are short: the median, and nine in ten."""
    lengths = sorted(lines for _, lines in _functions(house))
    if not lengths:
        return []
    measured = {
        "median": (lengths[math.ceil(len(lengths) * 0.5) - 1], FUNCTION_LINES_MEDIAN),
        "90th percentile": (lengths[math.ceil(len(lengths) * 0.9) - 1], FUNCTION_LINES_P90),
    }
    return [
        f"the {which} of {len(lengths)} functions is {lines} lines, allowed are {allowed}"
        for which, (lines, allowed) in measured.items()
        if lines > allowed
    ]


def drawer_names(house: House) -> list[str]:
    """No module is a drawer for what found no room."""
    return [
        f"{module.path.as_posix()}: a module is named by what it is about"
        for module in house.modules.values()
        if DRAWERS & {part.strip("_") for part in module.name.split(".")}
    ]


def unexplained_escapes(house: House) -> list[str]:
    """Who silences a tool says why, on the same line."""
    return [
        f"{module.path.as_posix()}:{line}: {comment!r} gives no reason"
        for module in house.modules.values()
        for line, comment in module.comments()
        if ESCAPE.search(comment) and not REASON.search(ESCAPE.sub("", comment))
    ]


def unexplained_ignores(pyproject: str) -> list[str]:
    """Each lint rule or warning that is ignored stands on a line of its own, with its reason."""
    tool = tomllib.loads(pyproject)["tool"]
    lint = tool["ruff"]["lint"]
    ignored = [*lint.get("ignore", ())]
    for codes in lint.get("per-file-ignores", {}).values():
        ignored += codes
    ignored += [spec for spec in tool["pytest"]["ini_options"]["filterwarnings"] if spec != "error"]
    explained = re.findall(r'^\s*["\'](.+)["\'],\s*# (.+)$', pyproject, re.MULTILINE)
    codes = [code for code, reason in explained if REASON.search(reason)]
    return [
        f"pyproject.toml ignores {code} without a reason on its line"
        for code in sorted(set(ignored))
        if codes.count(code) < ignored.count(code)
    ]


def strangers_at_the_top(tracked: Iterable[str]) -> list[str]:
    """The top level holds what it is meant to hold."""
    found = {path.partition("/")[0] for path in tracked}
    return [f"{name} has no place at the top level" for name in sorted(found - TOP_LEVEL)]


def _hand_written(house: House) -> list[Module]:
    return [module for module in house.within(PACKAGE, "conformance") if not module.is_generated]


def _functions(house: House) -> list[tuple[str, int]]:
    """Every function with its length from `def` to its last line; overloads have no body to measure."""
    return [
        (f"{module.path.as_posix()}:{node.lineno}: {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for module in _hand_written(house)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any(ast.unparse(mark).endswith("overload") for mark in node.decorator_list)
    ]
