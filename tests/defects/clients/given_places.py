"""Faults of a request: destinations, callback URLs and resolvers, and what is left over from another call."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from tests.defects.clients.changes import changing, destination, end_user
from tests.defects.clients.defect import ClientDefect, defect

if TYPE_CHECKING:
    from tests.defects.clients.small import SmallClient

    Params = dict[str, Any]

_NOT_AS_GIVEN = ("given/callback-url", "it is not as it was given")


def _sticky(*names: str) -> Any:
    """Return the step of a client that remembers parameters from call to call."""

    def remembering(client: SmallClient, params: Params) -> Params:
        remembered = client.__dict__.setdefault("remembered", {})
        remembered.update({name: params[name] for name in names if name in params})
        return {**remembered, **params}

    return remembering


def _sticky_end_user(client: SmallClient, params: Params) -> Params:
    place = params["destination"]
    if not isinstance(place, dict):
        return params
    kept = place.get("end_user") or client.__dict__.get("end_user")
    client.__dict__["end_user"] = kept
    return {**params, "destination": {**place, **({"end_user": kept} if kept else {})}}


def _calling_number_at_the_top(_client: SmallClient, params: Params) -> Params:
    place = params["destination"]
    if not isinstance(place, dict) or "calling_number" not in place:
        return params
    inner = {name: value for name, value in place.items() if name != "calling_number"}
    return {**params, "destination": inner, "calling_number": place["calling_number"]}


def _inline_to_object(text: str) -> Any:
    found = re.fullmatch(r"\{(.*)\}(.*)", text)
    if not found:
        return text
    return {"called_number": found[2], "end_user": dict(pair.split("=", 1) for pair in found[1].split(","))}


def _digits_of_numbers(text: str) -> str:
    return re.sub(r"\D", "", text) or text if re.fullmatch(r"[-+0-9*#]+", text) else text


def _without_member(*names: str) -> Any:
    return lambda value: {name: item for name, item in value.items() if name not in names} or {"name": ""}


def _flat(value: Params) -> Params:
    return {**{name: item for name, item in value.items() if name != "end_user"}, **value.get("end_user", {})}


def _sorted_query(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))))


PLACES: tuple[ClientDefect, ...] = (
    # ── destinations ──
    defect(
        "digits-only",
        "It leaves what is no digit out of numbers.",
        "given/destination-text",
        parameters=destination(_digits_of_numbers, str),
    ),
    defect(
        "destination-in-small-letters",
        "It writes destinations in small letters.",
        "given/destination-text",
        parameters=destination(str.lower, str),
    ),
    defect(
        "destination-international",
        "It writes telephone numbers with the country code.",
        "given/destination-text",
        parameters=destination(lambda text: "+81" + text[1:] if re.fullmatch(r"0\d{9,}", text) else text, str),
    ),
    defect(
        "destination-prefixed",
        "It dials a zero for the outside line.",
        "given/destination-text",
        parameters=destination(lambda text: "0" + text if re.fullmatch(r"0\d{9,}", text) else text, str),
    ),
    defect(
        "inline-to-object",
        "It turns the inline form into an object.",
        "given/destination-text",
        parameters=destination(_inline_to_object, str),
    ),
    defect(
        "inline-stripped",
        "It strips what stands in braces.",
        "given/destination-text",
        parameters=destination(lambda text: re.sub(r"\{.*\}", "", text), str),
    ),
    defect(
        "destination-percent-encoded",
        "It percent-encodes destinations.",
        "given/destination-text",
        parameters=destination(quote, str),
    ),
    defect(
        "blank-cut",
        "It cuts destinations at a blank.",
        "given/destination-text",
        parameters=destination(lambda text: text.split(" ")[0], str),
    ),
    defect(
        "object-to-text",
        "It sends the number of an object alone.",
        "given/destination-object",
        parameters=destination(lambda value: value["called_number"], dict),
    ),
    defect(
        "object-as-json-text",
        "It sends an object as JSON text.",
        "given/destination-object",
        parameters=destination(json.dumps, dict),
    ),
    defect(
        "calling-number-lost",
        "It forgets the calling number.",
        "given/destination-object",
        parameters=destination(_without_member("calling_number"), dict),
    ),
    defect(
        "calling-number-at-the-top",
        "It sends the calling number beside the destination.",
        "given/destination-object",
        parameters=_calling_number_at_the_top,
    ),
    defect(
        "end-user-flat",
        "It sends the end user's members beside the number.",
        "given/destination-object",
        parameters=destination(_flat, dict),
    ),
    defect(
        "end-user-renamed",
        "It calls the end user endUser.",
        "given/destination-object",
        parameters=destination(
            lambda value: {"endUser" if name == "end_user" else name: item for name, item in value.items()}, dict
        ),
    ),
    defect(
        "end-user-name-only",
        "It sends the end user's name alone.",
        "given/end-user",
        parameters=end_user(lambda value: {"name": value.get("name", "")}),
    ),
    defect(
        "prefecture-lost",
        "It forgets the prefecture.",
        "given/end-user",
        parameters=end_user(_without_member("prefecture")),
    ),
    defect(
        "end-user-id-number",
        "It sends digits in the end user's id as a number.",
        "given/end-user",
        parameters=end_user(
            lambda value: {
                name: int(item) if name == "id" and str(item).isdigit() else item for name, item in value.items()
            }
        ),
    ),
    defect(
        "end-user-escaped",
        "It escapes the end user for HTML.",
        "given/end-user",
        parameters=end_user(lambda value: {name: html.escape(str(item)) for name, item in value.items()}),
    ),
    defect(
        "end-user-ascii",
        "It sends nothing but ASCII of the end user.",
        "given/end-user",
        parameters=end_user(
            lambda value: {name: str(item).encode("ascii", "ignore").decode() for name, item in value.items()}
        ),
    ),
    defect(
        "avatar-completed",
        "It completes avatars to URLs.",
        "given/end-user",
        parameters=end_user(
            lambda value: {
                name: f"https://{item}" if name == "avatar" and "://" not in item else item
                for name, item in value.items()
            }
        ),
    ),
    # ── URLs and resolvers ──
    defect(
        "url-re-encoded",
        "It encodes the callback_url once more.",
        "given/callback-url",
        parameters=changing(lambda url: quote(url, safe=":/?&=,"), "callback_url"),
    ),
    defect(
        "url-query-sorted",
        "It sorts the callback_url's query.",
        "given/callback-url",
        parameters=changing(_sorted_query, "callback_url"),
    ),
    defect(
        "url-query-lost",
        "It cuts the callback_url at its query.",
        "given/callback-url",
        parameters=changing(lambda url: url.partition("?")[0], "callback_url"),
    ),
    defect(
        "url-port-lost",
        "It forgets the callback_url's port.",
        "given/callback-url",
        parameters=changing(lambda url: re.sub(r":\d+(?=/)", "", url), "callback_url"),
    ),
    defect(
        "url-in-small-letters",
        "It writes the callback_url in small letters.",
        "given/callback-url",
        parameters=changing(str.lower, "callback_url"),
    ),
    defect(
        "url-slash-stripped",
        "It strips the callback_url's last slash.",
        "given/callback-url",
        parameters=changing(lambda url: url.rstrip("/"), "callback_url"),
    ),
    defect(
        "url-https",
        "It makes every callback_url https.",
        "given/callback-url",
        parameters=changing(lambda url: re.sub("^http:", "https:", url), "callback_url"),
    ),
    defect(
        "url-255-letters",
        "It keeps 255 letters of the callback_url.",
        "given/callback-url",
        parameters=changing(lambda url: url[:255], "callback_url"),
    ),
    defect(
        "url-dots-resolved",
        "It resolves dots in the callback_url.",
        "given/callback-url",
        parameters=changing(lambda url: re.sub(r"/a/\.\./", "/", url), "callback_url"),
    ),
    defect(
        "url-escapes-in-capitals",
        "It writes escapes of the callback_url in capitals.",
        "given/callback-url",
        parameters=changing(lambda url: re.sub("%[0-9a-f]{2}", lambda found: found[0].upper(), url), "callback_url"),
    ),
    defect(
        "url-without-scheme",
        "It sends the callback_url without its scheme.",
        "sending/callback-url",
        _NOT_AS_GIVEN,
        parameters=changing(lambda url: url.partition("://")[2], "callback_url"),
    ),
    defect(
        "url-one-slash",
        "It writes one slash behind the scheme.",
        "sending/callback-url",
        _NOT_AS_GIVEN,
        parameters=changing(lambda url: url.replace("://", ":/", 1), "callback_url"),
    ),
    defect(
        "resolver-in-small-letters",
        "It writes resolvers in small letters.",
        "given/resolver",
        parameters=changing(str.lower, "group_resolver"),
    ),
    defect(
        "resolver-all",
        "It writes all for any group.",
        "given/resolver",
        parameters=changing(lambda value: "all" if value == "*" else value, "group_resolver"),
    ),
    # ── left over ──
    defect(
        "callback-left-over",
        "It remembers the callback_url of the call before.",
        "given/nothing-left-over",
        parameters=_sticky("callback_url"),
    ),
    defect(
        "group-left-over",
        "It remembers the group of the call before.",
        "given/nothing-left-over",
        ("given/nothing-else", "a short name may come from anywhere"),
        parameters=_sticky("group_name", "group_label"),
    ),
    defect(
        "name-left-over",
        "It remembers calling_name.",
        "given/nothing-left-over",
        ("given/nothing-else", "a short name may come from anywhere"),
        parameters=_sticky("calling_name"),
    ),
    defect(
        "timeout-left-over",
        "It remembers the timeout.",
        "given/nothing-left-over",
        parameters=_sticky("answer_timeout"),
    ),
    defect(
        "end-user-left-over",
        "It remembers the end user of the call before.",
        "given/destination-object",
        ("given/nothing-left-over", "it was given for another call"),
        ("given/end-user", "it was not given"),
        parameters=_sticky_end_user,
    ),
)
