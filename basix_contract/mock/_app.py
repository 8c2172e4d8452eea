"""The mock PBX as an ASGI application: the method under its two paths, and the read-out."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import TypedDict, Unpack

from starlette.routing import Route, Router

from basix_contract.mock._admin import ReadOut
from basix_contract.mock._behaviour import Behaviour, World
from basix_contract.mock._callbacks import HttpSender, Sender
from basix_contract.mock._clock import Clock, RealClock
from basix_contract.mock._defects import Defect, find_defects, flawed_behaviour, flawed_settings
from basix_contract.mock._directory import Directory
from basix_contract.mock._exchange import Refusal
from basix_contract.mock._pbx import Pbx
from basix_contract.mock._records import CallRecord, read_calls
from basix_contract.mock._settings import Settings
from basix_contract.mock._state import Event, PbxState
from basix_contract.mock._wire import Receive, Scope, Send, Wire
from basix_contract.mock._words import shipped_words
from basix_contract.profile import Profile


class MockOptions(TypedDict, total=False):
    """What a mock can be given; every part may be left out.

    `defects` are ids or `Defect`s; `behaviour` overrides decisions on top of all else. Without `seed` one is drawn;
    the same seed gives the same uuids.
    `on_event` is called for everything that happens, in the thread of the mock. `sender` brings callbacks to
    their receivers, in place of HTTP.
    """

    settings: Settings
    defects: Sequence[Defect | str]
    behaviour: type[Behaviour]
    seed: int
    clock: Clock
    on_event: Callable[[Event], None]
    sender: Sender


class PbxApp:
    """A mock PBX that runs in the event loop of whoever serves it; `aclose` it afterwards.

    `source` is a directory, or a profile that describes one. Raises UsageError for an unknown defect.
    """

    def __init__(self, source: Profile | Directory, **options: Unpack[MockOptions]) -> None:
        defects = find_defects(options.get("defects", ()))
        self.defects = defects
        self.seed = options["seed"] if "seed" in options else secrets.randbits(32)
        world = _build_world(source, options, defects, self.seed)
        self._state = world.state
        self._clock = world.clock
        self._behaviour = _behaviour_of(options, defects)(world)
        self._pbx = Pbx(self._behaviour, options.get("sender") or HttpSender(world.settings))
        self._router = self._build_router(world)

    @property
    def directory(self) -> Directory:
        """Who can be rung."""
        return self._behaviour.directory

    @property
    def state(self) -> PbxState:
        """What the mock remembers; `state.changed` is notified at every event."""
        return self._state

    @property
    def calls(self) -> tuple[CallRecord, ...]:
        """A record of every call placed so far, the oldest first; may be read from any thread."""
        return read_calls(self._state)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._router(scope, receive, send)

    async def settle(self) -> None:
        """Return once every call placed so far has come to its end, with its callbacks."""
        await self._pbx.settle()

    async def aclose(self) -> None:
        """Break off whatever is under way; no task and no connection is left."""
        await self._pbx.stop()

    def _build_router(self, world: World) -> Router:
        words = world.words
        read_out = ReadOut(world, self._pbx, {"seed": self.seed, "defects": [defect.id for defect in self.defects]})
        method = _Endpoint(self._serve_method)
        return Router(
            routes=[
                Route(words.base_path + words.method_path, method),
                Route(words.method_path, method),
                read_out.routes(),
            ],
            redirect_slashes=False,
            default=self._serve_nothing,
        )

    async def _serve_method(self, scope: Scope, receive: Receive, send: Send) -> None:
        wire = Wire(scope, receive, send, self._clock)
        request = await wire.read(self._behaviour.max_body_bytes())
        if request is not None:
            await self._pbx.serve(request, wire.write)
            await wire.finish()

    async def _serve_nothing(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            wire = Wire(scope, receive, send, self._clock)
            await wire.read(0)
            await wire.write(self._behaviour.error_reply(Refusal("method_not_found", "no such method")))


class _Endpoint:
    """An ASGI application that Starlette cannot take for a function: every HTTP method reaches it."""

    def __init__(self, serve: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._serve = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._serve(scope, receive, send)


def _behaviour_of(options: MockOptions, defects: tuple[Defect, ...]) -> type[Behaviour]:
    flawed = flawed_behaviour(defects)
    own = options.get("behaviour", Behaviour)
    return flawed if own is Behaviour else type(own.__name__, (own, flawed), {})


def _build_world(source: Profile | Directory, options: MockOptions, defects: tuple[Defect, ...], seed: int) -> World:
    clock = options.get("clock") or RealClock()
    return World(
        directory=Directory.from_profile(source) if isinstance(source, Profile) else source,
        settings=flawed_settings(defects, options.get("settings", Settings())),
        state=PbxState(clock.now, options.get("on_event")),
        clock=clock,
        random=Random(seed),  # noqa: S311 - reproducible is what is wanted; nothing secret hangs on it
        words=shipped_words(),
    )
