"""Advice to clients, never scored: what they choose themselves and a PBX may not like.

What was given to them to send is not their choice.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from basix_contract.checks._client_values import EMPTY, is_named, kinds, members_of
from basix_contract.checks._finding import Finding, broken, held, worst
from basix_contract.contract import load_document

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping

    from basix_contract.checks._client_history import ClientCall, ClientHistory

    Body = Mapping[str, Any]
    Advice = Callable[[Body], str]

_RESOLVER = "group_resolver"
_NUMBER = re.compile(r"[+0-9()./ *#-]{6,}")
_SEVERAL = 2


def give_advice(history: ClientHistory, advice: Advice) -> Finding:
    """Look at every request, as far as the client chose it, for what is better done otherwise."""
    findings = [
        broken(f"{call.title}: {said}", call.id) if (said := advice(_chosen(call, body))) else held()
        for call, body in _bodies(history)
    ]
    return worst(findings, nothing="no request with a JSON object came")


def _bodies(history: ClientHistory) -> Iterator[tuple[ClientCall, Body]]:
    return ((call, request.members) for call, request in history.bodies())


def _chosen(call: ClientCall, body: Body) -> Body:
    """Return what of a body is the client's own choice: all of it in a recording, else what is not as it was given."""
    given = call.params or {}
    return {name: value for name, value in body.items() if name not in given or not _is_as_given(given[name], value)}


def _is_as_given(given: Any, sent: Any) -> bool:
    return type(given) is type(sent) and bool(given == sent)


def advise_one_user(body: Body) -> str:
    """One user selector is better than several."""
    named = [name for name in load_document().user_selectors if is_named(body.get(name))]
    return f"{' and '.join(named)} together" if len(named) >= _SEVERAL else ""


def advise_exact_text(body: Body) -> str:
    """Names and addresses are best without surrounding blanks."""
    padded = [name for name, value in _texts(body) if kinds().get(name) == "text" and value != value.strip()]
    return f"{padded[0]} has blanks around it" if padded else ""


def advise_types(body: Body) -> str:
    """Ids are best numbers, extensions and DIDs text, the timeout a number."""
    for name, value in body.items():
        kind = kinds().get(name)
        is_text = isinstance(value, str) and value != ""
        if (
            (kind == "number" or name.endswith("_id"))
            and kind in ("number", "digits")
            and (is_text or type(value) is float)
        ):
            return f"{name} is best sent as a whole number"
        if kind == "digits" and not name.endswith("_id") and type(value) in (int, float):
            return f"{name} is best sent as text"
    return ""


def advise_boolean(body: Body) -> str:
    """Flags are best booleans."""
    loose = [name for name, value in body.items() if kinds().get(name) == "flag" and not isinstance(value, bool)]
    return f"{loose[0]} is best sent as a boolean" if loose and body[loose[0]] not in EMPTY else ""


def advise_one_group(body: Body) -> str:
    """At most one group selector is best sent."""
    named = [name for name in _groups(body) if name != _RESOLVER]
    return f"{' and '.join(named)} together" if len(named) >= _SEVERAL else ""


def advise_resolver_alone(body: Body) -> str:
    """A resolver is best without another group selector."""
    named = _groups(body)
    return f"{' and '.join(named)} together" if _RESOLVER in named and len(named) >= _SEVERAL else ""


def _groups(body: Body) -> list[str]:
    return [name for name in load_document().group_selectors if is_named(body.get(name))]


def advise_known_resolver(body: Body) -> str:
    """A resolver is best one of the documented ones."""
    (documented,) = (item.schema["enum"] for item in load_document().parameters if item.name == _RESOLVER)
    value = body.get(_RESOLVER)
    return "" if value in (*EMPTY, *documented) else f"{_RESOLVER} {value!r} is not documented"


def advise_leaving_out(body: Body) -> str:
    """What has no value is best left out."""
    for part, known in _parts(body):
        for name, value in part.items():
            if name in known and value in EMPTY:
                return f"{name} is sent as {value!r}"
    return ""


def advise_known_members(body: Body) -> str:
    """Members unknown to the document are best left out."""
    for part, known in _parts(body):
        unknown = [name for name in part if name not in known]
        if unknown:
            return f"{unknown[0]} is not documented"
    return ""


def _parts(body: Body) -> Iterator[tuple[Mapping[str, Any], Container[str]]]:
    """Yield a body and the objects in it, each with the members that the document has for it."""
    destination = body.get("destination")
    end_user = destination.get("end_user") if isinstance(destination, dict) else None
    yield body, kinds()
    for part, component in ((destination, "DestinationObject"), (end_user, "EndUser")):
        if isinstance(part, dict):
            yield part, members_of(component)


def advise_domestic_digits(body: Body) -> str:
    """A telephone number is best written in domestic digits."""
    number = _number(body)
    odd = _NUMBER.fullmatch(number) and not number.isdigit()
    return f"the number …{number[-3:]} is not written in digits alone" if odd else ""


def _number(body: Body) -> str:
    destination = body.get("destination")
    value = destination.get("called_number") if isinstance(destination, dict) else destination
    return value.rpartition("}")[2] if isinstance(value, str) else ""


def advise_called_number(body: Body) -> str:
    """A destination object is best never without a called_number."""
    destination = body.get("destination")
    is_lost = isinstance(destination, dict) and destination.get("called_number") in EMPTY
    return "a destination object without called_number" if is_lost else ""


def advise_object_for_numbers(body: Body) -> str:
    """The object form is best kept for telephone numbers."""
    number = _number(body)
    is_name = isinstance(body.get("destination"), dict) and number and not _NUMBER.fullmatch(number)
    return "a destination object for what is no telephone number" if is_name else ""


def advise_object_form(body: Body) -> str:
    """The object form is safer than the inline form."""
    return "a destination in the inline form" if _inline(body) is not None else ""


def _inline(body: Body) -> str | None:
    """Return what stands between the braces of an inline destination; None where there are none."""
    destination = body.get("destination")
    if not isinstance(destination, str) or not destination.startswith("{") or "}" not in destination:
        return None
    return destination[1:].rpartition("}")[0]


def advise_plain_inline_values(body: Body) -> str:
    """Inline values are best free of characters that may mean something."""
    inline = _inline(body)
    if inline is None:
        return ""
    grammar = load_document().schema("DestinationText")["x-basix-inline"]
    pairs = [pair.partition(grammar["key_separator"]) for pair in inline.split(grammar["pair_separator"])]
    unsafe = [
        value for _, sign, value in pairs if not sign or any(letter in value for letter in grammar["unsafe_in_values"])
    ]
    return "an inline value with a comma, an equals sign, a brace, a quote, a backslash or a caret" if unsafe else ""


def advise_end_user(body: Body) -> str:
    """An end user's id is best text, an avatar best an http or https URL."""
    destination = body.get("destination")
    end_user = destination.get("end_user") if isinstance(destination, dict) else None
    if not isinstance(end_user, dict):
        return ""
    if end_user.get("id") is not None and not isinstance(end_user["id"], str):
        return "end_user.id is best sent as text"
    avatar = end_user.get("avatar")
    is_url = isinstance(avatar, str) and avatar.startswith(("http://", "https://"))
    return "" if is_url or avatar in EMPTY else "end_user.avatar is no http or https URL"


def advise_ascii_name(body: Body) -> str:
    """A calling_name is best printable ASCII."""
    value = body.get("calling_name")
    is_odd = isinstance(value, str) and not (value.isascii() and value.isprintable())
    return "calling_name is not printable ASCII" if is_odd else ""


def advise_single_url(body: Body) -> str:
    """A callback_url is best one plain URL."""
    value = body.get("callback_url")
    if not isinstance(value, str) or not value:
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""  # told by the check of its form
    odd = (
        ("user info", parts.username is not None),
        ("a fragment", "#" in value),
        ("a (timeout=…) part", "(timeout=" in value),
        ("a list", ",http://" in value or ",https://" in value),
    )
    return next((f"callback_url with {what}" for what, is_there in odd if is_there), "")


def advise_nonce(history: ClientHistory) -> Finding:
    """Each call is best given a callback_url of its own."""
    chosen = [(call, _chosen(call, body).get("callback_url")) for call, body in _bodies(history)]
    counted = Counter(url for _, url in chosen if isinstance(url, str) and url)
    shared = [call.id for call, url in chosen if isinstance(url, str) and counted[url] >= _SEVERAL]
    if shared:
        return broken(f"{len(shared)} calls share one callback_url: an error cannot be tied to its call", *shared)
    return worst((held() for _ in chosen), nothing="no request with a JSON object came")


def _texts(body: Body) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in body.items() if isinstance(value, str))
