"""What a client did in a run, read back from its journal: the only thing a check of the client role may look at.

Times are seconds since the run began, on one monotonic clock. Credentials never stand here: what they were is
told by facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from basix_contract.messages import Headers

Place = Literal["call", "other", "moved", "elsewhere"]
ClientOutcome = Literal["success", "error", "not-sent", "unknown", "exception"]
Encoding = Literal["", "utf-8", "latin-1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """What one reply of ours says, once it is read to its end.

    `is_envelope`: it arrives whole and its body is one JSON object with a whole number as result_code.
    """

    is_envelope: bool = False
    is_redirect: bool = False
    result_code: int | None = None
    uuids: tuple[str, ...] = ()
    error_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """How a request signs in: facts instead of values.

    `scheme` is the first word of its Authorization field in small letters, empty without the field. `domain` and
    `token` tell in which encoding they are the ones that were given, and are empty where they are not.
    """

    scheme: str = ""
    is_readable: bool = False
    domain: Encoding = ""
    token: Encoding = ""
    has_cookie: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRequest:
    """One request that a client sent.

    `place`: `call` is the base URL with /call_user, `moved` and `elsewhere` are where a redirect pointed, on our
    host and on another, `other` is any other path. `says` is what it was answered, None where nothing was;
    `token_places` are where in the request the token stands beside the credentials of its Authorization field.
    """

    id: str
    at_s: float
    method: str
    target: str
    place: Place
    headers: Headers
    has_body: bool = False
    value: Any = None
    problem: str = ""
    has_byte_order_mark: bool = False
    sign_in: SignIn = SignIn()
    token_places: tuple[str, ...] = ()
    says: Says | None = None
    answered_at_s: float | None = None

    @property
    def members(self) -> Mapping[str, Any]:
        """The members of its body; none where the body is no JSON object."""
        return self.value if isinstance(self.value, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a client, by its adapter, said came of one call."""

    outcome: ClientOutcome
    at_s: float
    uuids: tuple[str, ...] = ()
    error_id: str | None = None
    result_code: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCall:
    """One call that a client was to place, and all that came of it.

    `serves` are the checks it is played for, `allows` the outcomes that may be reported. `params` is None in a
    recording, where nobody knows what was to be sent. `lack` says why nothing was reported.
    """

    id: str
    title: str
    serves: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
    params: Mapping[str, Any] | None = None
    given_at_s: float | None = None
    requests: tuple[ClientRequest, ...] = ()
    reported: Reported | None = None
    lack: str = ""
    more_reports: int = 0
    leaks: tuple[str, ...] = ()

    @property
    def says(self) -> Says:
        """What the last answer to this call says; nothing where it had none."""
        return next((request.says for request in reversed(self.requests) if request.says), Says())

    @property
    def first(self) -> ClientRequest | None:
        """The request that placed this call; None where none came."""
        return self.requests[0] if self.requests else None

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The members of the first request's body; None where there is no JSON object to read."""
        return self.first.value if self.first is not None and isinstance(self.first.value, dict) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHistory:
    """A whole run: its calls in the order they were given. `strays` are requests that belong to none of them."""

    calls: tuple[ClientCall, ...]
    strays: tuple[ClientRequest, ...] = ()
    is_recording: bool = False
    lag_s: float = 0.0

    def serving(self, check_id: str) -> tuple[ClientCall, ...]:
        """Return the calls that were played for a check."""
        return tuple(call for call in self.calls if check_id in call.serves)

    def requests(self) -> Iterator[tuple[ClientCall, ClientRequest]]:
        """Yield every request with its call."""
        for call in self.calls:
            for request in call.requests:
                yield call, request

    def bodies(self) -> Iterator[tuple[ClientCall, ClientRequest]]:
        """Yield the first request of every call whose body is a JSON object."""
        for call in self.calls:
            if call.first is not None and call.body is not None:
                yield call, call.first

    def given(self) -> Iterator[tuple[ClientCall, Mapping[str, Any], Mapping[str, Any]]]:
        """Yield every call with what was given for it and what of it arrived."""
        for call in self.calls:
            if call.params is not None and call.body is not None:
                yield call, call.params, call.body
