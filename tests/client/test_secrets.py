"""Nothing secret or personal shows: not where a client or a value is printed, in a log, or in a traceback."""

from __future__ import annotations

import base64
import copy
import logging
import pickle
import traceback

import pytest

from basix_contract.client import (
    ApiError,
    CallError,
    CallOutcomeUnknown,
    ChannelLimitReached,
    Client,
    CredentialsRefused,
    Destination,
    EndUser,
    InvalidRequest,
    NotSent,
    UnexplainedError,
    UnreadableReply,
)
from basix_contract.messages import Violation
from tests.client.faults import LIMITED, PAGE, SUCCESS, envelope, http
from tests.client.flavours import DOMAIN, FLAVOURS, TOKEN, Flavour
from tests.client.recording import BASE_URL
from tests.profile.sockets import RawServer, answers, closes

CREDENTIALS = base64.b64encode(f"{DOMAIN}:{TOKEN}".encode()).decode()
PERSONAL = ("jones@abcd.example", "Charles Xavier", "0312341234", "05068680000", "Popeye")
EMAIL, CALLER, CALLED, CALLING, NAME = PERSONAL
PLACE = Destination(called_number=CALLED, calling_number=CALLING, end_user=EndUser(name=NAME))
CALL = {"user_email": EMAIL, "calling_name": CALLER, "destination": PLACE}
VIOLATIONS = (Violation("/uuids", "uuids is missing", "required"),)


def shown_in(text: str) -> list[str]:
    """The secrets that a text holds."""
    return [secret for secret in (TOKEN, CREDENTIALS, *PERSONAL) if secret in text]


@pytest.mark.parametrize("flavour", FLAVOURS[:2], ids=lambda flavour: flavour.name)
def test_a_client_prints_without_its_token(flavour: Flavour) -> None:
    """What a client, and all that it holds, prints as tells where it leads and no secret."""
    client = flavour.client(BASE_URL)

    assert BASE_URL in repr(client)
    assert shown_in(f"{client!r} {client} {vars(client)} {client._settings!r}") == []


def test_values_print_without_what_they_hold() -> None:
    """A destination and an end user name what was given, and hide it."""
    assert repr(PLACE) == "Destination(called_number=…, calling_number=…, end_user=EndUser(name=…))"
    assert shown_in(f"{PLACE}") == []


@pytest.mark.parametrize("reply", [envelope(SUCCESS), envelope(LIMITED), http(PAGE, "502 Bad Gateway"), None])
@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_no_log_holds_a_secret(flavour: Flavour, reply: bytes | None, caplog: pytest.LogCaptureFixture) -> None:
    """Every logger of ours and of the HTTP library, down to the last detail, is free of token and personal data."""
    caplog.set_level(logging.DEBUG)
    with RawServer(closes if reply is None else answers(reply)) as server:
        flavour.place(server.base_url, CALL)

    assert any(record.name.startswith("http") for record in caplog.records)
    assert shown_in(caplog.text) == []


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_no_traceback_shows_the_token(flavour: Flavour) -> None:
    """A traceback, with the values of all variables of ours in it too, does not show the token."""
    with RawServer(closes) as server:
        (end,) = flavour.place(server.base_url, CALL)
    assert isinstance(end, CallOutcomeUnknown)

    plain = "".join(traceback.format_exception(end))
    detailed = traceback.TracebackException.from_exception(end, capture_locals=True)
    ours = "".join(
        f"{frame.name}: {frame.locals}" for frame in detailed.stack if "basix_contract/client/" in frame.filename
    )

    assert shown_in(plain) == []
    assert "_place" in ours
    assert not any(secret in ours for secret in (TOKEN, CREDENTIALS))


ERRORS = [
    NotSent("no connection", where="http://127.0.0.1:9"),
    InvalidRequest(VIOLATIONS),
    ApiError("refused", error_id="busy", result_code=500, http_status=200),
    ChannelLimitReached("refused", error_id="channel_limit_reached", result_code=500, http_status=200),
    CredentialsRefused(http_status=401),
    UnexplainedError(VIOLATIONS, result_code=500, http_status=200),
    CallOutcomeUnknown("no reply"),
    UnreadableReply(VIOLATIONS, http_status=502),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_being_sent_to_another_process(error: CallError) -> None:
    """Task queues and process pools hand on errors pickled: kind, text and attributes stay."""
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 - our own error, just pickled
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


def test_the_kinds_of_errors_are_told_apart_by_what_to_do() -> None:
    """What may be sent again, what was refused and what must not be sent again are kinds that exclude each other."""
    kinds = (NotSent, ApiError, CallOutcomeUnknown, InvalidRequest)

    assert all(sum(isinstance(error, kind) for kind in kinds) == 1 for error in ERRORS)
    assert all(isinstance(error, CallError) for error in ERRORS)
    assert "do not place this call again" in str(CallOutcomeUnknown("no reply"))


def test_a_client_opened_for_https_verifies_the_certificate() -> None:
    """The PBX has to prove who it is before it learns the token."""
    client = Client(domain=DOMAIN, token=TOKEN, base_url=BASE_URL)
    context = client._http._transport._pool._ssl_context  # type: ignore[attr-defined]  # where httpx keeps it

    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"
    assert context.cert_store_stats()["x509_ca"] > 0
    client.close()
