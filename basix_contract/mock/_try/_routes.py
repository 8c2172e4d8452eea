"""The page and what it is made of: Swagger UI as it was published, ours around it, and the document bound to the mock.

Everything comes from the package, so the page works without a network; the browser is told to ask nobody else.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from basix_contract.contract import load_document
from basix_contract.mock._words import shipped_words

_PAGE = Path(__file__).with_name("page")
_PACKED = ".gz"
# The viewer sets styles in its elements, and shows its pictures from data: URLs.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
_FILES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "": ("index.html", "text/html; charset=utf-8"),
        "/try.css": ("try.css", "text/css; charset=utf-8"),
        "/try.js": ("try.js", "text/javascript; charset=utf-8"),
        "/swagger-ui.css": ("swagger-ui.css.gz", "text/css; charset=utf-8"),
        "/swagger-ui-bundle.js": ("swagger-ui-bundle.js.gz", "text/javascript; charset=utf-8"),
    }
)


def try_routes() -> list[BaseRoute]:
    """Return the routes of the page, to stand under `/_mock`."""
    return [
        *(Route(f"/try{path}", _served(name, media_type)) for path, (name, media_type) in _FILES.items()),
        Route("/openapi.json", _document),
        Route("/inbox", _take, methods=["POST"]),
    ]


def _served(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def serve(_request: Request) -> Response:
        packed = {"Content-Encoding": "gzip"} if name.endswith(_PACKED) else {}
        headers = {"Content-Type": media_type, "Content-Security-Policy": _POLICY, **packed}
        return Response((_PAGE / name).read_bytes(), headers=headers)

    return serve


async def _document(_request: Request) -> Response:
    return Response(_bound(), media_type="application/json")


async def _take(_request: Request) -> Response:
    """Acknowledge a callback that comes back to the mock itself; the read-out tells of it."""
    return Response(status_code=204)


@cache
def _bound() -> bytes:
    """Return the document with this mock as its only server: a call from the page must never ring anybody."""
    raw = dict(load_document().raw)
    raw["servers"] = [{"url": shipped_words().base_path, "description": "This mock PBX; nobody's telephone rings."}]
    raw.pop("externalDocs", None)
    return json.dumps(raw, default=dict).encode("ascii")
