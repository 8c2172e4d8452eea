"""Click-to-call in FastAPI: place a call, be told how it ended, know which call it was.

Set BASIX_DOMAIN, BASIX_API_TOKEN and BASIX_BASE_URL for the client, PUBLIC_URL (where the PBX reaches this application)
and CALLBACK_SECRET; then `uvicorn fastapi_app:app`.
"""

from __future__ import annotations

import os

from fastapi import FastAPI

from basix_contract.client import (
    Answered,
    AsyncClient,
    CallbackReceiver,
    CallbackUrl,
    CallError,
    CallOutcomeUnknown,
    NotAnswered,
)

urls = CallbackUrl(os.environ["PUBLIC_URL"] + "/basix", os.environ["CALLBACK_SECRET"])
callbacks = CallbackReceiver(urls)
tickets: dict[str, str] = {}  # stands for a table of your database

app = FastAPI()
app.mount(urls.path, callbacks.asgi)


@app.post("/tickets/{ticket}/call")
async def call(ticket: str, user: str, number: str) -> str:
    """Ring the user, and connect them to the number once they pick up."""
    tickets[ticket] = "ringing"  # before the call is placed: its callback may overtake the reply
    try:
        async with AsyncClient() as basix:
            await basix.call_user(user_name=user, destination=number, callback_url=urls.for_call(ticket))
    except CallOutcomeUnknown:
        pass  # the telephone may be ringing: do not dial again, the callback will tell
    except CallError as error:
        tickets[ticket] = f"not called: {error}"
    return tickets[ticket]


@callbacks.on_result
async def on_result(ticket: str, result: Answered | NotAnswered) -> None:
    """Write down how the call of a ticket ended; runs after the PBX has had its answer."""
    match result:
        case Answered():
            tickets[ticket] = "answered"
        case NotAnswered(error_id=reason):
            tickets[ticket] = f"not answered: {reason}"


@app.get("/tickets/{ticket}")
async def show(ticket: str) -> str:
    """Tell how the call of a ticket is going."""
    return tickets[ticket]
