"""Which certificates are trusted on the way to another host."""

from __future__ import annotations

import ssl
from pathlib import Path

from basix_contract.errors import UsageError


def trust(ca_file: str, *, is_needed: bool, where: str = "target.ca_file") -> ssl.SSLContext:
    """Trust the certificates of the file, else the system's; loading them takes long, and http needs none.

    SSL_CERT_FILE and SSL_CERT_DIR count as little as any other variable.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not is_needed:
        return context
    try:
        for path in (ca_file,) if ca_file else _system_certificates():
            context.load_verify_locations(**{"capath" if Path(path).is_dir() else "cafile": path})
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the certificates cannot be read: {getattr(error, 'strerror', None) or error}",
            where=where,
            fix="give a PEM file",
        ) from None
    return context


def _system_certificates() -> tuple[str, ...]:
    paths = ssl.get_default_verify_paths()
    return tuple(path for path in (paths.openssl_cafile, paths.openssl_capath) if Path(path).exists())
