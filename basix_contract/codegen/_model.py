"""Everything the templates need to know of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from basix_contract.codegen._names import class_name, constant_name
from basix_contract.codegen._replies import Envelope, envelope_of
from basix_contract.codegen._requests import Member, Object, member_of, objects_in
from basix_contract.codegen._schemas import Schema, Schemas
from basix_contract.codegen._source import Call, Code, Doc, sentences
from basix_contract.contract import Document
from basix_contract.errors import SpecError

_SENT = "What is given is sent, and nothing else: None stands for what is not given."
_RAISED = (
    ("InvalidRequest", "What was given is no call, and was not sent."),
    ("NotSent", "No connection came about and nothing was sent; it is safe to try again."),
    ("ApiError", "The PBX refused the call; nobody is rung. Known ids have classes of their own."),
    ("CallOutcomeUnknown", "It was sent and no reply could be read; do not place the call again."),
)
_WRITTEN = "Return a number with an identity in front of it, in the text form of the document."
_DOUBTFUL = "How that form could hold certain characters is not documented: give such values in the object form."
_DOUBTS = (("InvalidRequest", "A value is empty, or holds what the form gives a meaning to."),)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownError:
    """An error id that the document knows, and the class for it."""

    id: str
    name: str
    doc: Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """The text form with an identity in front: the keys it may hold, and its marks."""

    called: str
    keys: tuple[Member, ...]
    doc: Doc
    table: Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A document in the words of the templates."""

    source: str
    operation: str
    doc: Doc
    arguments: tuple[Member, ...]
    selectors: tuple[str, ...]
    objects: tuple[Object, ...]
    inline: Inline | None
    reply: Envelope
    callback: Envelope
    errors: tuple[KnownError, ...]
    table: Call

    @property
    def constant(self) -> str:
        """The name of the operation's table."""
        return constant_name(self.operation)

    @property
    def argument_classes(self) -> tuple[str, ...]:
        """The classes that the arguments' annotations name."""
        names = [name for item in self.objects for name in (item.name, item.plain_name)]
        hints = {word for argument in self.arguments for word in argument.hint.split(" | ")}
        return tuple(sorted(hints.intersection(names)))

    @property
    def is_overloaded(self) -> bool:
        """Tell whether there is a choice of selectors; a single one is simply required."""
        return len(self.selectors) > 1

    @property
    def client_typing(self) -> tuple[str, ...]:
        """What a client's module needs of `typing`."""
        return (*_literal_in(self.arguments), *(("overload",) if self.is_overloaded else ()))

    @property
    def models_typing(self) -> tuple[str, ...]:
        """What the module of the values needs of `typing`."""
        members = tuple(member for item in self.objects for member in item.members)
        optional = () if all(member.is_required for member in members) else ("NotRequired",)
        return ("ClassVar", *_literal_in(members), *optional, *(("TypedDict",) if self.objects else ()))


def model_of(document: Document) -> Model:
    """Return the model of a document; SpecError when it holds what no client can be written for."""
    schemas = Schemas(document)
    parameters = document.parameters
    arguments = tuple(member_of(schemas, part.name, part.schema, is_required=part.is_required) for part in parameters)
    objects = {item.name: item for part in parameters for item in objects_in(schemas, part.name, part.schema)}
    operation = schemas.at(f"/paths/{document.operation_path.replace('/', '~1')}/{document.operation_method.lower()}")
    reply = envelope_of(schemas, "reply", document.reply_pointer)
    errors = tuple(_errors(document, reply))
    return Model(
        source=document.source.name,
        operation=document.operation_id,
        doc=_doc(operation, arguments, reply),
        arguments=arguments,
        selectors=document.user_selectors,
        objects=tuple(objects.values()),
        inline=_inline(schemas),
        reply=reply,
        callback=envelope_of(schemas, "callback", document.callback_pointer),
        errors=errors,
        table=_table(document, operation, schemas, arguments),
    )


def _literal_in(members: tuple[Member, ...]) -> tuple[str, ...]:
    return ("Literal",) if any("Literal[" in member.hint for member in members) else ()


def _doc(operation: Schema, arguments: tuple[Member, ...], reply: Envelope) -> Doc:
    summary, paragraphs = sentences(str(operation["description"]))
    sections = (
        ("Args", tuple((member.name, member.said) for member in arguments)),
        ("Returns", ((reply.success.name, reply.success.doc.summary),)),
        ("Raises", _RAISED),
    )
    return Doc(summary=summary, paragraphs=(*paragraphs, _SENT), sections=sections)


def _table(document: Document, operation: Schema, schemas: Schemas, arguments: tuple[Member, ...]) -> Call:
    bare = [status for status, part in operation["responses"].items() if "content" not in schemas.followed(part)]
    return Call(
        "Operation",
        {
            "path": document.operation_path,
            "method": document.operation_method,
            "media_type": document.media_type,
            "members": {member.name: member.rule for member in arguments},
            "required": tuple(member.name for member in arguments if member.is_required),
            "selectors": document.user_selectors,
            "envelope": Code("REPLY"),
            "errors": Code("ERRORS"),
            "refusals": Code(f"frozenset({{{', '.join(status for status in bare if status.isdecimal())}}})"),
        },
    )


def _errors(document: Document, reply: Envelope) -> Iterator[KnownError]:
    way = next((part.table.arguments["path"] for part in reply.failure.parts if part.name == "error_id"), None)
    if way is None:
        raise SpecError(f"{document.source}: an error reply must hold error.id, by which errors are told apart")
    known: dict[str, str] = {}
    for example in document.reply_examples.values():
        if example.value[reply.decider] != reply.success_code:
            known.setdefault(_reached(example.value, way), example.summary)
    for error_id, summary in known.items():
        doc = Doc(
            summary=f"The PBX refused the call with the id `{error_id}`.", paragraphs=(f"{summary.rstrip('.')}.",)
        )
        yield KnownError(id=error_id, name=class_name(error_id), doc=doc)


def _reached(value: Any, way: tuple[str, ...]) -> str:
    for step in way:
        value = value[step]
    return str(value)


def _inline(schemas: Schemas) -> Inline | None:
    """Find the text form among the alternatives of the parameters, and the members its keys are named after."""
    for parameter in schemas.document.parameters:
        branches = schemas.branches(parameter.schema)
        form = next((branch["x-basix-inline"] for branch in branches if "x-basix-inline" in branch), None)
        if form is not None:
            return _inline_of(schemas, form, branches)
    return None


def _inline_of(schemas: Schemas, form: Mapping[str, Any], branches: tuple[Schema, ...]) -> Inline:
    members = dict(_text_members(schemas, branches))
    keys = (*form["keys"]["documented"], *form["keys"]["expected"])
    marks = ("prefix", "suffix", "pair_separator", "key_separator")
    called = members[form["followed_by"]]
    said = (("Args", tuple((member.name, member.said) for member in (called, *(members[key] for key in keys)))),)
    return Inline(
        called=called.name,
        keys=tuple(members[key] for key in keys),
        doc=Doc(summary=_WRITTEN, paragraphs=(_DOUBTFUL,), sections=(*said, ("Raises", _DOUBTS))),
        table=Call("InlineForm", {**{mark: form[mark] for mark in marks}, "unsafe": tuple(form["unsafe_in_values"])}),
    )


def _text_members(schemas: Schemas, branches: tuple[Schema, ...]) -> Iterator[tuple[str, Member]]:
    for branch in branches:
        for name, part, _ in schemas.properties(branch):
            yield name, member_of(schemas, name, part, is_required=False)
            yield from _text_members(schemas, schemas.branches(part))
