"""The parts of the document others work with: request parameters and examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from basix_contract.contract._schemas import merged
from basix_contract.contract._tree import Spot, frozen, pointer_of, thawed

Role = Literal["user-selector", "group-selector", "destination", "option"]
ROLES: tuple[str, ...] = get_args(Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One request parameter, as the spec has it.

    `schema` is a read-only view with the parameter's own `$ref` resolved; `pointer` leads to the same schema
    in the document, for `Document.schema`. `default` is None and `unit` empty where the spec names none.
    """

    name: str
    role: Role
    schema: Mapping[str, Any] = field(hash=False)
    description: str
    default: Any = field(hash=False)
    unit: str
    is_required: bool
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example of the spec; `status` is set for replies only (400 stands for 4XX, 500 for 5XX)."""

    name: str
    summary: str
    status: int | None
    _value: Any = field(repr=False, hash=False)

    @property
    def value(self) -> Any:
        """A fresh copy of the example's body, which the caller may change."""
        return thawed(self._value)


def read_parameters(schema: Spot) -> tuple[Parameter, ...]:
    """Return the properties of the request schema in the order of the spec."""
    required = schema.find("required")
    names = required.value if required is not None else ()
    properties = schema.at("properties")
    # A property's role and description stand beside its $ref: the spot before the jump is wanted.
    return tuple(_parameter(name, properties.child(name), is_required=name in names) for name in properties.names())


def _parameter(name: str, spot: Spot, *, is_required: bool) -> Parameter:
    schema = frozen(merged(spot))
    role = schema.get("x-basix-role")
    if role not in ROLES:
        raise spot.error(f"x-basix-role must be one of {', '.join(ROLES)}, not {role!r}")
    return Parameter(
        name=name,
        role=cast("Role", role),
        schema=schema,
        description=str(schema.get("description", "")).strip(),
        default=schema.get("default"),
        unit=str(schema.get("x-unit", "")),
        is_required=is_required,
        pointer=pointer_of(spot.steps),
    )


def read_examples(media_type: Spot) -> Mapping[str, Example]:
    """Return the examples of one request body by name."""
    return MappingProxyType(dict(_examples(media_type, None)))


def read_reply_examples(responses: Spot, media_type: str) -> Mapping[str, Example]:
    """Return the examples of all replies by name; one that an earlier status has used gets `@status`."""
    found: dict[str, Example] = {}
    for status, response in responses.items():
        content = response.find("content", media_type)
        for name, example in _examples(content, _status(status)):
            found[f"{name}@{status}" if name in found else name] = example
    return MappingProxyType(found)


def _status(key: str) -> int | None:
    """`default` names no status, and a range (4XX) is stood for by its first."""
    digits = key.upper().replace("X", "0")
    return int(digits) if digits.isdecimal() else None


def _examples(media_type: Spot | None, status: int | None) -> Iterator[tuple[str, Example]]:
    examples = media_type.find("examples") if media_type is not None else None
    for name, spot in examples.items() if examples is not None else ():
        summary = spot.find("summary")
        value = spot.at("value").value
        yield name, Example(name=name, summary=summary.text() if summary else "", status=status, _value=value)
