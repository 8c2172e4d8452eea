"""Defects of refusing: what happens to somebody, or somewhere, although the credentials were refused."""

from __future__ import annotations

from basix_contract.messages import Request, field_value
from basix_contract.mock._behaviour import Behaviour, Credentials
from basix_contract.mock._call import Call
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Delivery, Refusal, Reply

_REFUSED = "authentication_required"
_ALL_REFUSALS = (
    ("auth/wrong-token", "every refusal is made like that"),
    ("auth/wrong-domain", "every refusal is made like that"),
    ("auth/near-miss", "every refusal is made like that"),
)


class RingsFirst(Behaviour):
    """Credentials are checked by the last step, when telephones ring already."""

    def check_credentials(self, request: Request) -> Refusal | None:
        """Let everybody through."""
        return None

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Refuse in the reply only."""
        return self.error_reply(refusal) if (refusal := super().check_credentials(request)) else reply


class ReservesFirst(Behaviour):
    """Channels are reserved before the credentials are checked, and the refusal lists them."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Name uuids in the refusal."""
        if refusal.error_id != _REFUSED:
            return super().error_reply(refusal)
        body = {**self.error_body(refusal), "uuids": list(self.new_uuids(2))}
        return self.json_reply(self.error_status(refusal), body)


class RefusalTold(Behaviour):
    """Whatever ends a request is told to its callback_url, and so is a sign-in that failed."""

    def refused_url(self, request: Request) -> str | None:
        """Read the URL without regard to the credentials."""
        body = self.read_body(request)
        url = body if isinstance(body, Refusal) else self.read_callback_url(body)
        return url if isinstance(url, str) else None

    def refusal_callbacks(self, refusal: Refusal, url: str) -> tuple[Delivery, ...]:
        """Tell the refusal."""
        if refusal.error_id != _REFUSED:
            return super().refusal_callbacks(refusal, url)
        return (self.callback(url, self.error_body(refusal)),)


class OwnErrorId(Behaviour):
    """Refused credentials have an id of the web framework's."""

    def error_id(self, error_id: str) -> str:
        """Call it unauthorized."""
        return "unauthorized" if error_id == _REFUSED else super().error_id(error_id)


class AbsentCrashes(Behaviour):
    """The field is read without looking whether it is there."""

    def read_credentials(self, request: Request) -> Credentials | None:
        """Stumble over its absence."""
        if field_value(request.headers, "authorization") is None:
            raise KeyError("authorization")
        return super().read_credentials(request)


class WrongDomainIsNobody(Behaviour):
    """A domain that does not exist is answered by the lookup, before the token is looked at."""

    def check_credentials(self, request: Request) -> Refusal | None:
        """Say that nobody was found."""
        credentials = self.read_credentials(request)
        if credentials is not None and not self.matches_domain(credentials.domain):
            return Refusal("user_not_found", "no such domain")
        return super().check_credentials(request)


def _defect(
    id_: str, summary: str, behaviour: type[Behaviour], kills: str, also: tuple[tuple[str, str], ...] = ()
) -> Defect:
    return Defect(id=id_, family="auth", summary=summary, kills=kills, also=also, behaviour=behaviour)


DEFECTS: tuple[Defect, ...] = (
    _defect(
        "rings-before-sign-in",
        "whoever is refused for the credentials has rung the user by then",
        RingsFirst,
        "auth/absent",
        _ALL_REFUSALS,
    ),
    _defect(
        "channels-before-sign-in",
        "the refusal of credentials lists channels",
        ReservesFirst,
        "auth/absent",
        _ALL_REFUSALS,
    ),
    _defect(
        "refused-sign-in-told",
        "a refusal of credentials is told to callback_url",
        RefusalTold,
        "callback/none-after-error",
    ),
    _defect("auth-error-id-own", "refused credentials have the error id unauthorized", OwnErrorId, "auth/error-id"),
    _defect("absent-credentials-crash", "absent credentials are an internal error", AbsentCrashes, "auth/error-id"),
    _defect("wrong-domain-is-nobody", "a wrong domain is told as user_not_found", WrongDomainIsNobody, "auth/error-id"),
)
