"""What a strategy may use: a document, perhaps a profile, and how freely values may be made up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from basix_contract.contract import Document, load_document, load_ledger
from basix_contract.strategies._words import Words, words_of

if TYPE_CHECKING:
    from basix_contract.profile import Profile


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The arguments that all strategies for requests share.

    `is_free`: without a profile everything the schema allows is drawn, whoever it may name. `may_invent`: texts and
    people who do not exist may be made up beside what the profile gives.
    """

    document: Document
    profile: Profile | None
    callback_url: str
    callback_place: str
    allows_invention: bool

    @property
    def is_free(self) -> bool:
        """Tell whether nothing but the schema bounds what is drawn."""
        return self.profile is None

    @property
    def may_invent(self) -> bool:
        """Tell whether texts and absent people may be made up."""
        return self.allows_invention or self.is_free

    @cached_property
    def words(self) -> Words:
        """What the document calls things."""
        return words_of(self.document)

    @cached_property
    def _musts(self) -> frozenset[str]:
        excepted = self.profile.unsupported.rows if self.profile else ()
        rows = (row for row in load_ledger().for_role("server") if row.level == "MUST" and row.id not in excepted)
        return frozenset(check for row in rows for check in row.checks)

    def demands(self, check: str) -> bool:
        """Tell whether a server must take what this check tries: a MUST that the profile does not except."""
        return self.is_free or check in self._musts


def scope_of(
    profile: Profile | None = None,
    *,
    document: Document | None = None,
    callback_url: str = "",
    callback_place: str = "",
    allows_invention: bool = False,
) -> Scope:
    """Return the scope of these arguments; the shipped document where none is given."""
    return Scope(
        document=document or load_document(),
        profile=profile,
        callback_url=callback_url,
        callback_place=callback_place,
        allows_invention=allows_invention,
    )
