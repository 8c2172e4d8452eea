"""Faults of a request: texts, digits, timeouts and flags that are changed on their way."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import quote

from tests.defects.clients.changes import changing
from tests.defects.clients.defect import ClientDefect, defect

_TEXTS = ("user_name", "user_label", "user_email", "group_name", "group_label", "calling_name")
_CODES = ("user_extension", "user_did", "group_extension", "group_did")
_IDS = ("user_id", "group_id")
_BEYOND_FIRST_PLANE = re.compile("[\U00010000-\U0010ffff]")
_KINDS = ("sending/kinds", "it is of a kind that nobody allows")

VALUES: tuple[ClientDefect, ...] = (
    # ── texts ──
    defect(
        "names-in-small-letters",
        "It writes names in small letters.",
        "given/text",
        parameters=changing(str.lower, "user_name", "group_name"),
    ),
    defect(
        "addresses-in-small-letters",
        "It writes addresses in small letters.",
        "given/text",
        parameters=changing(str.lower, "user_email"),
    ),
    defect(
        "texts-composed",
        "It brings texts into composed form.",
        "given/text",
        parameters=changing(lambda text: unicodedata.normalize("NFC", text), *_TEXTS),
    ),
    defect(
        "texts-decomposed",
        "It brings texts into decomposed form.",
        "given/text",
        parameters=changing(lambda text: unicodedata.normalize("NFD", text), *_TEXTS),
    ),
    defect(
        "texts-folded",
        "It folds full-width letters.",
        "given/text",
        parameters=changing(lambda text: unicodedata.normalize("NFKC", text), *_TEXTS),
    ),
    defect("texts-trimmed", "It trims blanks from texts.", "given/text", parameters=changing(str.strip, *_TEXTS)),
    defect(
        "blanks-collapsed",
        "It makes one blank of several.",
        "given/text",
        parameters=changing(lambda text: re.sub(" +", " ", text), *_TEXTS),
    ),
    defect("texts-escaped", "It escapes texts for HTML.", "given/text", parameters=changing(html.escape, *_TEXTS)),
    defect(
        "question-marks",
        "It writes question marks for what is not Latin-1.",
        "given/text",
        parameters=changing(lambda text: text.encode("latin-1", "replace").decode("latin-1"), *_TEXTS),
    ),
    defect(
        "first-plane-only",
        "It loses characters outside the first plane.",
        "given/text",
        parameters=changing(lambda text: _BEYOND_FIRST_PLANE.sub("?", text), *_TEXTS),
    ),
    defect(
        "mojibake",
        "It takes UTF-8 for Latin-1.",
        "given/text",
        parameters=changing(lambda text: text.encode().decode("latin-1"), *_TEXTS),
    ),
    defect(
        "names-guessed",
        "It reads names that look like numbers as numbers.",
        "given/text",
        _KINDS,
        parameters=changing(lambda text: int(text) if text.isdigit() else text, "user_name"),
    ),
    defect(
        "name-40-letters",
        "It keeps 40 letters of calling_name.",
        "given/text",
        parameters=changing(lambda text: text[:40], "calling_name"),
    ),
    defect(
        "name-without-signs",
        "It leaves signs out of calling_name.",
        "given/text",
        parameters=changing(lambda text: re.sub(r"[^\w .-]", "", text), "calling_name"),
    ),
    defect(
        "labels-percent-encoded",
        "It percent-encodes labels.",
        "given/text",
        parameters=changing(quote, "user_label", "group_label"),
    ),
    defect(
        "labels-title-case",
        "It writes labels with capitals.",
        "given/text",
        parameters=changing(str.title, "user_label", "group_label"),
    ),
    # ── digits ──
    defect(
        "codes-as-numbers",
        "It sends extensions and DIDs as numbers.",
        "given/digits",
        parameters=changing(lambda text: int(text) if text.isdigit() else text, *_CODES),
    ),
    defect(
        "zeros-stripped",
        "It strips leading zeros.",
        "given/digits",
        parameters=changing(lambda text: text.lstrip("0") or "0", *_CODES),
    ),
    defect(
        "did-international",
        "It writes DIDs with the country code.",
        "given/digits",
        parameters=changing(lambda text: "+81" + text[1:], "user_did", "group_did"),
    ),
    defect(
        "did-hyphened",
        "It writes DIDs with hyphens.",
        "given/digits",
        parameters=changing(lambda text: f"{text[:3]}-{text[3:7]}-{text[7:]}", "user_did", "group_did"),
    ),
    defect(
        "ids-in-32-bits",
        "It keeps 32 bits of an id.",
        "given/digits",
        parameters=changing(lambda value: value & 0xFFFFFFFF, *_IDS),
    ),
    defect(
        "ids-rounded",
        "It reads ids as short floats.",
        "given/digits",
        parameters=changing(lambda value: int(float(f"{value:.6g}")), *_IDS),
    ),
    defect(
        "ids-with-commas",
        "It groups the digits of ids.",
        "given/digits",
        parameters=changing(lambda value: f"{value:,}", *_IDS),
    ),
    # ── numbers and flags ──
    defect(
        "milliseconds",
        "It sends the timeout in milliseconds.",
        "given/answer-timeout",
        parameters=changing(lambda value: value * 1000, "answer_timeout"),
    ),
    defect(
        "clamped",
        "It clamps the timeout to three minutes.",
        "given/answer-timeout",
        parameters=changing(lambda value: min(value, 180), "answer_timeout"),
    ),
    defect(
        "at-least-five",
        "It makes a timeout of at least five seconds.",
        "given/answer-timeout",
        parameters=changing(lambda value: max(value, 5), "answer_timeout"),
    ),
    defect(
        "rounded-to-tens",
        "It rounds the timeout to tens.",
        "given/answer-timeout",
        parameters=changing(lambda value: max(round(value, -1), 1), "answer_timeout"),
    ),
    defect(
        "timeout-with-unit",
        "It writes the unit behind the timeout.",
        "given/answer-timeout",
        _KINDS,
        parameters=changing(lambda value: f"{value}s", "answer_timeout"),
    ),
    defect(
        "false-becomes-true",
        "It makes true of whatever is given.",
        "given/auto-answer",
        parameters=changing(lambda value: bool(str(value)), "auto_answer"),
    ),
    defect(
        "true-becomes-false",
        "It compares with the text true.",
        "given/auto-answer",
        parameters=changing(lambda value: value == "true", "auto_answer"),
    ),
)
