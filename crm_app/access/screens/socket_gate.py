"""Pages are connected only while Redis is there, where an installation has one.

What each tab shows is kept in it, and whose tab is whose. Without it an event could only fail, so the sockets are
closed and no new one is let in: the pages say that the server does not answer, keep what is typed, and try again by
themselves. When Redis is back, or another one in its place, they connect, are filled anew, and send what was done.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable
from typing import Any

import reflex as rx
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crm_app.core import shared
from crm_app.core.settings import settings
from crm_app.ui.reflex_internals import is_for_sockets, leave_redis_alone

log = logging.getLogger("crm.screens")

LOOK_SECONDS = 1.0
CLOSE: Message = {"type": "websocket.close", "code": 1013}
"""Try again later."""

_open: set[Send] = set()


class SocketGate:
    """Lets no socket in while Redis is away, and knows those that are open.

    app: the whole application. sockets: its part that serves sockets, to which they are led at once: each layer for
    requests that they passed would stay with them, and there are a dozen (docs/decisions/0043-small-sockets.md).
    """

    def __init__(self, app: ASGIApp, sockets: ASGIApp) -> None:
        self._app, self._sockets = app, sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or not is_for_sockets(scope["path"]):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            answer = PlainTextResponse("Redis is away", 503) if shared.is_away() else self._app
            await answer(scope, receive, send)
        elif shared.is_away():
            await send(CLOSE)
        else:
            _open.add(send)
            try:
                await self._sockets(scope, receive, send)
            finally:
                _open.discard(send)


async def close_sockets() -> None:
    """End the line to every tab of this process; they connect anew."""
    for send in list(_open):
        with contextlib.suppress(OSError, RuntimeError):  # one that has just gone by itself
            await send(CLOSE)


async def connected_or_closed(connecting: Awaitable[Any]) -> Any:
    """What came of connecting a tab; where Redis went in the middle of it, all lines end as they do a moment later."""
    try:
        return await connecting
    except shared.failures() as problem:
        shared.failed(problem)
        await close_sockets()
        return False


async def watch_redis(app: rx.App) -> None:
    """Look after Redis for as long as the application runs: a lifespan task."""
    if not settings().redis_url:
        return
    known = await asyncio.to_thread(shared.look)
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        found = await asyncio.to_thread(shared.look)
        if shared.is_away():
            leave_redis_alone(app)
        if found != known:
            await close_sockets()
        known = found


def event_failed(exception: Exception) -> None:
    """An event failed outside of the handlers of ours, which tell the person by themselves."""
    if isinstance(exception, shared.failures()):
        shared.failed(exception)
    else:
        log.error("an event failed", exc_info=exception)
