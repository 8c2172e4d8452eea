"""Defects of error replies, and of labels: error objects, ids, codes, members that do not belong, media types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from basix_contract.messages import Headers
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import ERROR_IDS, Refusal, Reply

_SAME_LINES = (
    ("callback/error-id", "the error of a callback is built by the same lines"),
    ("limits/error-id", "there is no text id to compare"),
    ("auth/error-id", "there is no text id to compare"),
)
_TOLD_TOO = (("callback/error-id-snake-case", "callbacks take their ids from the same table"),)
_NUMBERS = {name: number for number, name in enumerate(ERROR_IDS, start=480)}
_VALIDATION_ERRORS = ("missing_parameter", "invalid_parameter")


class ErrorIsText(Behaviour):
    """The object around the id is thought to be needless."""

    def error_detail(self, refusal: Refusal) -> Any:
        """Return the bare id."""
        return self.error_id(refusal.error_id)


class ErrorsListed(Behaviour):
    """Errors are listed, as a validation library does."""

    def error_body(self, refusal: Refusal) -> Any:
        """Name the member in the plural."""
        return {"result_code": self.error_code(refusal.error_id), "errors": [self.error_detail(refusal)]}


class ErrorIdIsNumber(Behaviour):
    """Ids are those of the database's table of errors."""

    def error_detail(self, refusal: Refusal) -> Any:
        """Return the number of the row."""
        return {"id": _NUMBERS[refusal.error_id]}


class ErrorIdEmpty(Behaviour):
    """Only the ids of the document were entered into the table."""

    def error_id(self, error_id: str) -> str:
        """Return nothing for what the table lacks."""
        return error_id if ERROR_IDS[error_id].is_documented else ""


class ErrorWithoutId(Behaviour):
    """What the validation library finds is passed on as it comes."""

    def error_detail(self, refusal: Refusal) -> Any:
        """Return a message alone."""
        if refusal.error_id in _VALIDATION_ERRORS:
            return {"message": refusal.text}
        return super().error_detail(refusal)


class PageForBadParameters(Behaviour):
    """Bad parameters are answered by the framework, with its own page."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Return the page."""
        if refusal.error_id not in _VALIDATION_ERRORS:
            return super().error_reply(refusal)
        page = b"<!doctype html><title>400 Bad Request</title><h1>Bad Request</h1>"
        return Reply(status=400, headers=(("Content-Type", "text/html; charset=utf-8"),), body=page)


class CodeIsHttpStatus(Behaviour):
    """The code of the body repeats the HTTP status."""

    def error_code(self, error_id: str) -> int:
        """Return 400, 404 and so on."""
        return ERROR_IDS[error_id].http_status


class LimitHasOwnCode(Behaviour):
    """The switch's own cause code is let through for one error."""

    def error_code(self, error_id: str) -> int:
        """Return 34, no circuit available."""
        return 34 if error_id == "channel_limit_reached" else super().error_code(error_id)


class ReservedUuids(Behaviour):
    """Channels are reserved before they are counted, and the reply lists what was reserved."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Name the uuids of channels that will never ring."""
        if refusal.error_id != "channel_limit_reached":
            return super().error_reply(refusal)
        body = {**self.error_body(refusal), "uuids": list(self.new_uuids(2))}
        return self.json_reply(self.error_status(refusal), body)


class OneReplyForAll(Behaviour):
    """One reply object serves every request; only the error handler clears it first."""

    def success_body(self, call: Call) -> Any:
        """Write a success over whatever was there."""
        return {**self.state.memory.get("reply", {}), **super().success_body(call)}

    def error_body(self, refusal: Refusal) -> Any:
        """Write an error, and leave it there."""
        self.state.memory["reply"] = super().error_body(refusal)
        return self.state.memory["reply"]


class EmptyErrorOnSuccess(Behaviour):
    """The error is part of every reply's structure."""

    def success_body(self, call: Call) -> Any:
        """Add the error of which nothing was set."""
        return {**super().success_body(call), "error": {"id": ""}}


class CamelCaseIds(Behaviour):
    """Ids are the names of exceptions."""

    def error_id(self, error_id: str) -> str:
        """Return userNotFound for user_not_found."""
        first, *others = error_id.split("_")
        return first + "".join(word.capitalize() for word in others)


class IdIsSentence(Behaviour):
    """The text for people stands where the id belongs."""

    def error_id(self, error_id: str) -> str:
        """Return a sentence for all the document does not name."""
        known = ERROR_IDS[error_id]
        return error_id if known.is_documented else known.summary.capitalize()


class IdCarriesDetail(Behaviour):
    """For what cannot be found, the detail is put behind the id."""

    def error_detail(self, refusal: Refusal) -> Any:
        """Return `user_not_found: no user has this selector`."""
        detail = super().error_detail(refusal)
        has_detail = refusal.error_id.endswith("_not_found") and refusal.text
        return {**detail, "id": f"{detail['id']}: {refusal.text}"} if has_detail else detail


class ErrorsLabelledText(Behaviour):
    """The error handler writes the body, but not its label."""

    def error_reply(self, refusal: Refusal) -> Reply:
        """Let the web server guess the media type."""
        return _labelled(super().error_reply(refusal), "text/plain; charset=utf-8")


class SuccessLabelledHtml(Behaviour):
    """The label is the scripting language's default."""

    def success_reply(self, call: Call) -> Reply:
        """Leave it at HTML."""
        return _labelled(super().success_reply(call), "text/html; charset=UTF-8")


class NotLabelled(Behaviour):
    """Nobody thought of a label."""

    def json_headers(self) -> Headers:
        """Return no field."""
        return ()


def _labelled(reply: Reply, media_type: str) -> Reply:
    others = tuple(field for field in reply.headers if field[0] != "Content-Type")
    return replace(reply, headers=(("Content-Type", media_type), *others))


def _defect(
    id_: str, summary: str, behaviour: type[Behaviour], kills: str, also: tuple[tuple[str, str], ...] = ()
) -> Defect:
    return Defect(id=id_, family="response", summary=summary, kills=kills, also=also, behaviour=behaviour)


DEFECTS: tuple[Defect, ...] = (
    _defect("error-is-text", "error is the bare id, not an object", ErrorIsText, "error/id", _SAME_LINES),
    _defect("errors-in-a-list", "the error object stands in a list, errors", ErrorsListed, "error/id", _SAME_LINES),
    _defect("error-id-is-number", "error.id is a number of the database", ErrorIdIsNumber, "error/id", _SAME_LINES),
    _defect(
        "error-id-empty",
        "error.id is empty for every error the document does not name",
        ErrorIdEmpty,
        "error/id",
        _SAME_LINES[:1],
    ),
    _defect("error-without-id", "bad parameters get an error with a message and no id", ErrorWithoutId, "error/id"),
    _defect("error-page", "bad parameters get the framework's own page", PageForBadParameters, "reply/json-object"),
    _defect("error-code-is-status", "the result_code of errors is the HTTP status", CodeIsHttpStatus, "error/code-500"),
    _defect("limit-code-34", "result_code 34 where the channel limit is met", LimitHasOwnCode, "error/code-500"),
    _defect("error-names-uuids", "the channel limit's error lists channels", ReservedUuids, "error/no-uuids"),
    _defect(
        "reply-object-shared",
        "a success still holds the error of the reply before it",
        OneReplyForAll,
        "reply/no-error-on-success",
    ),
    _defect(
        "empty-error-on-success",
        "a success has an error with an empty id",
        EmptyErrorOnSuccess,
        "reply/no-error-on-success",
    ),
    _defect(
        "error-ids-camel-case",
        "error ids are written in camelCase",
        CamelCaseIds,
        "error/id-snake-case",
        (
            *_TOLD_TOO,
            ("limits/error-id", "the document's own id is written so too"),
            ("auth/error-id", "the vendor's own id is written so too"),
        ),
    ),
    _defect("error-id-is-sentence", "error ids are sentences", IdIsSentence, "error/id-snake-case", _TOLD_TOO),
    _defect("error-id-carries-detail", "the error id is followed by details", IdCarriesDetail, "error/id-snake-case"),
    _defect("errors-as-plain-text", "errors are labelled text/plain", ErrorsLabelledText, "reply/content-type"),
    _defect("successes-as-html", "successes are labelled text/html", SuccessLabelledHtml, "reply/content-type"),
    _defect("reply-without-label", "replies have no Content-Type", NotLabelled, "reply/content-type"),
)
