"""Defects of comparison: values that only resemble a user's, and call that user all the same."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal
from basix_contract.mock._words import attribute_of
from basix_contract.profile import User

# No column is as wide; a pattern of a million letters would take seconds.
_WIDEST_COLUMN = 255
_ALWAYS_TRUE = re.compile(r"'\s*or\s*'?(\w+)'?\s*=\s*'?\1'?", re.IGNORECASE)


class LooksForPrefix(Behaviour):
    """Selectors share the query of the address book's search as you type."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Find whoever has a value that begins so."""
        return _matching(self, selector, value, lambda own, given: own.startswith(given))


class ObeysSqlWildcards(Behaviour):
    """The query says LIKE where it should say `=`."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Let a percent sign stand for anything and an underscore for any letter."""
        return _matching(self, selector, value, _is_like)


class ObeysGlobs(Behaviour):
    """Selectors are matched as file names are."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Let an asterisk stand for anything and a question mark for any letter."""
        return _matching(self, selector, value, fnmatch.fnmatchcase)


class ObeysPatterns(Behaviour):
    """The comparison is the operator for regular expressions, which equals `=` for plain words."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Match the value as a pattern; one that is none matches nobody."""
        return _matching(self, selector, value, _fits_pattern)


class BelievesSql(Behaviour):
    """The value stands in the query as it came."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Find everybody for a value that closes the quote and says something true."""
        if isinstance(value, str) and _ALWAYS_TRUE.search(value):
            return self.directory.users
        return super().users_with(selector, value)


class EndsAtNul(Behaviour):
    """The value is handed to a library for which a text ends at its first NUL."""

    def read_name(self, value: Any) -> str | None:
        """Cut the text there."""
        read = super().read_name(value)
        return None if read is None else read.partition("\0")[0]


class ReadsFirstLine(Behaviour):
    """The directory is asked over a protocol of lines, and only the first one arrives."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Cut the text at its first line end."""
        read = super().read_selector(name, value)
        return read.split("\n")[0] if isinstance(read, str) else read


class DialCodesAsNumbers(Behaviour):
    """Extensions and DIDs are compared as numbers on both sides."""

    def is_same(self, own: Value, given: Value) -> bool:
        """Compare what the digits amount to."""
        if isinstance(own, str) and isinstance(given, str) and own.isdecimal() and given.isdecimal():
            return int(own) == int(given)
        return super().is_same(own, given)


class AnyDigitsWillDo(Behaviour):
    """An extension is converted to a number and back, which understands every alphabet's digits."""

    def read_dial_code(self, value: Any) -> str | None:
        """Write full-width and other digits as ASCII."""
        read = super().read_dial_code(value)
        if read is None or read.isascii() or not read.isdecimal():
            return read
        return "".join(str(unicodedata.decimal(digit)) for digit in read)


class IgnoresAccents(Behaviour):
    """The column's collation takes letters with and without marks for the same."""

    def is_same(self, own: Value, given: Value) -> bool:
        """Compare base letters."""
        if isinstance(own, str) and isinstance(given, str):
            return _base_letters(own) == _base_letters(given)
        return super().is_same(own, given)


class ReadsFirstOfList(Behaviour):
    """Extensions may be a list for the follow-me feature, and a selector goes through the same parser."""

    def read_dial_code(self, value: Any) -> str | None:
        """Keep what stands before the first comma."""
        read = super().read_dial_code(value)
        return None if read is None else read.partition(",")[0]


class LooksInEveryColumn(Behaviour):
    """One search box serves all selectors: whatever column has the value, it is found."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Look in the selector's own column first, then in all others."""
        columns = (selector, *self.words.user_selectors)
        found = [user for column in columns for user in super(LooksInEveryColumn, self).users_with(column, value)]
        return tuple(found[:1])


class RemembersByValue(Behaviour):
    """Lookups are cached under the value alone; which selector it stood under is forgotten."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Return what was found for this value before."""
        known: dict[Value, tuple[User, ...]] = self.state.memory.setdefault("users", {})
        if value not in known:
            found = super().users_with(selector, value)
            if not found:
                return found
            known[value] = found
        return known[value]


class NobodyIsRemembered(Behaviour):
    """That nobody was found is cached too, and under the value alone."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Find nobody where nobody was found before."""
        absent: set[Value] = self.state.memory.setdefault("absent", set())
        found = () if value in absent else super().users_with(selector, value)
        if not found:
            absent.add(value)
        return found


class GroupExtensionRingsMember(Behaviour):
    """Users and groups share one table of extensions; a group's leads to its first member."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Return a member of the group that has this extension."""
        found = super().users_with(selector, value)
        if found or selector != "user_extension":
            return found
        groups = {group.name for group in self.directory.groups_with("extension", value)}
        return tuple(user for user in self.directory.users if groups.intersection(user.groups))[:1]


class IdCutAtPoint(Behaviour):
    """An id is made an integer with `int()`, which drops a fraction."""

    def read_id(self, value: Any) -> int | None:
        """Drop the fraction."""
        return super().read_id(int(value) if isinstance(value, float) else value)


class IdWithoutSign(Behaviour):
    """Ids are unsigned, and a minus in front of one is thrown away."""

    def read_id(self, value: Any) -> int | None:
        """Drop the sign."""
        return super().read_id(abs(value) if type(value) is int else value)


class EmailUpToAt(Behaviour):
    """E-mails are compared by what stands before the @."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Find whoever has the same local part."""
        if selector != "user_email":
            return super().users_with(selector, value)
        return _matching(self, selector, value, lambda own, given: own.partition("@")[0] == given.partition("@")[0])


def _matching(rules: Behaviour, selector: str, value: Value, fits: Callable[[str, str], bool]) -> tuple[User, ...]:
    """Return the users whose value fits; ids, which are numbers, are compared as ever."""
    if not isinstance(value, str) or len(value) > _WIDEST_COLUMN:
        return rules.directory.users_with(attribute_of(selector), value)
    return rules.directory.users_with(attribute_of(selector), value, lambda own, given: fits(str(own), str(given)))


def _is_like(own: str, given: str) -> bool:
    parts = (".*" if letter == "%" else "." if letter == "_" else re.escape(letter) for letter in given)
    return re.fullmatch("".join(parts), own, re.DOTALL) is not None


def _fits_pattern(own: str, given: str) -> bool:
    try:
        return re.fullmatch(given, own) is not None
    except re.error:
        return own == given


def _base_letters(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _look_alike(id_: str, summary: str, behaviour: type[Behaviour], *also: tuple[str, str]) -> Defect:
    return Defect(
        id=id_, family="selectors", summary=summary, kills="selectors/look-alike", also=also, behaviour=behaviour
    )


DEFECTS: tuple[Defect, ...] = (
    _look_alike(
        "selector-by-prefix",
        "the beginning of a selector's value is enough",
        LooksForPrefix,
        ("selectors/unknown", "the beginning of a user's value names nobody"),
    ),
    _look_alike("selector-with-sql-wildcards", "% and _ in a selector stand for any letters", ObeysSqlWildcards),
    _look_alike("selector-with-globs", "* and ? in a selector stand for any letters", ObeysGlobs),
    _look_alike("selector-as-pattern", "a selector is a regular expression", ObeysPatterns),
    _look_alike("selector-in-sql", "a selector that closes the query's quote finds everybody", BelievesSql),
    _look_alike("selector-ends-at-nul", "a name is cut at a NUL", EndsAtNul),
    _look_alike("selector-first-line-only", "a selector is cut at a line end", ReadsFirstLine),
    _look_alike("dial-codes-as-numbers", "zeros before an extension or a DID do not count", DialCodesAsNumbers),
    _look_alike("any-digits-will-do", "an extension may be written in any alphabet's digits", AnyDigitsWillDo),
    _look_alike("selector-without-accents", "marks on letters do not count", IgnoresAccents),
    _look_alike("extension-first-of-list", "of several extensions with commas the first one counts", ReadsFirstOfList),
    _look_alike("selector-in-every-column", "a selector's value is looked for in every column", LooksInEveryColumn),
    _look_alike("selector-cached-by-value", "who was found by one selector is found by any other", RemembersByValue),
    Defect(
        id="nobody-cached-by-value",
        family="selectors",
        summary="a value that named nobody under one selector names nobody under any other, later on",
        kills="state/after-error",
        behaviour=NobodyIsRemembered,
    ),
    _look_alike(
        "group-extension-rings-member",
        "a group's extension as user_extension rings the group's first member",
        GroupExtensionRingsMember,
    ),
    _look_alike("user-id-cut-at-point", "an id with a fraction is cut to a whole number", IdCutAtPoint),
    _look_alike("user-id-without-sign", "the minus before an id is dropped", IdWithoutSign),
    _look_alike("user-email-up-to-at", "an e-mail is compared up to its @ only", EmailUpToAt),
)
