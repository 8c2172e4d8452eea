"""Defects of the callback's URL: every way in which software alters what it was given byte for byte."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote, urlencode

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call
from basix_contract.mock._defects._defect import Defect

# What may stand in a URL as it is (RFC 3986), the percent sign apart.
_PLAIN = ":/?#[]@!$&'()*+,;=-._~"
_COLUMN = 255


def _parts(url: str) -> tuple[str, str, str]:
    """Split into origin, path and query; the query with its question mark."""
    match = re.fullmatch(r"([^/]+//[^/?]*)([^?]*)(\?.*)?", url, re.DOTALL)
    return (match[1], match[2], match[3] or "") if match else (url, "", "")


def _on_path(change: Callable[[str], str]) -> Callable[[str], str]:
    def altered(url: str) -> str:
        origin, path, query = _parts(url)
        return origin + change(path) + query

    return altered


def _on_query(change: Callable[[str], str]) -> Callable[[str], str]:
    def altered(url: str) -> str:
        origin, path, query = _parts(url)
        return origin + path + ("?" + change(query[1:]) if query else "")

    return altered


def _host_only(url: str) -> str:
    origin, _, query = _parts(url)
    return f"{origin}/{query}"


def _slash_added(path: str) -> str:
    return path if path.endswith("/") else path + "/"


def _sorted(query: str) -> str:
    return "&".join(sorted(query.split("&")))


def _rebuilt(query: str) -> str:
    return urlencode(parse_qsl(query))


def _as_dictionary(query: str) -> str:
    return urlencode(dict(parse_qsl(query, keep_blank_values=True)))


def _escapes_in_small_letters(url: str) -> str:
    return re.sub(r"%[0-9A-Fa-f]{2}", lambda escape: escape[0].lower(), url)


def _with_event(url: str) -> str:
    return url + ("&" if "?" in url else "?") + "event=hunt_finished"


def _as_a_format(url: str) -> str:
    return url % ()


def _altered(change: Callable[[str], str]) -> type[Behaviour]:
    """Return a PBX that sends to what this makes of the URL."""

    class UrlAltered(Behaviour):
        def callback_url(self, call: Call) -> str | None:
            url = super().callback_url(call)
            return change(url) if url else None

    return UrlAltered


_ALTERATIONS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("query-dropped", "the query of callback_url is left out", lambda url: url.partition("?")[0]),
    ("path-dropped", "of callback_url only host and query are kept", _host_only),
    (
        "cut-at-ampersand",
        "a shell that runs the HTTP client ends the URL at its first ampersand",
        lambda url: url.partition("&")[0],
    ),
    (
        "cut-at-second-question-mark",
        "what follows a second question mark in callback_url is lost",
        lambda url: "?".join(url.split("?")[:2]),
    ),
    (
        "cut-at-255",
        "callback_url is kept in a column of 255 characters",
        lambda url: url[:_COLUMN],
    ),
    (
        "decoded",
        "the escapes of callback_url are decoded and only spaces and foreign letters escaped again",
        lambda url: quote(unquote(url), safe=_PLAIN + "%"),
    ),
    (
        "path-decoded",
        "an escaped slash in the path of callback_url becomes a slash",
        _on_path(lambda path: re.sub("%2f", "/", path, flags=re.IGNORECASE)),
    ),
    ("escaped-twice", "the percent signs of callback_url are escaped again", lambda url: quote(url, safe=_PLAIN)),
    (
        "signs-escaped",
        "plus signs, commas and brackets in the path of callback_url are escaped",
        _on_path(lambda path: quote(path, safe="/%")),
    ),
    (
        "plus-as-space",
        "a plus sign in the path of callback_url becomes a space",
        _on_path(lambda path: path.replace("+", "%20")),
    ),
    ("small-escapes", "escapes in callback_url are written in small letters", _escapes_in_small_letters),
    ("lower-cased", "callback_url is kept in lower case", str.lower),
    ("query-rebuilt", "the query is parsed and written anew: empty values are lost", _on_query(_rebuilt)),
    ("query-as-dictionary", "of repeated keys in the query only the last is kept", _on_query(_as_dictionary)),
    ("query-sorted", "the query's keys are put in order", _on_query(_sorted)),
    (
        "parameters-stripped",
        "what follows a semicolon in a path segment is taken for a session id and removed",
        _on_path(lambda path: re.sub(r";[^/]*", "", path)),
    ),
    ("slash-stripped", "a slash at the end of callback_url is removed", lambda url: url.rstrip("/")),
    ("slash-added", "a path without a slash at its end gets one", _on_path(_slash_added)),
    (
        "slashes-merged",
        "two slashes in a row in the path of callback_url become one",
        _on_path(lambda path: re.sub("/{2,}", "/", path)),
    ),
    (
        "html-escaped",
        "the ampersands of callback_url are escaped as in HTML",
        lambda url: html.escape(url, quote=False),
    ),
    ("event-added", "a parameter of the PBX's own is added to the query of callback_url", _with_event),
    (
        "used-as-a-format",
        "callback_url is used as a format string: with a percent sign in it nothing is sent",
        _as_a_format,
    ),
)

DEFECTS: tuple[Defect, ...] = tuple(
    Defect(
        id=f"callback-url-{name}",
        family="callback",
        summary=summary,
        kills="callback/url",
        behaviour=_altered(change),
    )
    for name, summary, change in _ALTERATIONS
)
