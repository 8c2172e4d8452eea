"""The badge of a run: an SVG, and the JSON from which shields.io draws one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from xml.sax.saxutils import escape

from basix_contract.suite import RunResult

_COLOURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "conforms": ("brightgreen", "#2b7a1f"),
        "does-not-conform": ("red", "#b3261e"),
        "partial": ("yellow", "#8a6100"),
        "hollow": ("orange", "#a04a00"),
        "harness-error": ("lightgrey", "#5b5b5b"),
    }
)
_LETTER, _MARGIN = 6.6, 12
_OUT_OF_SCORE = ("not-applicable", "disabled")


def _texts(result: RunResult) -> tuple[str, str]:
    scored = [row for row in result.requirements if row.level == "MUST" and row.verdict not in _OUT_OF_SCORE]
    held = sum(row.verdict == "pass" for row in scored)
    told = result.verdict.replace("-", " ")
    return f"call_user {result.contract} {result.role}", f"{told} · {held}/{len(scored)} MUST"


def render_badge_json(result: RunResult) -> bytes:
    """Return the badge as the JSON that a shields.io endpoint serves."""
    label, message = _texts(result)
    members = {"schemaVersion": 1, "label": label, "message": message, "color": _COLOURS[result.verdict][0]}
    members["isError"] = result.verdict not in ("conforms", "partial")
    return (json.dumps(members, ensure_ascii=False, indent=2) + "\n").encode()


def render_badge_svg(result: RunResult) -> bytes:
    """Return the badge as an SVG that needs nothing from anywhere."""
    label, message = (escape(text) for text in _texts(result))
    left, right = (round(len(text) * _LETTER) + _MARGIN for text in _texts(result))
    centres = (left / 2, left + right / 2)
    texts = "".join(
        f'<text x="{centre:g}" y="14" textLength="{width - _MARGIN}" lengthAdjust="spacingAndGlyphs">{text}</text>'
        for centre, width, text in zip(centres, (left, right), (label, message), strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{label}: {message}"><title>{label}: {message}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath><g clip-path="url(#r)">'
        f'<rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_COLOURS[result.verdict][1]}"/></g>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">{texts}</g>'
        "</svg>\n"
    ).encode()
