"""The source keeps to the house: floors, doors, sizes, names, reasons; and each of these rules can fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import structure_habits as habits
from tests import structure_rules as rules
from tests.structure import House, read_house

ROOT = Path(__file__).parent.parent

Rule = Callable[[House], list[str]]
RULES: tuple[Rule, ...] = (
    rules.rooms_without_floor,
    rules.upward_imports,
    rules.sibling_imports,
    rules.import_cycles,
    rules.trespasses,
    rules.private_names_in_conformance,
    rules.wrong_doors,
    rules.logic_at_the_door,
    habits.long_files,
    habits.long_functions,
    habits.long_habits,
    habits.drawer_names,
    habits.unexplained_escapes,
)

SHORT = "def short():\n    pass\n\n\n"


def function_of(lines: int) -> str:
    """Source of one function of so many lines."""
    return "def long():\n" + "    pass\n" * (lines - 1) + "\n\n"


# What breaks a rule, and nothing else: files by their path, and the rule they break.
BREACHES: dict[str, tuple[Rule, dict[str, str]]] = {
    "a new room": (rules.rooms_without_floor, {"basix_contract/attic.py": ""}),
    "up": (rules.upward_imports, {"basix_contract/contract/_load.py": "import basix_contract.suite"}),
    "up, to a name": (
        rules.upward_imports,
        {"basix_contract/mock/_app.py": "from basix_contract import suite", "basix_contract/suite.py": ""},
    ),
    "up, relative": (rules.upward_imports, {"basix_contract/contract/_load.py": "from ..suite import run"}),
    "up, for a type only": (
        rules.upward_imports,
        {
            "basix_contract/checks/_reply.py": (
                "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from basix_contract.suite import Plan\n"
            )
        },
    ),
    "up, in a function": (
        rules.upward_imports,
        {"basix_contract/messages.py": "def late():\n    from basix_contract.client import Client\n"},
    ),
    "up, by a string": (
        rules.upward_imports,
        {"basix_contract/errors.py": "import importlib\nimportlib.import_module('basix_contract.cli')"},
    ),
    "the package itself": (
        rules.upward_imports,
        {"basix_contract/report/_json.py": "from basix_contract import __version__"},
    ),
    "a sibling": (rules.sibling_imports, {"basix_contract/mock/_app.py": "import basix_contract.client"}),
    "a sibling's type": (
        rules.sibling_imports,
        {"basix_contract/profile/_load.py": "from basix_contract.contract import Document"},
    ),
    "a cycle in a room": (
        rules.import_cycles,
        {
            "basix_contract/mock/_app.py": "from basix_contract.mock._hunt import Hunt",
            "basix_contract/mock/_hunt.py": "from . import _calls",
            "basix_contract/mock/_calls.py": "def late():\n    import basix_contract.mock._app\n",
        },
    ),
    "a cycle through the door": (
        rules.import_cycles,
        {
            "basix_contract/mock/__init__.py": ("from basix_contract.mock._app import App\n__all__ = ['App']\n"),
            "basix_contract/mock/_app.py": "from basix_contract.mock import App",
        },
    ),
    "a cycle on the ground floor": (
        rules.import_cycles,
        {
            "basix_contract/errors.py": "import basix_contract.messages",
            "basix_contract/messages.py": "import basix_contract.errors",
        },
    ),
    "a private module": (
        rules.trespasses,
        {"basix_contract/suite/_run.py": "from basix_contract.contract._load import load"},
    ),
    "a private name": (
        rules.trespasses,
        {"basix_contract/suite/_run.py": "from basix_contract.contract import _load"},
    ),
    "a private name, from the suite": (
        rules.private_names_in_conformance,
        {"conformance/test_server.py": "from basix_contract.suite import _run"},
    ),
    "a private module, from the suite": (
        rules.private_names_in_conformance,
        {"conformance/test_server.py": "import basix_contract.suite._run"},
    ),
    "a library at another's door": (rules.wrong_doors, {"basix_contract/checks/_reply.py": "import httpx"}),
    "a module of a library": (
        rules.wrong_doors,
        {"basix_contract/suite/_run.py": "from starlette.applications import Starlette"},
    ),
    "a door for one module only": (rules.wrong_doors, {"basix_contract/report/_json.py": "import rich"}),
    "a library without a door": (rules.wrong_doors, {"basix_contract/client/_send.py": "import requests"}),
    "the tests, from the package": (rules.wrong_doors, {"basix_contract/client/_send.py": "import tests"}),
    "logic in a room's door": (
        rules.logic_at_the_door,
        {"basix_contract/mock/__init__.py": '"""The mock."""\n\nSPEED = 3\n'},
    ),
    "a name not listed": (
        rules.logic_at_the_door,
        {"basix_contract/mock/__init__.py": "from basix_contract.mock._app import App\n"},
    ),
    "a long file": (habits.long_files, {"basix_contract/errors.py": "# a line\n" * 301}),
    "a long file of the suite": (habits.long_files, {"conformance/test_server.py": "# a line\n" * 301}),
    "a long function": (
        habits.long_functions,
        {"basix_contract/errors.py": SHORT * 20 + function_of(61)},
    ),
    "a long median": (habits.long_habits, {"basix_contract/errors.py": function_of(11) * 3}),
    "a long tail": (habits.long_habits, {"basix_contract/errors.py": SHORT * 8 + function_of(31) * 2}),
    "a drawer": (habits.drawer_names, {"basix_contract/mock/_helpers.py": ""}),
    "a drawer among the tests": (habits.drawer_names, {"tests/utils/__init__.py": ""}),
    "a bare noqa": (habits.unexplained_escapes, {"basix_contract/errors.py": "X = 1  # noqa: E501\n"}),
    "an ignored type": (
        habits.unexplained_escapes,
        {"tests/test_x.py": "X = 1  # type: ignore[assignment]  # noqa: E501, F401\n"},
    ),
    "an uncovered line": (
        habits.unexplained_escapes,
        {"conformance/test_x.py": "X = 1  # pragma: no cover - why\n"},
    ),
}

# What comes close to a breach and is none.
ALLOWED = {
    "down": {
        "basix_contract/__init__.py": "from basix_contract.client import Client\n",
        "basix_contract/mock/__init__.py": ("from basix_contract.mock._app import App as App\n\n__all__ = ['App']\n"),
        "basix_contract/mock/_app.py": (
            "import uvicorn\nfrom basix_contract._version import __version__\n"
            "from basix_contract.contract import load\nfrom . import _calls\n"
        ),
        "basix_contract/mock/_calls.py": "from __future__ import annotations\nimport ast\n",
    },
    "the ground floor is one room": {"basix_contract/errors.py": "from basix_contract.messages import Request\n"},
    "a private module of a door": {"basix_contract/report/_terminal.py": "from rich.table import Table\n"},
    "generated code may be long": {"basix_contract/client/_generated/x.py": function_of(400)},
    "just in budget": {
        "basix_contract/errors.py": SHORT * 3 + function_of(60),
        "basix_contract/mock/_a.py": (SHORT * 4 + function_of(30)) * 5,
        "basix_contract/client/_calls.py": "@overload\n" + function_of(61),
        "conformance/test_server.py": "# a line\n" * 300,
    },
    "reasons": {
        "basix_contract/errors.py": (
            "X = 1  # noqa: E501 - a URL\nY = 1  # type: ignore[x]  # its stubs are wrong\n"
            "Z = '# noqa'  # pragma: no cover - another system only\n"
        )
    },
    "the tests look inside": {"tests/mock/test_app.py": "from basix_contract.mock import _app\n"},
}


def house_of(root: Path, files: dict[str, str]) -> House:
    """A house of these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return read_house(root)


@pytest.fixture(scope="module")
def house() -> House:
    """The house these tests stand in."""
    return read_house(ROOT)


def test_the_house_is_read(house: House) -> None:
    """The rules below look at this package and at these tests: an empty house would keep every rule."""
    assert {"basix_contract", "basix_contract.errors", "tests.test_structure"} <= house.modules.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps_the_rule(house: House, rule: Rule) -> None:
    """The source of this repository keeps each rule."""
    breaches = rule(house)

    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize("case", BREACHES)
def test_a_breach_is_found_by_its_rule_alone(tmp_path: Path, case: str) -> None:
    """Each rule fails on a tree that breaks it, and no other rule does."""
    broken, files = BREACHES[case]
    house = house_of(tmp_path, files)

    assert [rule.__name__ for rule in RULES if rule(house)] == [broken.__name__]


def test_every_rule_is_seen_to_fail() -> None:
    """No rule is held that no tree breaks."""
    assert {broken for broken, _ in BREACHES.values()} == set(RULES)


@pytest.mark.parametrize("case", ALLOWED)
def test_what_is_allowed_breaks_no_rule(tmp_path: Path, case: str) -> None:
    """The rules leave alone what the house allows."""
    house = house_of(tmp_path, ALLOWED[case])

    breaches = [breach for rule in RULES for breach in rule(house)]

    assert not breaches, "\n".join(breaches)


def test_a_breach_says_where_it_is(tmp_path: Path) -> None:
    """A breach is a sentence that names the file, the line and the rooms."""
    house = house_of(tmp_path, {"basix_contract/contract/_load.py": "\nimport basix_contract.suite"})

    assert rules.upward_imports(house) == [
        "basix_contract/contract/_load.py:2: contract (floor 1) imports suite (floor 5)"
    ]
