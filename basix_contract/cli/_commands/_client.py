"""`conformance client`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from basix_contract.cli._commands._app import WHOLE_NUMBER, conformance, epilogue
from basix_contract.cli._commands._run_options import AsJson, KnownFailing, Only, Seed, Verbose

_EXAMPLES = """
basix-contract conformance client
basix-contract conformance client -- node my-adapter.mjs
basix-contract conformance client --smoke -- ./my-adapter.sh
basix-contract conformance client --only CU-360 --verbose -- ./my-adapter.sh
basix-contract conformance client --record --listen 127.0.0.1:8091
basix-contract conformance client --plan
"""

_Report = Annotated[
    Path, Parameter(env_var="BASIX_REPORT", help="Folder for the report; build/conformance/client by default.")
]
_Without = Annotated[
    tuple[str, ...],
    Parameter(
        metavar="NAME",
        help="A parameter the client does not offer, or destination-object, end_user; may be repeated.",
    ),
]


@conformance.command(name="client", help_epilogue=epilogue(_EXAMPLES))
def conformance_client(
    *command: Annotated[
        str, Parameter(metavar="CMD", help="Behind --, the client's adapter; none: the kit's own client.")
    ],
    seed: Seed = 0,
    report: _Report = Path("build/conformance/client"),
    only: Only = (),
    without: _Without = (),
    known_failing: KnownFailing = None,
    smoke: Annotated[bool, Parameter(help="Try the adapter alone: does it do its part?")] = False,
    record: Annotated[
        bool, Parameter(help="No adapter: serve as a PBX while you use your application, then judge what it sent.")
    ] = False,
    listen: Annotated[str, Parameter(metavar="HOST:PORT", help="With --record: where to listen.")] = "127.0.0.1:0",
    seconds: Annotated[
        float | None, Parameter(validator=validators.Number(gt=0), help="With --record: end after so many seconds.")
    ] = None,
    requests: Annotated[
        int | None,
        WHOLE_NUMBER,
        Parameter(validator=validators.Number(gte=1), help="With --record: end after so many requests."),
    ] = None,
    plan: Annotated[bool, Parameter(help="Show every call that would be given; start nothing, write nothing.")] = False,
    json: AsJson = False,
    verbose: Verbose = False,
) -> int:
    """Tell whether a client keeps the contract: the kit plays the PBX, good, odd and hostile."""
    from basix_contract.cli import _client as run
    from basix_contract.cli._results import show_json, summary
    from basix_contract.errors import UsageError
    from basix_contract.suite import ClientOptions, RecordOptions, own_client

    show = show_json if json else summary(shows_observed=verbose)
    if record:
        if command:
            raise UsageError("a recording starts no adapter", where="--record", fix="leave the command out")
        recording = RecordOptions(
            listen=listen,
            for_s=seconds,
            most_requests=requests,
            report=report,
            only=only,
            known_failing=known_failing,
        )
        return run.record_conformance_client(recording, show)
    options = ClientOptions(
        command=command or own_client(),
        seed=seed,
        report=report,
        only=only,
        without=without,
        known_failing=known_failing,
    )
    if plan:
        return run.plan_conformance_client(options, as_json=json)
    if smoke:
        return run.smoke_adapter(options.command, as_json=json)
    return run.run_conformance_client(options, show)
