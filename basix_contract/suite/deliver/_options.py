"""What a run against a receiver is asked to do, and every doubt about where it may go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.contract import load_ledger
from basix_contract.errors import UsageError
from basix_contract.profile import is_loopback, origin_of
from basix_contract.suite.deliver._addresses import ensure_url
from basix_contract.suite.deliver._commands import CASE

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverOptions:
    """The options of the receiver role; `{case}` in a URL or command stands for the call it is about.

    `without_observer` leaves out what only an observer can show: the verdict is then partial, and that is no fault.
    """

    url: str = ""
    url_command: str = ""
    observer_url: str = ""
    observer_command: str = ""
    without_observer: bool = False
    seed: int = 0
    report: Path = Path("build/conformance/receiver")
    only: tuple[str, ...] = ()
    known_failing: str | Path | None = None
    live: bool = False
    timeout_s: float = 10.0
    ca_file: str = ""

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows asked for; none means all of them."""
        if self.only or not self.without_observer:
            return self.only
        return tuple(_rows_without_observer())


def _rows_without_observer() -> Iterator[str]:
    for row in load_ledger().for_role("receiver"):
        if row.checks and not any(check.startswith("belief/") for check in row.checks):
            yield row.id


def ensure_options(options: ReceiverOptions) -> None:
    """Raise UsageError for every doubt that options alone can raise."""
    if not options.url and not options.url_command:
        raise UsageError("there is no receiver", where="--url", fix="give --url URL, or --url-command CMD")
    if options.url:
        ensure_url(options.url, "--url")
    if options.observer_url and options.observer_command:
        raise UsageError("there can be one observer", fix="give --observer-url or --observer-command")
    if options.observer_url:
        ensure_url(options.observer_url, "--observer-url")
        if CASE not in options.observer_url:
            raise UsageError(
                "it does not say which call it is asked about", where="--observer-url", fix="put {case} into it"
            )
    if not 0 < options.timeout_s <= _LONGEST_S:
        raise UsageError("it must be more than 0 and at most 60 seconds", where="--timeout")
    for url, option in ((options.url, "--url"), (options.observer_url, "--observer-url")):
        if url:
            ensure_consent(url, option, is_live=options.live)
    for row in options.only:
        load_ledger().by_id(row)


def ensure_consent(url: str, option: str, *, is_live: bool) -> None:
    """Raise UsageError where a URL leads to another machine and nobody has said that this is meant."""
    _, host, _ = origin_of(url)
    if not is_loopback(host) and not is_live:
        raise UsageError(
            f"{host} is not this machine, and what is sent there is not always friendly",
            where=option,
            fix="add --live if it is yours",
        )


def ensure_named(options: ReceiverOptions, issued: str) -> None:
    """Raise UsageError where a command's URL leads to another machine that --url has not named."""
    if not options.url and not is_loopback(origin_of(issued)[1]):
        raise UsageError(
            "the URL leads to another machine",
            where="--url-command",
            fix="name that machine with --url, and add --live",
        )
