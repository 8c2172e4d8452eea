"""What happened in a run, read back from its journal: the only thing a check may look at.

Times are seconds since the run began, on one monotonic clock. Nothing here knows a socket or a profile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.messages import Headers

Expect = Literal["accept", "refuse", "envelope", "answer", "open"]
HuntResult = Literal["", "answered", "not-answered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What the kit meant by one request, written down before it was sent.

    `probe` is the check that judges its acceptance or refusal. `expect`: `accept`; `refuse`; `envelope`
    (accepted or refused, but by the envelope); `answer` (any answer that starts no call); `open` (recorded
    only). `owes_envelope` is false where the document leaves the answer's form open: refused credentials,
    bodies that are no JSON object, other methods. `control` is the exchange that differs from this one in
    one thing only and must have been accepted, or a refusal proves nothing. `is_plainly_named`: the user is named
    as in a plain call, so that the legs that ring are counted, and not who they belong to. `callback_of` is the
    exchange whose callback URL this one gave as well.
    """

    probe: str
    expect: Expect
    owes_envelope: bool = True
    control: str = ""
    user: str = ""
    is_plainly_named: bool = False
    terminals: int | None = None
    asks_callback: bool = False
    result: HuntResult = ""
    hunt_s: float | None = None
    answer_timeout_s: float | None = None
    callback_of: str = ""
    judged_by: tuple[str, ...] = ()


class Enveloped:
    """A body that may be an envelope: `value` is what it was parsed to."""

    __slots__ = ()
    value: Any

    @property
    def envelope(self) -> dict[str, Any] | None:
        """The JSON object of the body; None when it is anything else."""
        return self.value if isinstance(self.value, dict) else None

    @property
    def result_code(self) -> int | None:
        """The integer result_code; None when it is absent or of another type (`false` is not 0)."""
        code = (self.envelope or {}).get("result_code")
        return code if type(code) is int else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Enveloped):
    """One HTTP reply as read: `value` is the parsed body, `problem` says why there is none."""

    status: int
    headers: Headers
    body: bytes
    at_s: float
    value: Any = None
    problem: str = ""

    @property
    def is_success(self) -> bool:
        """True when the body says 0, whatever the HTTP status."""
        return self.result_code == 0

    @property
    def uuids(self) -> tuple[str, ...]:
        """The texts in the list uuids, in order."""
        listed = (self.envelope or {}).get("uuids")
        return tuple(item for item in listed if isinstance(item, str)) if isinstance(listed, list) else ()

    @property
    def error_id(self) -> str | None:
        """The text error.id; None when it is absent or no text."""
        error = (self.envelope or {}).get("error")
        found = error.get("id") if isinstance(error, dict) else None
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSeen(Enveloped):
    """One request that reached the receiver. `is_exact` is the recorded fact that its URL was unaltered."""

    id: str
    exchange: str
    method: str
    target: str
    headers: Headers
    at_s: float
    value: Any = None
    problem: str = ""
    is_exact: bool = True

    @property
    def uuid(self) -> str | None:
        """The text uuid; None when it is absent or no text."""
        found = (self.envelope or {}).get("uuid")
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One planned request and all that came of it.

    `silence` says why no reply came to what was sent; without either, the run was cut short in between.
    `withheld` says why it was not sent. Callbacks were listened for until `watched_until_s`.
    """

    id: str
    scenario: str
    title: str
    intent: Intent
    sent_at_s: float | None = None
    reply: Reply | None = None
    silence: str = ""
    withheld: str = ""
    callbacks: tuple[CallbackSeen, ...] = ()
    watched_until_s: float = math.inf

    @property
    def own_uuids(self) -> frozenset[str]:
        """The distinct uuids that the reply names, in small letters."""
        return frozenset(uuid.lower() for uuid in self.reply.uuids) if self.reply else frozenset()

    @property
    def span_s(self) -> tuple[float, float, str] | None:
        """When the request left, when its reply was there, and whose times these are; None without a reply."""
        if self.reply is None or self.sent_at_s is None:
            return None
        return self.sent_at_s, self.reply.at_s, self.id

    @property
    def was_accepted(self) -> bool:
        """True when the reply says success."""
        return self.reply is not None and self.reply.is_success

    @property
    def was_refused(self) -> bool:
        """True when there is a reply and nothing in it says success or names a channel."""
        return self.reply is not None and not self.reply.is_success and not self.reply.uuids


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A whole run: every exchange, callbacks that belong to none, and how far the clocks can be trusted.

    `is_route_exact`: what stands before our receiver leaves URLs as they are. `may_be_guarded`: our receiver is on a
    private host, which a given target may refuse to call.
    """

    exchanges: tuple[Exchange, ...]
    strays: tuple[CallbackSeen, ...] = ()
    grace_s: float = 3.0
    lag_s: float = 0.0
    is_route_proven: bool = True
    is_route_exact: bool = True
    may_be_guarded: bool = False
    run_ended_at_s: float = 0.0
    _by_id: dict[str, Exchange] = field(default_factory=dict, repr=False, compare=False)
    _owners: dict[str, Exchange] = field(default_factory=dict, repr=False, compare=False)
    _naming: dict[str, list[tuple[Exchange, CallbackSeen]]] = field(default_factory=dict, repr=False, compare=False)

    _shared: set[str] = field(default_factory=set, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._shared.update(exchange.intent.callback_of for exchange in self.exchanges)
        self._by_id.update({exchange.id: exchange for exchange in self.exchanges})
        for exchange in self.exchanges:
            for uuid in exchange.own_uuids:
                self._owners.setdefault(uuid, exchange)
        for exchange, seen in self.callbacks():
            if seen.uuid is not None:
                self._naming.setdefault(seen.uuid.lower(), []).append((exchange, seen))

    def by_id(self, exchange_id: str) -> Exchange | None:
        """Return one exchange; None when the run did not plan it."""
        return self._by_id.get(exchange_id)

    def owner_of(self, uuid: str) -> Exchange | None:
        """Return the first exchange whose reply named this uuid."""
        return self._owners.get(uuid.lower())

    def shares_url(self, exchange: Exchange) -> bool:
        """Tell whether another call gave the same callback URL."""
        return bool(exchange.intent.callback_of) or exchange.id in self._shared

    def callbacks_naming(self, uuids: Iterable[str]) -> Iterable[tuple[Exchange, CallbackSeen]]:
        """Yield the callbacks that name one of these uuids, given in small letters, with the call each came to."""
        for uuid in uuids:
            yield from self._naming.get(uuid, ())

    def probing(self, check_id: str) -> tuple[Exchange, ...]:
        """Return the exchanges whose acceptance or refusal this check judges."""
        return tuple(exchange for exchange in self.exchanges if exchange.intent.probe == check_id)

    def judged_by(self, check_id: str) -> tuple[Exchange, ...]:
        """Return the exchanges that were played for this check beyond its acceptance."""
        return tuple(exchange for exchange in self.exchanges if check_id in exchange.intent.judged_by)

    def callbacks(self) -> Iterable[tuple[Exchange, CallbackSeen]]:
        """Yield every callback that bore the token of a call, with that call's exchange.

        What follows a callback that was not acknowledged, a repeat or a followed redirect, is open and left out.
        """
        for exchange in self.exchanges:
            is_open = "callback/after-refusal" in exchange.intent.judged_by
            for callback in exchange.callbacks[: 1 if is_open else None]:
                yield exchange, callback

    def together(self) -> frozenset[str]:
        """Return the ids of the exchanges during which another request was in flight."""
        spans = sorted(span for exchange in self.exchanges if (span := exchange.span_s))
        found: set[str] = set()
        latest_end, latest_id = -math.inf, ""
        for sent_at_s, replied_at_s, exchange_id in spans:
            if sent_at_s < latest_end:
                found |= {latest_id, exchange_id}
            if replied_at_s > latest_end:
                latest_end, latest_id = replied_at_s, exchange_id
        return frozenset(found)

    def rings_rightly(self, user: str) -> bool:
        """Tell whether some selector of a user rings as many legs as the user has terminals.

        Only then does another number of legs, by another selector, mean another user.
        """
        return any(
            len(exchange.own_uuids) == exchange.intent.terminals
            for exchange in self.exchanges
            if exchange.was_accepted
            and exchange.intent.user == user
            and exchange.intent.probe.startswith("selectors/")
            and exchange.intent.terminals is not None
        )

    def are_callbacks_guarded(self) -> bool:
        """Tell whether every call that named our receiver was refused, by a target that may refuse such hosts.

        A PBX may guard itself against callback hosts on private networks; that is no breach, but nothing can be
        said of its callbacks then.
        """
        asked = [exchange for exchange in self.exchanges if exchange.intent.asks_callback and exchange.reply]
        plain = any(exchange.was_accepted for exchange in self.exchanges if not exchange.intent.asks_callback)
        return self.may_be_guarded and plain and bool(asked) and not any(item.was_accepted for item in asked)

    def deadline_s(self, exchange: Exchange) -> float | None:
        """Return when the callback of an accepted call is due, our own loop lag allowed for."""
        if exchange.reply is None or exchange.intent.hunt_s is None:
            return None
        return exchange.reply.at_s + exchange.intent.hunt_s + self.grace_s + self.lag_s
