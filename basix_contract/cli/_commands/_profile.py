"""`profile init`, `profile check` and `profile schema`: their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, validators

from basix_contract.cli._commands._app import WHOLE_NUMBER, app, epilogue
from basix_contract.cli._exits import BAD_USAGE, INTERRUPTED, OK

_EXAMPLES = """
basix-contract profile init my-pbx.toml
basix-contract profile check my-pbx.toml
"""
_CODES = {OK: "done; for check: a run can be played from it", BAD_USAGE: "a bad option, or a profile to be mended"}
_INIT_EXAMPLES = """
basix-contract profile init my-pbx.toml
basix-contract profile init my-pbx.toml \\
    --base-url http://127.0.0.1:8090/basix/api --domain acme.example \\
    --user id=10001001,name=jessica,extension=2001 \\
    --destination value=0312341234,ends_by_itself=true
"""
_INIT_CODES = {
    OK: "the profile is written",
    BAD_USAGE: "a bad option, or the file exists",
    INTERRUPTED: "interrupted; nothing is written",
}
_CHECK_EXAMPLES = """
basix-contract profile check my-pbx.toml
basix-contract profile check my-pbx.toml --target http://127.0.0.1:8090/a
"""
_CHECK_CODES = {OK: "a run can be played from it", BAD_USAGE: "something stands in the way, or a bad option"}
_SCHEMA_CODES = {OK: "the schema is on stdout", BAD_USAGE: "a bad option"}

profile = App(
    name="profile",
    help="Write or check a profile: who may ring, where, and how to sign in.",
    help_epilogue=epilogue(_EXAMPLES, _CODES),
)
app.command(profile)


@profile.command(name="init", help_epilogue=epilogue(_INIT_EXAMPLES, _INIT_CODES))
def profile_init(
    file: Annotated[Path, Parameter(help="Where to write it.")],
    /,
    *,
    base_url: Annotated[str, Parameter(help="Base URL of the PBX; none: the kit's own mock PBX.")] = "",
    domain: Annotated[str, Parameter(help="The domain to sign in with.")] = "",
    token_env: Annotated[str, Parameter(help="The environment variable that will hold the API token.")] = "",
    user: Annotated[
        tuple[str, ...],
        Parameter(metavar="KEY=VALUE,…", help="A user who may be rung, groups as A+B; may be repeated."),
    ] = (),
    group: Annotated[tuple[str, ...], Parameter(metavar="KEY=VALUE,…", help="A group; may be repeated.")] = (),
    destination: Annotated[
        tuple[str, ...],
        Parameter(metavar="KEY=VALUE,…", help="Where an answered call may lead to; may be repeated."),
    ] = (),
    max_calls: Annotated[
        int | None,
        WHOLE_NUMBER,
        Parameter(validator=validators.Number(gte=1), help="How many calls a run may place at most."),
    ] = None,
    force: Annotated[bool, Parameter(help="Replace the file if there is one.")] = False,
) -> int:
    """Write a profile with every key explained; without options it asks, on a terminal, for what it needs."""
    from basix_contract.cli._profiles import init_profile

    target = {"base_url": base_url, "domain": domain, "token_env": token_env}
    lists = {"users": user, "groups": group, "destinations": destination}
    return init_profile(file, target, lists, max_calls=max_calls, replaces=force)


@profile.command(name="check", help_epilogue=epilogue(_CHECK_EXAMPLES, _CHECK_CODES))
def profile_check(
    file: Annotated[Path, Parameter(help="The profile.")],
    /,
    *,
    target: Annotated[
        str, Parameter(env_var="BASIX_TARGET", help="Check it for this base URL in place of its own.")
    ] = "",
    json: Annotated[bool, Parameter(help="Write the remarks as JSON.")] = False,
) -> int:
    """Tell what stands in the way of a run with a profile, and what it would leave untested; nothing is sent."""
    from basix_contract.cli._profiles import check_file

    return check_file(file, target, as_json=json)


@profile.command(
    name="schema", help_epilogue=epilogue("basix-contract profile schema > profile.schema.json", _SCHEMA_CODES)
)
def profile_schema() -> int:
    """Print the JSON Schema of a profile, for editors and other programs."""
    from basix_contract.cli._profiles import print_schema

    return print_schema()
