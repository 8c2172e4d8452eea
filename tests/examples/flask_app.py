"""Click-to-call in Flask: place a call, be told how it ended, know which call it was.

Set BASIX_DOMAIN, BASIX_API_TOKEN and BASIX_BASE_URL for the client, PUBLIC_URL (where the PBX reaches this application)
and CALLBACK_SECRET; then `flask --app flask_app run`.
"""

from __future__ import annotations

import os

from flask import Flask, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from basix_contract.client import (
    Answered,
    CallbackReceiver,
    CallbackUrl,
    CallError,
    CallOutcomeUnknown,
    Client,
    NotAnswered,
)

urls = CallbackUrl(os.environ["PUBLIC_URL"] + "/basix", os.environ["CALLBACK_SECRET"])
callbacks = CallbackReceiver(urls)
tickets: dict[str, str] = {}  # stands for a table of your database

app = Flask(__name__)
app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {urls.path: callbacks.wsgi})  # type: ignore[method-assign]  # as Flask documents it


@app.post("/tickets/<ticket>/call")
def call(ticket: str) -> str:
    """Ring the user, and connect them to the number once they pick up."""
    tickets[ticket] = "ringing"  # before the call is placed: its callback may overtake the reply
    try:
        with Client() as basix:
            basix.call_user(
                user_name=request.args["user"],
                destination=request.args["number"],
                callback_url=urls.for_call(ticket),
            )
    except CallOutcomeUnknown:
        pass  # the telephone may be ringing: do not dial again, the callback will tell
    except CallError as error:
        tickets[ticket] = f"not called: {error}"
    return tickets[ticket]


@callbacks.on_result
def on_result(ticket: str, result: Answered | NotAnswered) -> None:
    """Write down how the call of a ticket ended; runs in a thread of its own."""
    match result:
        case Answered():
            tickets[ticket] = "answered"
        case NotAnswered(error_id=reason):
            tickets[ticket] = f"not answered: {reason}"


@app.get("/tickets/<ticket>")
def show(ticket: str) -> str:
    """Tell how the call of a ticket is going."""
    return tickets[ticket]
