"""What a client sends: the arguments of the operation, the classes of its objects, and the rules for both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from basix_contract.codegen._names import class_name, identifier
from basix_contract.codegen._schemas import Schema, Schemas, types_of
from basix_contract.codegen._source import Call, Code, Doc, sentences, text
from basix_contract.codegen._words import wanted
from basix_contract.errors import SpecError

_HINTS = {"string": "str", "integer": "int", "boolean": "bool"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One argument, or one member of an object; `hint` does not speak of its being left out."""

    name: str
    hint: str
    said: str
    is_required: bool
    rule: Call

    @property
    def optional(self) -> str:
        """The annotation with its default, for where it may be left out."""
        return self.hint if self.is_required else f"{self.hint} | None = None"

    @property
    def required(self) -> str:
        """The annotation for where it has to be given."""
        return self.hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """A class for an object of the document, and one for the same as a plain dict."""

    name: str
    doc: Doc
    members: tuple[Member, ...]

    @property
    def plain_name(self) -> str:
        """The name of the typed dict."""
        return f"{self.name}Fields"


def member_of(schemas: Schemas, name: str, schema: Schema, *, is_required: bool) -> Member:
    """Return the argument for a member of the document."""
    branches = schemas.branches(schema)
    description = " ".join(str(schema.get("description", branches[0].get("description", ""))).split())
    default = schema.get("default")
    usual = "" if default is None else f" The PBX takes {default} where it is not given."
    return Member(
        name=identifier(name),
        hint=" | ".join(dict.fromkeys(hint for branch in branches for hint in _hints(name, branch))),
        said=description + usual,
        is_required=is_required,
        rule=_rule(schemas, branches, description),
    )


def objects_in(schemas: Schemas, name: str, schema: Schema) -> Iterator[Object]:
    """Yield a class for each object among the alternatives of a member, and for those inside them."""
    for branch in schemas.branches(schema):
        if "object" not in types_of(branch):
            continue
        summary, paragraphs = sentences(str(branch.get("description", name)))
        members = tuple(
            member_of(schemas, inner, part, is_required=is_required)
            for inner, part, is_required in schemas.properties(branch)
        )
        said = ("Attributes", tuple((member.name, member.said) for member in members))
        doc = Doc(summary=summary, paragraphs=paragraphs, sections=(said,))
        yield Object(name=class_name(name), doc=doc, members=members)
        for inner, part, _ in schemas.properties(branch):
            yield from objects_in(schemas, inner, part)


def _hints(name: str, schema: Schema) -> tuple[str, ...]:
    if "enum" in schema:
        return (f"Literal[{', '.join(_literal(choice) for choice in schema['enum'])}]",)
    if "object" in types_of(schema):
        return (class_name(name), f"{class_name(name)}Fields")
    unknown = [kind for kind in types_of(schema) if kind not in _HINTS]
    if unknown or not types_of(schema):
        raise SpecError(f"no argument can be written for {name}: its type is {' or '.join(unknown) or 'not given'}")
    return tuple(_HINTS[kind] for kind in types_of(schema))


def _literal(choice: Any) -> str:
    return text(choice) if isinstance(choice, str) else repr(choice)


def _rule(schemas: Schemas, branches: tuple[Schema, ...], description: str) -> Call:
    """Write down what the scalars among the alternatives have to be, and the members of the object among them."""
    kinds = dict.fromkeys(_HINTS[kind] for branch in branches for kind in types_of(branch) if kind in _HINTS)
    limits = {key: value for branch in branches for key, value in branch.items()}
    objects = [branch for branch in branches if "object" in types_of(branch)]
    members = {
        name: member_of(schemas, name, part, is_required=is_required).rule
        for branch in objects
        for name, part, is_required in schemas.properties(branch)
    }
    required = tuple(name for branch in objects for name in branch.get("required", ()))
    return Call(
        "Rule",
        {
            "wanted": wanted(branches, description),
            "kinds": tuple(Code(kind) for kind in kinds),
            "choices": tuple(limits["enum"]) if "enum" in limits else None,
            "lowest": limits.get("minimum"),
            "shortest": limits.get("minLength"),
            "pattern": limits.get("pattern"),
            "members": members or None,
            "required": required or None,
        },
    )
