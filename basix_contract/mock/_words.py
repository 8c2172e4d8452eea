"""The names the mock knows, read from the document: parameters, their roles and defaults, details, paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from basix_contract.contract import Document, load_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the document calls things.

    `resolver` is the group selector that gives a rule in place of a group; `rules` are its documented values.
    `inline_keys` are those an identity in braces may have, `open_inline_keys` those that may or may not.
    """

    base_path: str
    method_path: str
    parameters: tuple[str, ...]
    defaults: Mapping[str, Any] = field(hash=False)
    user_selectors: tuple[str, ...]
    group_selectors: tuple[str, ...]
    resolver: str
    rules: tuple[str, ...]
    destination_keys: tuple[str, ...]
    end_user_keys: tuple[str, ...]
    inline_keys: tuple[str, ...]
    open_inline_keys: tuple[str, ...]

    @classmethod
    def of(cls, document: Document) -> Words:
        """Read them from a document."""
        by_name = {parameter.name: parameter for parameter in document.parameters}
        resolver = next(name for name in document.group_selectors if "enum" in by_name[name].schema)
        schemas = document.raw["components"]["schemas"]
        inline = schemas["DestinationText"]["x-basix-inline"]["keys"]
        return cls(
            base_path=urlsplit(document.raw["servers"][0]["url"]).path,
            method_path=document.operation_path,
            parameters=tuple(by_name),
            defaults={name: parameter.default for name, parameter in by_name.items()},
            user_selectors=document.user_selectors,
            group_selectors=document.group_selectors,
            resolver=resolver,
            rules=tuple(by_name[resolver].schema["enum"]),
            destination_keys=tuple(schemas["DestinationObject"]["properties"]),
            end_user_keys=tuple(schemas["EndUser"]["properties"]),
            inline_keys=(*inline["documented"], *inline["expected"]),
            open_inline_keys=tuple(inline["open"]),
        )


def attribute_of(selector: str) -> str:
    """Return which column of the directory a selector speaks of: `user_id` and `group_id` → `id`."""
    return selector.partition("_")[2]


@cache
def shipped_words() -> Words:
    """Return the words of the shipped document."""
    return Words.of(load_document())
