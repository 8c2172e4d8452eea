"""The receiver mounted in FastAPI, Starlette, Flask and Django: each hands it what comes below its path."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.routing import Mount
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from basix_contract.client import Answered, CallbackReceiver, NotAnswered
from basix_contract.messages import Request
from basix_contract.pytest_plugin._apps import ask_wsgi
from basix_contract.pytest_plugin._firing import Callbacks
from tests.client.faces import ANSWERED, BUSY, URLS, UUID, callback, over_asgi, over_wsgi
from tests.examples import serving

# Django has no types.
django: Any = import_module("django")
asgi: Any = import_module("django.core.asgi")
conf: Any = import_module("django.conf")
csrf: Any = import_module("django.views.decorators.csrf")
http: Any = import_module("django.http")
routes: Any = import_module("django.urls")
wsgi: Any = import_module("django.core.wsgi")

Mounted = Callable[[CallbackReceiver], Any]


def in_fastapi(receiver: CallbackReceiver) -> Any:
    """FastAPI."""
    app = FastAPI()
    app.mount(URLS.path, receiver.asgi)
    return app


def in_starlette(receiver: CallbackReceiver) -> Any:
    """Starlette, below a path of its own and behind middleware."""

    async def pass_on(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    return Starlette(
        routes=[Mount(URLS.path, receiver.asgi)], middleware=[Middleware(BaseHTTPMiddleware, dispatch=pass_on)]
    )


def in_flask(receiver: CallbackReceiver) -> Any:
    """Flask."""
    return DispatcherMiddleware(Flask(__name__).wsgi_app, {URLS.path: receiver.wsgi})


def in_django_wsgi(receiver: CallbackReceiver) -> Any:
    """Django's wsgi.py."""
    configured()
    return DispatcherMiddleware(wsgi.get_wsgi_application(), {URLS.path: receiver.wsgi})


def in_django_asgi(receiver: CallbackReceiver) -> Any:
    """Django's asgi.py."""
    configured()
    django_app = asgi.get_asgi_application()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        ours = scope["path"].startswith(f"{URLS.path}/")
        await (receiver.asgi if ours else django_app)(scope, receive, send)

    return application


def in_django_view(receiver: CallbackReceiver) -> Any:
    """A view of Django's, with its protection against forged forms in place."""

    def view(request: Any, **_path: str) -> Any:
        answer = receiver.handle(Request(request.method, request.path, tuple(request.headers.items()), request.body))
        return http.HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))

    configured(routes.path(f"{URLS.path[1:]}/<path:token>", csrf.csrf_exempt(view)))
    return wsgi.get_wsgi_application()


def configured(*patterns: Any) -> None:
    """Have Django serve these and nothing else."""
    urls = ModuleType("tests_django_urls")
    urls.__dict__["urlpatterns"] = list(patterns)
    if not conf.settings.configured:
        conf.settings.configure(
            ALLOWED_HOSTS=["*"], SECRET_KEY="for tests", MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"]
        )
        django.setup()
    conf.settings.ROOT_URLCONF = urls


MOUNTS: dict[str, tuple[Mounted, Any]] = {
    "FastAPI": (in_fastapi, over_asgi),
    "Starlette": (in_starlette, over_asgi),
    "Flask": (in_flask, over_wsgi),
    "Django, WSGI": (in_django_wsgi, over_wsgi),
    "Django, ASGI": (in_django_asgi, over_asgi),
    # Django gives an empty answer a Content-Type, which a validator of WSGI takes amiss and no server does.
    "Django, a view": (in_django_view, lambda app, request: ask_wsgi(app, request, "http://127.0.0.1")),
}


@pytest.mark.parametrize("framework", MOUNTS)
def test_a_framework_hands_callbacks_on(framework: str) -> None:
    """Results are taken and tied to their calls, junk and forgeries refused, and other paths left to the framework."""
    mounted, send = MOUNTS[framework]
    receiver = CallbackReceiver(URLS)
    app = mounted(receiver)

    assert send(app, callback("crm-1", ANSWERED)).status == 204
    assert send(app, callback("crm-2", BUSY)).status == 204
    assert send(app, callback("crm-3", b"{}")).status == 400
    assert send(app, callback("crm-3", method="GET", body=b"")).status == 405
    forged = send(app, callback(target=f"{URLS.path}/1{'a' * 50}"))
    assert (forged.status, b"was not given out" in forged.body) == (404, True)
    elsewhere = send(app, callback(target="/elsewhere"))
    assert (elsewhere.status, b"was not given out" in elsewhere.body) == (404, False)
    assert receiver.wait_for("crm-1", timeout_s=0) == Answered(uuid=UUID)
    assert receiver.wait_for("crm-2", timeout_s=0) == NotAnswered(result_code=500, error_id="busy")


def test_a_coroutine_can_wait_in_the_loop_that_takes_the_callback() -> None:
    """In an application a task waits for the result while the same loop serves the callback."""
    receiver = CallbackReceiver(URLS)
    app = in_fastapi(receiver)

    async def run() -> object:
        waiting = asyncio.create_task(receiver.wait_for_async("crm-4711", timeout_s=10))
        await asyncio.sleep(0)
        await asyncio.to_thread(over_asgi, app, callback())
        return await waiting

    assert asyncio.run(run()) == Answered(uuid=UUID)


@pytest.mark.parametrize(("mounted", "serve"), [(in_starlette, serving.asgi), (in_flask, serving.wsgi)])
def test_a_server_answers_while_the_handler_still_runs(mounted: Mounted, serve: Any) -> None:
    """Through a real server, and through middleware: the PBX has its answer, and the handler has not ended."""
    may_end = threading.Event()
    receiver = CallbackReceiver(URLS, lambda _call, _result: may_end.wait(10))
    with serving.listening() as listener, serve(mounted(receiver), listener):
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{callback().target}"
        fire = Callbacks().to()
        statuses = [fire.answered(url, uuid=UUID).status, fire.answered(url, uuid=UUID).status]
        still_runs = not receiver.settle(timeout_s=0)
        may_end.set()

    assert statuses == [204, 204]
    assert still_runs
    assert receiver.settle()
