"""Where a run comes from: signatures of kit, contract, profile and environment, and the profile without secrets.

A signature tells whether two runs had the same thing, and nothing else: nobody can work a number, a name or a token
back out of one.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import platform
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from basix_contract.contract import load_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.profile import Profile
    from basix_contract.suite._redact import Redactor

_PACKAGE = Path(__file__).resolve().parent.parent
_CODE = (".py", ".json", ".jinja")
_SPEC = ("openapi.yaml", "requirements.yaml")
_LIBRARIES = ("httpx", "hypothesis", "jsonschema-rs", "openapi-core", "schemathesis", "starlette", "uvicorn")
_WORDS = ("kind", "outcome", "token_env", "listen")  # the kit's own words, or names that are no secret
_LOCAL_PLACES = ("ca_file", "stop_file")  # where a file lies names the person who runs the kit


def provenance(profile: Profile | None, token: str, redactor: Redactor) -> dict[str, Any]:
    """Return what the head of a journal says about the making of a run; nothing in it is secret."""
    surroundings = environment()
    return {
        "signatures": {
            "kit": kit_signature(),
            "contract": contract_signature(),
            "profile": _profile_signature(profile, token),
            "environment": _digest([json.dumps(surroundings, sort_keys=True).encode()]),
        },
        "environment": surroundings,
        "profile": None if profile is None else _bared(dataclasses.asdict(profile), "", redactor),
    }


@cache
def kit_signature() -> str:
    """Return the hash of this kit's own code."""
    files = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _CODE)
    return _digest(part for path in files for part in (path.relative_to(_PACKAGE).as_posix().encode(), _text(path)))


@cache
def contract_signature() -> str:
    """Return the hash of the document and the ledger."""
    folder = load_document().source.parent
    return _digest(_text(folder / name) for name in _SPEC)


@cache
def environment() -> dict[str, str]:
    """Return what a run was made with: interpreter, system and libraries, and no name of a machine or a person."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        **{name: _version(name) for name in _LIBRARIES},
    }


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"


def _profile_signature(profile: Profile | None, token: str) -> str:
    """Hash the whole profile under its token: without the token, numbers cannot be tried until one fits."""
    if profile is None:
        return "none"
    whole = json.dumps(dataclasses.asdict(profile), sort_keys=True, default=str).encode()
    return hmac.new(token.encode("utf-8", "surrogatepass"), whole, hashlib.sha256).hexdigest()


def _bared(value: Any, name: str, redactor: Redactor) -> Any:
    """Return a part of a profile with a pseudonym for each secret and personal value."""
    if isinstance(value, dict):
        return {key: _bared(item, key, redactor) for key, item in value.items() if key != "token"}
    if isinstance(value, list | tuple):
        return [_bared(item, name, redactor) for item in value]
    if name in _LOCAL_PLACES:
        return "given" if value else ""
    if isinstance(value, str) and name not in _WORDS:
        return redactor.redact_text(value)
    if name == "id" and value is not None:
        return json.loads(redactor.redact(json.dumps({"id": value}).encode()))["id"]
    return value


def _text(path: Path) -> bytes:
    """Read a file with the line ends of every system alike."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()
