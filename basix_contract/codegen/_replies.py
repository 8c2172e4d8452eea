"""What comes back: envelopes in which one member decides between success and error, and classes for what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from basix_contract.codegen._names import class_name, identifier
from basix_contract.codegen._schemas import Schema, Schemas, types_of
from basix_contract.codegen._source import Call, Code, Doc, sentences
from basix_contract.codegen._words import wanted
from basix_contract.errors import SpecError

_KINDS = {"string": "str", "integer": "int", "boolean": "bool"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One value of an envelope, as an attribute of its class."""

    name: str
    hint: str
    said: str
    is_required: bool
    table: Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The class for one of the two things an envelope may be; `constants` are what its schema fixes."""

    name: str
    doc: Doc
    parts: tuple[Part, ...]
    constants: Mapping[str, int]

    @property
    def table(self) -> Call:
        """How it is read."""
        return Call("Shape", {"make": Code(self.name), "parts": tuple(part.table for part in self.parts)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A kind of body: which member decides, by which value, and its two shapes."""

    subject: str
    decider: str
    success_code: int
    success: Shape
    failure: Shape

    @property
    def table(self) -> Call:
        """How it is read."""
        return Call(
            "Envelope",
            {
                "subject": self.subject,
                "decider": self.decider,
                "success_code": self.success_code,
                "success": self.success.table,
                "failure": self.failure.table,
            },
        )


def envelope_of(schemas: Schemas, subject: str, pointer: str) -> Envelope:
    """Return the envelope at a pointer; SpecError when nothing in it decides between two shapes."""
    branches = schemas.branches(schemas.at(pointer))
    successes = [branch for branch in branches if _constants(schemas, branch)]
    failures = [branch for branch in branches if branch not in successes]
    if len(successes) != 1 or len(failures) != 1:
        raise SpecError(f"{pointer}: one success, with a constant that tells it, and one error are expected")
    ((decider, code),) = _constants(schemas, successes[0]).items()
    return Envelope(
        subject=subject,
        decider=decider,
        success_code=code,
        success=_shape(schemas, successes[0]),
        failure=_shape(schemas, failures[0]),
    )


def _constants(schemas: Schemas, branch: Schema) -> dict[str, int]:
    return {name: part["const"] for name, part, _ in schemas.properties(branch) if "const" in part}


def _shape(schemas: Schemas, branch: Schema) -> Shape:
    summary, paragraphs = sentences(str(branch.get("description", branch["title"])))
    parts = tuple(_parts(schemas, branch, (), is_required=True))
    said = ("Attributes", tuple((part.name, part.said) for part in parts))
    doc = Doc(summary=summary, paragraphs=paragraphs, sections=(said,) if parts else ())
    return Shape(name=class_name(str(branch["title"])), doc=doc, parts=parts, constants=_constants(schemas, branch))


def _parts(schemas: Schemas, schema: Schema, at: tuple[str, ...], *, is_required: bool) -> Iterator[Part]:
    """Yield what an object holds; what stands deeper in it goes by the names of the way there, as `error_id`."""
    for name, part, is_needed in schemas.properties(schema):
        way = (*at, name)
        if "const" in part:
            continue
        if "object" in types_of(part):
            yield from _parts(schemas, part, way, is_required=is_required and is_needed)
        else:
            yield _part(schemas, part, way, is_required=is_required and is_needed)


def _part(schemas: Schemas, schema: Schema, way: tuple[str, ...], *, is_required: bool) -> Part:
    kind = types_of(schema)[0]
    item = types_of(schemas.followed(schema["items"]))[0] if kind == "array" else ""
    hint = f"tuple[{_KINDS[item]}, ...]" if item else _KINDS[kind]
    table: dict[str, Any] = {
        "name": "_".join(way),
        "path": way,
        "wanted": wanted((schema,), ""),
        "kind": Code("list" if item else _KINDS[kind]),
        "items": Code(_KINDS[item]) if item else None,
        "shortest": schema.get("minItems" if item else "minLength"),
        "pattern": schema.get("pattern"),
        "is_required": None if is_required else False,
    }
    return Part(
        name=identifier("_".join(way)),
        hint=hint if is_required else f"{hint} | None",
        said=" ".join(str(schema.get("description", "")).split()),
        is_required=is_required,
        table=Call("Part", table),
    )
