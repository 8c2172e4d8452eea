"""Defects of sign-in: who gets in without, or with nearly, the right credentials, and who is kept out."""

from __future__ import annotations

import re

from basix_contract.messages import Request, field_value
from basix_contract.mock._behaviour import Behaviour, Credentials
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal

_SIGNIFICANT = 8
_MOST_FAILURES = 5
_NEARLY = (("auth/near-miss", "near misses differ in nothing that is looked at"),)


class CredentialsOptional(Behaviour):
    """Credentials are checked when there are any."""

    def check_credentials(self, request: Request) -> Refusal | None:
        """Let requests without them pass."""
        return super().check_credentials(request) if field_value(request.headers, "authorization") else None


class TokenUnchecked(Behaviour):
    """The domain is looked up, and that is all."""

    def matches_token(self, given: bytes) -> bool:
        """Take any token."""
        return True


class DomainUnchecked(Behaviour):
    """The token is looked up, whosever it is."""

    def matches_domain(self, given: bytes) -> bool:
        """Take any domain."""
        return True


class DomainBySuffix(Behaviour):
    """Whatever lies within the domain counts as the domain."""

    def matches_domain(self, given: bytes) -> bool:
        """Compare the end."""
        return given.endswith(self.directory.domain.encode())


class DomainByPattern(Behaviour):
    """The domain serves as a regular expression that is not anchored at its end."""

    def matches_domain(self, given: bytes) -> bool:
        """Take whatever begins like it."""
        return re.match(self.directory.domain.encode(), given) is not None


class TokenByGivenLength(Behaviour):
    """As many characters are compared as were given."""

    def matches_token(self, given: bytes) -> bool:
        """Take any beginning of the token, the empty one included."""
        return self.directory.token.encode().startswith(given)


class TokenFirstEight(Behaviour):
    """The token is hashed by an old function, which looks at eight characters."""

    def matches_token(self, given: bytes) -> bool:
        """Compare the first eight."""
        return given[:_SIGNIFICANT] == self.directory.token.encode()[:_SIGNIFICANT]


class TokenCaseFolded(Behaviour):
    """The database compares texts whatever their case."""

    def matches_token(self, given: bytes) -> bool:
        """Compare small letters."""
        return given.lower() == self.directory.token.encode().lower()


class TokenTrimmed(Behaviour):
    """Blanks around the token are dropped first."""

    def matches_token(self, given: bytes) -> bool:
        """Compare what is between them."""
        return super().matches_token(given.strip())


class TokenToNul(Behaviour):
    """The token is copied as a text that ends at the first NUL."""

    def matches_token(self, given: bytes) -> bool:
        """Compare what stands before it."""
        return super().matches_token(given.partition(b"\0")[0])


class TokenToColon(Behaviour):
    """Credentials are split at every colon, and the first two parts are used."""

    def matches_token(self, given: bytes) -> bool:
        """Compare what stands before the next colon."""
        return super().matches_token(given.partition(b":")[0])


class TokenByPattern(Behaviour):
    """The token is looked up by LIKE, so that % and _ stand for others."""

    def matches_token(self, given: bytes) -> bool:
        """Match the token against the pattern."""
        pattern = re.escape(given).replace(b"%", b".*").replace(b"_", b".")
        return re.fullmatch(pattern, self.directory.token.encode(), re.DOTALL) is not None


class EmptyTokenPasses(Behaviour):
    """The token is compared if there is one."""

    def matches_token(self, given: bytes) -> bool:
        """Take the empty one."""
        return not given or super().matches_token(given)


class UnknownDomainEmptyToken(Behaviour):
    """For a domain that is not in the table, the token that is expected is the empty one."""

    def allows_credentials(self, credentials: Credentials) -> bool:
        """Compare with what the table holds."""
        is_unknown = not self.matches_domain(credentials.domain)
        return not credentials.token if is_unknown else super().allows_credentials(credentials)


class AnyScheme(Behaviour):
    """What stands before the credentials is skipped unread."""

    def allows_scheme(self, scheme: str) -> bool:
        """Take any scheme."""
        return True


class BearerTaken(Behaviour):
    """A gateway takes the token alone as well, whichever domain it is of."""

    def read_credentials(self, request: Request) -> Credentials | None:
        """Read a bearer's token as that of this domain."""
        scheme, _, token = (field_value(request.headers, "authorization") or "").partition(" ")
        if scheme.lower() == "bearer":
            return Credentials(self.directory.domain.encode(), token.encode())
        return super().read_credentials(request)


class TokenAsUserName(Behaviour):
    """The token may stand in the user name, with anything as password, as other vendors have it."""

    def allows_credentials(self, credentials: Credentials) -> bool:
        """Look for it there too."""
        return self.matches_token(credentials.domain) or super().allows_credentials(credentials)


class FailsOpen(Behaviour):
    """Credentials that cannot be read raise an error, and the handler of that error lets the request pass."""

    def check_credentials(self, request: Request) -> Refusal | None:
        """Refuse only what can be read."""
        is_given = field_value(request.headers, "authorization") is not None
        return None if is_given and self.read_credentials(request) is None else super().check_credentials(request)


class SignInRemembered(Behaviour):
    """A domain that has signed in once is signed in."""

    def allows_credentials(self, credentials: Credentials) -> bool:
        """Remember domains, not tokens."""
        known: set[bytes] = self.state.memory.setdefault("signed_in", set())
        if super().allows_credentials(credentials):
            known.add(credentials.domain)
        return credentials.domain in known


class LocksDomain(Behaviour):
    """A few wrong sign-ins lock the domain, and a right one does not count."""

    def allows_credentials(self, credentials: Credentials) -> bool:
        """Refuse everybody after five failures."""
        failures: int = self.state.memory.get("failures", 0)
        is_right = super().allows_credentials(credentials)
        self.state.memory["failures"] = failures + (not is_right)
        return is_right and failures < _MOST_FAILURES


class RefusalLingers(Behaviour):
    """The outcome of a sign-in is kept in a variable that the next request still sees."""

    def check_credentials(self, request: Request) -> Refusal | None:
        """Refuse whoever comes after one who was refused."""
        before: Refusal | None = self.state.memory.get("refusal")
        self.state.memory["refusal"] = super().check_credentials(request)
        return self.state.memory["refusal"] or before


def _defect(
    id_: str, summary: str, behaviour: type[Behaviour], kills: str, also: tuple[tuple[str, str], ...] = ()
) -> Defect:
    return Defect(id=id_, family="auth", summary=summary, kills=kills, also=also, behaviour=behaviour)


DEFECTS: tuple[Defect, ...] = (
    _defect("credentials-optional", "a request without credentials is taken", CredentialsOptional, "auth/absent"),
    _defect("token-unchecked", "any token of the right domain is taken", TokenUnchecked, "auth/wrong-token", _NEARLY),
    _defect(
        "domain-unchecked", "the right token is taken for any domain", DomainUnchecked, "auth/wrong-domain", _NEARLY
    ),
    _defect(
        "domain-by-suffix",
        "a domain that ends like the right one is taken",
        DomainBySuffix,
        "auth/wrong-domain",
        _NEARLY,
    ),
    _defect("domain-by-pattern", "a domain that begins like the right one is taken", DomainByPattern, "auth/near-miss"),
    _defect("token-by-given-length", "any beginning of the token is taken", TokenByGivenLength, "auth/near-miss"),
    _defect(
        "token-first-eight", "only the first eight characters of the token count", TokenFirstEight, "auth/near-miss"
    ),
    _defect("token-case-folded", "the case of the token does not matter", TokenCaseFolded, "auth/near-miss"),
    _defect("token-trimmed", "blanks around the token do not matter", TokenTrimmed, "auth/near-miss"),
    _defect("token-to-nul", "what stands behind a NUL in the token does not matter", TokenToNul, "auth/near-miss"),
    _defect(
        "token-to-colon", "what stands behind a colon in the token does not matter", TokenToColon, "auth/near-miss"
    ),
    _defect("token-by-pattern", "% and _ in the token stand for any characters", TokenByPattern, "auth/near-miss"),
    _defect("empty-token-passes", "an empty token is taken", EmptyTokenPasses, "auth/near-miss"),
    _defect(
        "unknown-domain-empty-token",
        "an unknown domain is let in with an empty token",
        UnknownDomainEmptyToken,
        "auth/near-miss",
    ),
    _defect("scheme-unread", "the right pair is taken under any scheme", AnyScheme, "auth/near-miss"),
    _defect("token-as-bearer", "the token alone is taken as a bearer's", BearerTaken, "auth/near-miss"),
    _defect("token-as-user-name", "the token is taken in place of the domain", TokenAsUserName, "auth/near-miss"),
    _defect("unreadable-passes", "credentials that cannot be read are let through", FailsOpen, "auth/near-miss"),
    _defect(
        "sign-in-remembered",
        "after one sign-in any token of the domain is taken",
        SignInRemembered,
        "auth/wrong-token",
        _NEARLY,
    ),
    _defect("domain-locked", "after five wrong sign-ins the right one is refused", LocksDomain, "auth/recovers"),
    _defect("refusal-lingers", "the request after a refused one is refused too", RefusalLingers, "auth/recovers"),
)
