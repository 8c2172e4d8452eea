"""`conformance receiver`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from basix_contract.cli._commands._app import conformance, epilogue
from basix_contract.cli._commands._run_options import AsJson, CertificatesFile, KnownFailing, Only, Seed, Verbose

_EXAMPLES = """
basix-contract conformance receiver --url http://127.0.0.1:8000/hook/{case} \\
    --observer-url http://127.0.0.1:8000/calls/{case}
basix-contract conformance receiver --url-command "./new-call {case}" \\
    --observer-command "./show-call {case}"
basix-contract conformance receiver --without-observer \\
    --url http://127.0.0.1:8000/hook
basix-contract conformance receiver --plan
"""


_Url: TypeAlias = Annotated[
    str, Parameter(env_var="BASIX_RECEIVER_URL", help="Where callbacks go; {case} in it gives each call its own.")
]
_UrlCommand: TypeAlias = Annotated[
    str,
    Parameter(
        env_var="BASIX_URL_COMMAND",
        metavar="CMD",
        help="Prints the URL of a call; {case} is the call, stdin tells its reply as JSON.",
    ),
]
_ObserverUrl: TypeAlias = Annotated[
    str, Parameter(env_var="BASIX_OBSERVER_URL", help="Answers GET with what the application holds {case} for.")
]
_ObserverCommand: TypeAlias = Annotated[
    str, Parameter(env_var="BASIX_OBSERVER_COMMAND", metavar="CMD", help="Prints the same; {case} is the call.")
]


@conformance.command(name="receiver", help_epilogue=epilogue(_EXAMPLES))
def conformance_receiver(
    *,
    url: _Url = "",
    url_command: _UrlCommand = "",
    observer_url: _ObserverUrl = "",
    observer_command: _ObserverCommand = "",
    without_observer: Annotated[
        bool, Parameter(help="Judge answers only; what the application believes is left out, the verdict is partial.")
    ] = False,
    seed: Seed = 0,
    report: Annotated[
        Path,
        Parameter(env_var="BASIX_REPORT", help="Folder for the report; build/conformance/receiver by default."),
    ] = Path("build/conformance/receiver"),
    only: Only = (),
    known_failing: KnownFailing = None,
    timeout: Annotated[float, Parameter(help="Seconds to wait for an answer; 10 by default.")] = 10.0,
    ca_file: CertificatesFile = "",
    plan: Annotated[
        bool, Parameter(help="Show every callback that would be sent; send nothing, write nothing.")
    ] = False,
    live: Annotated[bool, Parameter(help="Needed for a receiver that is not this machine.")] = False,
    json: AsJson = False,
    verbose: Verbose = False,
) -> int:
    """Tell whether a callback receiver keeps the contract: it is sent every callback, good, odd and hostile."""
    from basix_contract.cli._receiver import plan_conformance_receiver, run_conformance_receiver
    from basix_contract.cli._results import show_json, summary
    from basix_contract.suite import ReceiverOptions

    options = ReceiverOptions(
        url=url,
        url_command=url_command,
        observer_url=observer_url,
        observer_command=observer_command,
        without_observer=without_observer,
        seed=seed,
        report=report,
        only=only,
        known_failing=known_failing,
        live=live,
        timeout_s=timeout,
        ca_file=ca_file,
    )
    if plan:
        return plan_conformance_receiver(options, as_json=json)
    return run_conformance_receiver(options, show_json if json else summary(shows_observed=verbose))
