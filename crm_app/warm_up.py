"""Answers with the built page while the application behind it is still being imported.

Importing Reflex, the database layer and all features takes a second or two; the page's files need none of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class WarmUp:
    """ASGI application that serves files at once and passes everything else on when `load` is through.

    load: makes the application; runs in a thread.
    pages: answers for the built files, and is not asked again once the application is there.
    """

    def __init__(self, load: Callable[[], ASGIApp], pages: ASGIApp, folder: Path) -> None:
        self._load = load
        self._pages = pages
        self._folder = folder.resolve()
        self._application: asyncio.Future[ASGIApp] | None = None
        self._failure: BaseException | None = None
        self._tell_failure: Callable[[], None] | None = None

    def when_failed(self, tell: Callable[[], None]) -> None:
        """Have a function called when the application could not be brought up."""
        self._tell_failure = tell

    def raise_failure(self) -> None:
        """Raise what kept the application from coming up, if anything did."""
        if self._failure is not None:
            raise self._failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        assert self._application is not None, "the server starts the lifespan before it takes requests"
        if not self._application.done() and self._is_page(scope):
            await self._pages(scope, receive, send)
            return
        # Shielded: a browser that goes away must not cancel the start for the others.
        application = await asyncio.shield(self._application)
        await application(scope, receive, send)

    def _is_page(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return False
        file = (self._folder / scope["path"].lstrip("/")).resolve()
        if not file.is_relative_to(self._folder):
            return False
        return file.is_file() or (file / "index.html").is_file()

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start at once, bring the application up meanwhile, and end it when the server ends."""
        await receive()
        self._application = asyncio.get_running_loop().create_future()
        ending = asyncio.Event()
        running = asyncio.create_task(self._run(scope, ending, self._application))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        ending.set()
        await running
        await send({"type": "lifespan.shutdown.complete"})

    async def _run(self, scope: Scope, ending: asyncio.Event, ready: asyncio.Future[ASGIApp]) -> None:
        """Live through the application's own lifespan; what goes wrong in it ends the server."""
        try:
            await _live_through(await asyncio.to_thread(self._load), scope, ending, ready)
        except Exception as failure:
            self._failure = failure
            if not ready.done():
                # Who waits for the application is let go with the connection.
                ready.cancel()
            if self._tell_failure is not None:
                self._tell_failure()


async def _live_through(
    application: ASGIApp, scope: Scope, ending: asyncio.Event, ready: asyncio.Future[ASGIApp]
) -> None:
    """Start an application, say so by `ready`, and end it at `ending`."""
    orders: asyncio.Queue[Message] = asyncio.Queue()
    orders.put_nowait({"type": "lifespan.startup"})

    async def send(message: Message) -> None:
        if message["type"] == "lifespan.startup.complete":
            ready.set_result(application)
            await ending.wait()
            orders.put_nowait({"type": "lifespan.shutdown"})
        elif message["type"].endswith(".failed"):
            raise RuntimeError(message.get("message") or message["type"])

    await application(scope, orders.get, send)
