"""`listen` and `trigger`: their options."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter, validators

from basix_contract.cli._commands._app import WHOLE_NUMBER, app, epilogue
from basix_contract.cli._commands._run_options import AnswerTimeout, CertificatesFile, Host, where_to_listen
from basix_contract.cli._exits import BAD_USAGE, EXIT_CODES, NOT_CONFORMING, OK, UNREACHABLE

_LISTEN_EXAMPLES = """
basix-contract listen
basix-contract listen --port 0 --forward-to http://127.0.0.1:8000/hook
basix-contract listen --count 1 --json
"""
_LISTEN_CODES = {
    OK: "ended, and every callback kept the contract",
    NOT_CONFORMING: "a callback broke it",
    BAD_USAGE: EXIT_CODES[BAD_USAGE],
}
_TRIGGER_EXAMPLES = """
basix-contract trigger answered --to http://127.0.0.1:8000/hook
basix-contract trigger not-answered --to http://127.0.0.1:8000/hook --times 2
basix-contract trigger answered --to http://127.0.0.1:8000/hook \\
    --uuid ede7b23e-c172-445e-832e-963b11ba2b96
basix-contract trigger junk.7 --to http://127.0.0.1:8000/hook
basix-contract trigger --list
"""
_TRIGGER_CODES = {
    OK: "answered as a receiver must, or the list is shown",
    NOT_CONFORMING: "an answer breaks a MUST",
    BAD_USAGE: EXIT_CODES[BAD_USAGE],
    UNREACHABLE: "nobody listens there",
}


@app.command(help_epilogue=epilogue(_LISTEN_EXAMPLES, _LISTEN_CODES))
def listen(
    *,
    port: Annotated[int, WHOLE_NUMBER, where_to_listen(9000)] = 9000,
    host: Host = "127.0.0.1",
    forward_to: Annotated[
        str, Parameter(metavar="URL", help="Pass each on to this URL, path and query behind it, and answer as it does.")
    ] = "",
    answer: Annotated[
        int,
        WHOLE_NUMBER,
        Parameter(validator=validators.Number(gte=200, lte=599), help="Status of the answers; 200 by default."),
    ] = 200,
    count: Annotated[
        int | None, WHOLE_NUMBER, Parameter(validator=validators.Number(gte=1), help="End after so many callbacks.")
    ] = None,
    timeout: AnswerTimeout = 10.0,
    live: Annotated[bool, Parameter(help="Needed to pass callbacks on to another machine.")] = False,
    json: Annotated[bool, Parameter(help="One JSON object a line, and nothing else on stdout.")] = False,
) -> int:
    """Listen for callbacks until Ctrl-C; each is printed with what the contract says of it."""
    from basix_contract.cli._callbacks import run_listen
    from basix_contract.suite import ListenOptions

    options = ListenOptions(
        listen=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        forward_to=forward_to,
        answer=answer,
        most=count,
        live=live,
        timeout_s=timeout,
    )
    return run_listen(options, as_json=json)


@app.command(help_epilogue=epilogue(_TRIGGER_EXAMPLES, _TRIGGER_CODES))
def trigger(
    kind: Annotated[str, Parameter(help="Which callback: answered, not-answered, … (--list shows them all).")] = "",
    /,
    *,
    to: Annotated[str, Parameter(env_var="BASIX_RECEIVER_URL", metavar="URL", help="Where to send it.")] = "",
    uuid: Annotated[str, Parameter(help="The uuid it names; none: one made up.")] = "",
    times: Annotated[
        int,
        WHOLE_NUMBER,
        Parameter(validator=validators.Number(gte=1, lte=100), help="Send it so often; once by default."),
    ] = 1,
    timeout: AnswerTimeout = 10.0,
    ca_file: CertificatesFile = "",
    live: Annotated[bool, Parameter(help="Needed for a receiver that is not this machine.")] = False,
    json: Annotated[bool, Parameter(help="One JSON object a line, and nothing else on stdout.")] = False,
    list_: Annotated[bool, Parameter(name="--list", help="List the callbacks there are, and end.")] = False,
) -> int:
    """Send one callback to a URL, valid or odd, and tell what came back and whether it may."""
    from basix_contract.cli import _callbacks
    from basix_contract.suite import TriggerOptions

    if list_:
        return _callbacks.list_triggers(as_json=json)
    options = TriggerOptions(kind=kind, url=to, uuid=uuid, times=times, live=live, timeout_s=timeout, ca_file=ca_file)
    return _callbacks.run_trigger(options, as_json=json)
