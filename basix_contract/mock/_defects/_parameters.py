"""Defects of auto_answer, calling_name and callback_url, and of parameters that meet others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest, CallResult, Leg
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal

_FORM_VALUES = {"true": True, "false": False}
_MOST_LETTERS = 32
_MOST_URL_LETTERS = 100
_MOST_PARAMETERS = 6


class SwitchAsText(Behaviour):
    """The switch is read as a form would send it."""

    def read_auto_answer(self, parameters: Mapping[str, Any]) -> bool | Refusal:
        """Take "true" and "false" and nothing else."""
        given = parameters.get("auto_answer")
        if given is None:
            return self.default_auto_answer()
        known = isinstance(given, str) and given in _FORM_VALUES
        return _FORM_VALUES[given] if known else Refusal("invalid_parameter", "auto_answer is true or false")


class SwitchIsThere(Behaviour):
    """Whether the terminals can pick up by themselves is asked as soon as the parameter is there."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse the parameter for a user whose terminals cannot."""
        if "auto_answer" in request.parameters and not request.user.auto_answer:
            return Refusal("invalid_parameter", "the terminals do not support auto_answer")
        return super().check_limits(request)


class SwitchIsAnything(Behaviour):
    """Any value is asked for its truth."""

    def read_auto_answer(self, parameters: Mapping[str, Any]) -> bool | Refusal:
        """Take what is empty for false and all else for true."""
        return bool(parameters.get("auto_answer"))


class SwitchRingsOneTerminal(Behaviour):
    """Only the terminal that is to pick up by itself is rung."""

    def build_legs(self, request: CallRequest) -> list[Leg]:
        """Ring the first terminal alone where auto_answer is sent."""
        legs = super().build_legs(request)
        return legs[:1] if self.sends_auto_answer(request) else legs


class NameOfThirtyTwo(Behaviour):
    """The display has room for 32 letters, and a longer name is refused in place of cut."""

    def allows_calling_name(self, name: str) -> bool:
        """Refuse a longer one."""
        return super().allows_calling_name(name) and len(name) <= _MOST_LETTERS


class NameOfOneWord(Behaviour):
    """The name goes into the header without quotes, where a blank cannot stand."""

    def allows_calling_name(self, name: str) -> bool:
        """Refuse blanks."""
        return super().allows_calling_name(name) and " " not in name


class NameOfLetters(Behaviour):
    """A name of digits is taken for a number in the wrong parameter."""

    def allows_calling_name(self, name: str) -> bool:
        """Refuse digits alone."""
        return super().allows_calling_name(name) and not name.isdecimal()


class NameOfTwoLetters(Behaviour):
    """The length is compared with the wrong sign: one letter is too short."""

    def allows_calling_name(self, name: str) -> bool:
        """Refuse one letter."""
        return super().allows_calling_name(name) and len(name) > 1


class NameAsFormat(Behaviour):
    """The display text is built with the name as the format."""

    def display_for(self, request: CallRequest) -> str:
        """Fail on a percent sign that begins nothing."""
        return super().display_for(request) % ()


class NameListJoined(Behaviour):
    """A list of words is joined with blanks, as the framework does for repeated fields."""

    def read_calling_name(self, parameters: Mapping[str, Any]) -> str | Refusal | None:
        """Join it."""
        given = parameters.get("calling_name")
        if isinstance(given, list):
            return super().read_calling_name({"calling_name": " ".join(map(str, given))})
        return super().read_calling_name(parameters)


class HttpsOnly(Behaviour):
    """Only https is thought to be safe enough for a callback."""

    def is_callback_url(self, given: Any) -> bool:
        """Refuse http."""
        return super().is_callback_url(given) and str(given).lower().startswith("https:")


class UrlOfHundredLetters(Behaviour):
    """The column for callback_url is as wide as somebody once found enough."""

    def is_callback_url(self, given: Any) -> bool:
        """Refuse a longer one."""
        return super().is_callback_url(given) and len(given) <= _MOST_URL_LETTERS


class UrlWithoutEscapes(Behaviour):
    """The pattern for a URL has no percent sign in it."""

    def is_callback_url(self, given: Any) -> bool:
        """Refuse percent-encoding."""
        return super().is_callback_url(given) and "%" not in given


class UrlBeginsWithHttp(Behaviour):
    """A URL is known by its first four letters."""

    def is_callback_url(self, given: Any) -> bool:
        """Take whatever begins so."""
        return isinstance(given, str) and given.startswith("http")


class UrlOfAnyScheme(Behaviour):
    """Whatever has a scheme and a host is a URL, and that the sender knows http only shows when it sends."""

    def is_callback_url(self, given: Any) -> bool:
        """Take any scheme."""
        return super().is_callback_url(given) or (
            isinstance(given, str) and not given.startswith("http") and "://" in given
        )


class UrlWithDefaultScheme(Behaviour):
    """Where the scheme is absent, http is meant, as in a browser."""

    def read_callback_url(self, parameters: Mapping[str, Any]) -> str | Refusal | None:
        """Put http:// before what begins with a host."""
        given = parameters.get("callback_url")
        if isinstance(given, str) and given and not given.startswith("/") and ":/" not in given:
            given = f"http://{given}"
        return super().read_callback_url({**parameters, "callback_url": given})


class UrlThatIsEmpty(Behaviour):
    """`if callback_url:` stands before the check, and an empty object is as good as none."""

    def read_callback_url(self, parameters: Mapping[str, Any]) -> str | Refusal | None:
        """Pass over whatever is false."""
        return super().read_callback_url(parameters) if parameters.get("callback_url") else None


class SixParameters(Behaviour):
    """The names and values are kept in an array of six."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse the seventh."""
        if len(request.parameters) > _MOST_PARAMETERS:
            return Refusal("invalid_parameter", "too many parameters")
        return super().check_limits(request)


class NameOrNumber(Behaviour):
    """calling_name and calling_number are taken for two values of one thing."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse both together."""
        if request.calling_name and request.destination.calling_number:
            return Refusal("invalid_parameter", "give calling_name or calling_number")
        return super().check_limits(request)


class NumberOfGroup(Behaviour):
    """With a group context the number shown must be the group's."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse any other."""
        shown = request.destination.calling_number
        if request.group is not None and shown and shown != request.group.did:
            return Refusal("invalid_parameter", "calling_number is not the group's")
        return super().check_limits(request)


class NameOrSwitch(Behaviour):
    """calling_name and auto_answer are written into the same header, and the second finds it taken."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Fail on both together."""
        if request.calling_name and self.sends_auto_answer(request):
            raise ValueError("the header is there already")
        return super().check_limits(request)


class CallbackByIdOnly(Behaviour):
    """The callback looks its call up by user_id, which calls by other selectors do not have."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell nobody of those."""
        return "user_id" in call.request.parameters and super().wants_callback(call, result)


class NameTakesUser(Behaviour):
    """calling_name is stored as the user's label for the time of the call, and internal calls are looked up by it."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse an internal destination with a calling_name that is nobody's label."""
        is_label = bool(self.directory.users_with("label", request.calling_name or ""))
        if request.calling_name and request.destination.kind == "user" and not is_label:
            return Refusal("user_not_found", "no user has this label")
        return super().check_limits(request)


def _defect(id_: str, summary: str, kills: str, behaviour: type[Behaviour], *also: tuple[str, str]) -> Defect:
    return Defect(id=id_, family="parameters", summary=summary, kills=kills, also=also, behaviour=behaviour)


_SWITCH, _NAME, _TYPE = "parameters/auto-answer", "parameters/calling-name", "parameters/wrong-type"
_URL, _WRONG_URL, _ALL = "parameters/callback-url", "parameters/callback-url-invalid", "parameters/all-together"

DEFECTS: tuple[Defect, ...] = (
    _defect("auto-answer-as-text", "true and false are refused, their spellings are taken", _SWITCH, SwitchAsText),
    _defect("auto-answer-is-there", "auto_answer false is refused for some users", _SWITCH, SwitchIsThere),
    _defect("auto-answer-is-anything", "an empty list is taken for auto_answer false", _TYPE, SwitchIsAnything),
    _defect(
        "auto-answer-rings-one-terminal",
        "with auto_answer one terminal is rung",
        "uuids/per-leg",
        SwitchRingsOneTerminal,
    ),
    _defect("calling-name-of-32", "a calling_name of more than 32 letters is refused", _NAME, NameOfThirtyTwo),
    _defect(
        "calling-name-of-one-word",
        "a blank in calling_name is refused",
        _NAME,
        NameOfOneWord,
        ("examples/accepted", "example 2 has a name of two words"),
    ),
    _defect("calling-name-of-letters", "a calling_name of digits is refused", _NAME, NameOfLetters),
    _defect("calling-name-of-two-letters", "a calling_name of one letter is refused", _NAME, NameOfTwoLetters),
    _defect("calling-name-as-format", "a percent sign in calling_name fails inside", _NAME, NameAsFormat),
    _defect("calling-name-list-joined", "a list is taken for a calling_name", _TYPE, NameListJoined),
    _defect(
        "callback-url-https-only",
        "an http callback_url is refused",
        _URL,
        HttpsOnly,
        ("examples/accepted", "example 5 is played with such a URL"),
        ("concurrency/accepted", "calls in flight together have such URLs"),
    ),
    _defect("callback-url-of-100-letters", "a callback_url of more letters is refused", _URL, UrlOfHundredLetters),
    _defect("callback-url-without-escapes", "percent-encoding in callback_url is refused", _URL, UrlWithoutEscapes),
    _defect("callback-url-begins-with-http", "whatever begins with http is taken", _WRONG_URL, UrlBeginsWithHttp),
    _defect("callback-url-of-any-scheme", "an ftp URL is taken for a callback_url", _WRONG_URL, UrlOfAnyScheme),
    _defect("callback-url-default-scheme", "http:// is put before a bare host", _WRONG_URL, UrlWithDefaultScheme),
    _defect("callback-url-that-is-empty", "an empty object is taken for no callback_url", _TYPE, UrlThatIsEmpty),
    _defect("six-parameters", "the seventh parameter of a request is refused", _ALL, SixParameters),
    _defect("calling-name-or-number", "calling_name beside calling_number is refused", _ALL, NameOrNumber),
    _defect("calling-number-of-group", "a calling_number other than the group's is refused", _ALL, NumberOfGroup),
    _defect("calling-name-or-auto-answer", "calling_name beside auto_answer fails inside", _SWITCH, NameOrSwitch),
    _defect(
        "callback-by-id-only",
        "calls whose user was not named by id get no callback",
        "callback/answered",
        CallbackByIdOnly,
        ("callback/never-answers", "one who never answers is named by name once"),
        ("timing/answer-timeout", "without that callback nobody knows when the hunt ended"),
    ),
    _defect(
        "calling-name-takes-user",
        "calling_name beside a user as destination is refused",
        "examples/accepted",
        NameTakesUser,
    ),
)
