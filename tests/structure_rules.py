"""Who may import what: each rule returns its breaches as sentences, none when it holds."""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter

from tests.structure import PACKAGE, House, Module

# A room imports what lies below it, and nothing of its own floor. The ground floor is one room.
FLOORS = {
    "_version": 0,
    "errors": 0,
    "messages": 0,
    "contract": 1,
    "profile": 1,
    "validation": 2,
    "client": 3,
    "codegen": 3,
    "mock": 3,
    "strategies": 3,
    "checks": 4,
    "suite": 5,
    "docs": 6,
    "report": 6,
    "cli": 7,
    "pytest_plugin": 7,
    "__main__": 8,
    "": 9,  # the package itself: it names what the rooms offer, so no room may import it
}
GROUND = 0

# Each library of others comes in by one door: the rooms, or modules of a room, that may import it.
DOORS = {
    "cyclopts": ("cli",),
    "httpx": ("client", "profile.transport"),
    "hypothesis": ("strategies", "conformance"),
    "jinja2": ("codegen", "docs", "report"),
    "jsonschema_rs": ("validation",),
    "markdown_it": ("docs",),
    "openapi_core": ("validation",),
    "pytest": ("pytest_plugin", "conformance"),
    "respx": ("pytest_plugin",),
    "rich": ("cli", "report.terminal"),
    "schemathesis": ("suite", "conformance"),
    "starlette": ("mock",),
    "uvicorn": ("mock", "suite.receiver"),
    "yaml": ("contract",),
}


def room_of(name: str) -> str:
    """The room a module of the package stands in; empty for the package itself."""
    return name.split(".")[1] if "." in name else ""


def rooms_without_floor(house: House) -> list[str]:
    """Every room has its floor."""
    rooms = {room_of(module.name) for module in house.within(PACKAGE)}
    return [f"{PACKAGE}/{room} is on no floor: give it one in FLOORS" for room in sorted(rooms - FLOORS.keys())]


def upward_imports(house: House) -> list[str]:
    """Imports run down the floors, never up."""
    return [
        f"{place}: {room} (floor {FLOORS[room]}) imports {other or PACKAGE} (floor {FLOORS[other]})"
        for place, room, other in _between_rooms(house)
        if FLOORS[other] > FLOORS[room]
    ]


def sibling_imports(house: House) -> list[str]:
    """Rooms on one floor do not see each other; the ground floor is one room."""
    return [
        f"{place}: {room} imports {other}, which is on the same floor ({FLOORS[room]})"
        for place, room, other in _between_rooms(house)
        if FLOORS[other] == FLOORS[room] != GROUND
    ]


def import_cycles(house: House) -> list[str]:
    """No module imports itself by way of others, not even for its types or inside a function."""
    graph: dict[str, set[str]] = {module.name: set() for module in house.within(PACKAGE)}
    for found in house.imports(PACKAGE):
        if found.imported in graph:
            graph[found.importer].add(found.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" imports ".join(reversed(error.args[1]))]
    return []


def trespasses(house: House) -> list[str]:
    """What is private is imported only inside its own room."""
    return [
        f"{found.place}: {found.imported} {found.name} is private to {room_of(found.imported) or PACKAGE}"
        for found in house.imports(PACKAGE)
        if _is_ours(found.imported)
        and found.has_private_part
        and found.imported != f"{PACKAGE}._version"
        and room_of(found.importer) != room_of(found.imported)
    ]


def private_names_in_conformance(house: House) -> list[str]:
    """The suite an implementer runs uses only what the package offers to everybody."""
    return [
        f"{found.place}: {found.imported} {found.name} is private"
        for found in house.imports("conformance")
        if _is_ours(found.imported) and found.has_private_part
    ]


def wrong_doors(house: House) -> list[str]:
    """A library of others is imported at its door only, and none without a door."""
    breaches = []
    for found in house.imports(PACKAGE, "conformance"):
        library = found.imported.partition(".")[0]
        own = {PACKAGE, found.importer.partition(".")[0]}
        if library in sys.stdlib_module_names or library in own:
            continue
        doors = DOORS.get(library, ())
        if not any(_is_at(found.importer, door) for door in doors):
            breaches.append(f"{found.place}: {library} may be imported in {' and '.join(doors) or 'no place'}")
    return breaches


def logic_at_the_door(house: House) -> list[str]:
    """A room's `__init__.py` offers names, all of them listed, and does nothing else."""
    breaches = []
    for module in house.within(PACKAGE):
        if module.is_package and not module.is_generated and module.name != PACKAGE:
            breaches += [f"{module.path.as_posix()}:{odd}" for odd in _oddities(module)]
    return breaches


def _oddities(module: Module) -> list[str]:
    offered: set[str] = set()
    listed: set[str] = set()
    oddities = []
    for node in module.tree.body:
        match node:
            case ast.Expr(value=ast.Constant(value=str())) | ast.ImportFrom(module="__future__"):
                pass
            case ast.ImportFrom(names=names):
                offered |= {alias.asname or alias.name for alias in names}
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)):
                listed = {ast.literal_eval(name) for name in names}
            case _:
                oddities.append(f"{node.lineno}: a room's door does nothing but offer names")
    if offered != listed:
        oddities.append(f" imported and not in __all__, or the reverse: {sorted(offered ^ listed)}")
    return oddities


def _between_rooms(house: House) -> list[tuple[str, str, str]]:
    pairs = [
        (found.place, room_of(found.importer), room_of(found.imported))
        for found in house.imports(PACKAGE)
        if _is_ours(found.imported)
    ]
    return [
        (place, room, other) for place, room, other in pairs if room != other and room in FLOORS and other in FLOORS
    ]


def _is_ours(imported: str) -> bool:
    return imported.partition(".")[0] == PACKAGE


def _is_at(importer: str, door: str) -> bool:
    place = ".".join(part.lstrip("_") for part in importer.removeprefix(f"{PACKAGE}.").split("."))
    return f"{place}.".startswith(f"{door}.")
