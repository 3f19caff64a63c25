"""The open web sockets of this process, closed before the server ends.

They have to be: what a socket waits for comes from the server, so that a task which outlives the server never ends.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

RESTARTS = 1012
"""The code of RFC 6455's registry for a server that restarts: a page tries again."""


class OpenSockets:
    """ASGI application around another, to which it can say that every socket is gone."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._talks: set[asyncio.Task[None]] = set()
        self._ending = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        talk = asyncio.current_task()
        if scope["type"] != "websocket" or talk is None:
            await self._application(scope, receive, send)
            return
        ending = asyncio.ensure_future(self._ending.wait())

        async def receive_or_end() -> Message:
            heard = asyncio.ensure_future(receive())
            try:
                await asyncio.wait((heard, ending), return_when=asyncio.FIRST_COMPLETED)
                if heard.done():
                    return heard.result()
            finally:
                heard.cancel()
            return {"type": "websocket.disconnect", "code": RESTARTS}

        self._talks.add(talk)
        try:
            await self._application(scope, receive_or_end, send)
        finally:
            self._talks.discard(talk)
            ending.cancel()

    async def close_all(self, patience_seconds: float) -> None:
        """End every socket, and give them so long for it."""
        self._ending.set()
        if self._talks:
            await asyncio.wait(set(self._talks), timeout=patience_seconds)
