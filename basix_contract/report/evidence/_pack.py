"""A bundle as bytes: a zip file whose every byte follows from its members, so that none can change unseen.

Members are stored, not deflated: deflated bytes depend on the version of zlib, and hold bits that mean nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Iterator, Mapping

from basix_contract.errors import EvidenceAltered

MANIFEST = "manifest.json"
_FORMAT = 1
_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16
_UNIX = 3
_MARKS = (b"PK\x01\x02", b'"basix_bundle"')
_JOURNAL_BEGINS = b'{"event"'
# What zipfile raises for files that only resemble one.
_DAMAGE = (zipfile.BadZipFile, RuntimeError, EOFError, ValueError, OSError, struct.error, KeyError, OverflowError)


def looks_like_bundle(raw: bytes) -> bool:
    """Tell a bundle, whole or damaged, from a journal and from files that are neither."""
    return not raw.startswith(_JOURNAL_BEGINS) and any(mark in raw for mark in _MARKS)


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the bundle of these members, a manifest of their hashes in front; the same members give the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {MANIFEST: _manifest(members), **dict(sorted(members.items()))}.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr, entry.create_system = _MODE, _UNIX
            archive.writestr(entry, content)
    return whole.getvalue()


def unpack(raw: bytes, place: str) -> dict[str, bytes]:
    """Return the members of a bundle without the manifest.

    Raises EvidenceAltered naming every member, or the part of the file between them, that is not as it was made.
    """
    members, found = _read(raw)
    manifest = members.pop(MANIFEST, b"")
    found += [] if found and not members else list(_unlike(members, manifest, found))
    if not found and pack(members) != raw:
        found.append("bytes outside its members differ")
    if found:
        raise EvidenceAltered(place, tuple(found))
    return members


def _manifest(members: Mapping[str, bytes]) -> bytes:
    files = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(members.items())
    }
    return (json.dumps({"basix_bundle": _FORMAT, "files": files}, indent=2) + "\n").encode()


def _read(raw: bytes) -> tuple[dict[str, bytes], list[str]]:
    """Return what can be read of a bundle, and what is wrong with the rest."""
    members: dict[str, bytes] = {}
    found: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for entry in archive.infolist():
                if entry.filename in members:
                    found.append(f"{entry.filename} is in it twice")
                try:
                    members[entry.filename] = archive.read(entry)
                except _DAMAGE:
                    found.append(f"{entry.filename} was altered")
    except _DAMAGE:
        return {}, ["the zip container is damaged"]
    return members, found


def _unlike(members: Mapping[str, bytes], manifest: bytes, told: list[str]) -> Iterator[str]:
    """Yield where members and manifest disagree, but for the members that were told of already."""
    try:
        listed = json.loads(manifest)["files"]
        hashes = {str(name): str(entry["sha256"]) for name, entry in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield f"{MANIFEST} is missing or was altered"
        return
    named = " ".join(told)
    for name in sorted({*hashes, *members}):
        if name in named:
            continue
        if name not in members:
            yield f"{name} was removed"
        elif name not in hashes:
            yield f"{name} was added"
        elif hashlib.sha256(members[name]).hexdigest() != hashes[name]:
            yield f"{name} was altered"
