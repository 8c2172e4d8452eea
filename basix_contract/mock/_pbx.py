"""The PBX without its HTTP side: a request goes in, a reply comes out, and the call takes its course."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias

from basix_contract.errors import BasixContractError
from basix_contract.messages import Request, Response
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call
from basix_contract.mock._callbacks import Sender
from basix_contract.mock._exchange import Delivery, Refusal, Reply
from basix_contract.mock._hunt import plan_hunt, play_hunt

SendReply: TypeAlias = Callable[[Reply], Awaitable[None]]


class Pbx:
    """Judges requests by a behaviour, and plays the calls it places until their last callback."""

    def __init__(self, behaviour: Behaviour, sender: Sender) -> None:
        self._behaviour = behaviour
        self._state = behaviour.state
        self._clock = behaviour.clock
        self._sender = sender
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, request: Request, send_reply: SendReply) -> None:
        """Answer a request: `send_reply` is called once, whatever goes wrong inside.

        The terminals of a call ring from the moment it is placed; its callbacks wait for the reply to leave.
        """
        self._state.log("request", method=request.method, target=request.target, body_bytes=len(request.body))
        outcome = await self._outcome(request)
        call = outcome if isinstance(outcome, Call) else None
        try:
            reply = await self._reply(outcome, request)
            await send_reply(reply)
            self._state.log("reply", call, status=reply.status, body=_text(reply.body), ending=reply.ending)
        finally:
            if call is not None:
                call.replied.set()

    async def settle(self) -> None:
        """Return once every call placed so far has come to its end, with its callbacks."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def reset(self) -> None:
        """Break off every call and forget it."""
        await self._break_off()
        self._state.clear()

    async def stop(self) -> None:
        """Break off whatever is under way; no task and no connection is left."""
        await self._break_off()
        await self._sender.aclose()

    async def _break_off(self) -> None:
        for task in set(self._tasks):
            task.cancel()
        await self.settle()

    async def _outcome(self, request: Request) -> Call | Refusal:
        try:
            await self._behaviour.hold_request(request)
            judged = self._behaviour.judge(request)
            if isinstance(judged, Refusal):
                self._tell_refusal(judged, request)
                return judged
            call = self._behaviour.place(judged)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong inside, there is an answer
            return self._crash(error)
        self._begin(call)
        return call

    def _tell_refusal(self, refusal: Refusal, request: Request) -> None:
        url = self._behaviour.refused_url(request)
        for delivery in self._behaviour.refusal_callbacks(refusal, url) if url else ():
            self._start(self._deliver(None, delivery), None)

    def _begin(self, call: Call) -> None:
        self._state.add(call)
        user, destination = call.request.user, call.request.destination
        self._state.log("call", call, user=user.name or user.id, destination=destination.value, uuids=call.uuids)
        self._start(self._hunt(call), call)

    async def _reply(self, outcome: Call | Refusal, request: Request) -> Reply:
        rules = self._behaviour
        call = outcome if isinstance(outcome, Call) else None
        try:
            await rules.hold_reply(call)
            if isinstance(outcome, Refusal):
                return rules.shape_reply(rules.error_reply(outcome), request, None)
            return rules.shape_reply(rules.success_reply(outcome), request, outcome)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong inside, there is an answer
            return rules.error_reply(self._crash(error, call))

    async def _hunt(self, call: Call) -> None:
        rules = self._behaviour
        hunt = plan_hunt(rules.terminal_plans(call), rules.ring_limit_s(call))
        await play_hunt(hunt, call, self._clock, self._state)
        result = call.result = rules.result_of(call, hunt.answered, hunt.ends)
        call.channels = 1 if result.is_answered else 0
        self._state.log("result", call, uuid=result.uuid, error_id=result.error_id)
        call.ended.set()
        if result.is_answered:
            self._start(self._connect(call), call)
        await rules.hold_callback(call, result)
        deliveries = rules.callbacks_for(call, result)
        await asyncio.gather(*(self._deliver(call, delivery) for delivery in deliveries))
        call.reported.set()

    async def _connect(self, call: Call) -> None:
        """Play the second leg; nothing waits for it."""
        await self._clock.sleep(self._behaviour.second_leg_s(call))
        call.second_leg = self._behaviour.second_leg_outcome(call)
        self._state.log("destination", call, outcome=call.second_leg)
        call.connected.set()
        if call.second_leg == "answers":
            await self._clock.sleep(self._behaviour.talk_s(call))
        call.channels = 0
        self._state.log("hangup", call)

    async def _deliver(self, call: Call | None, delivery: Delivery) -> None:
        attempt = 0
        following: Delivery | None = delivery
        while following is not None:
            attempt, current = attempt + 1, following
            await self._clock.sleep(current.after_s)
            answer = await self._send(call, current, attempt)
            following = self._behaviour.next_attempt(current, attempt, answer)

    async def _send(self, call: Call | None, delivery: Delivery, attempt: int) -> Response | None:
        answer, error = None, None
        try:
            answer = await self._sender.send(delivery)
        except BasixContractError as reason:
            error = str(reason)
        self._state.log(
            "callback",
            call,
            method=delivery.method,
            url=delivery.url,
            body=_text(delivery.body),
            attempt=attempt,
            status=answer.status if answer else None,
            error=error,
        )
        return answer

    def _start(self, work: Coroutine[Any, Any, None], call: Call | None) -> None:
        task = asyncio.get_running_loop().create_task(self._guard(work, call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _done: work.close())  # cancelled before its first step, it was never begun

    async def _guard(self, work: Coroutine[Any, Any, None], call: Call | None) -> None:
        """Keep one call's accident from ending another's, and its channels from staying taken."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - any accident
            self._crash(error, call)
            if call is not None:
                call.channels = 0

    def _crash(self, error: Exception, call: Call | None = None) -> Refusal:
        self._state.log("crash", call, error=repr(error), traceback="".join(traceback.format_exception(error)))
        return self._behaviour.refuse_crash(error)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
