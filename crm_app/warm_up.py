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
        """Live through the application's own lifespan: it is ready when its startup is complete."""
        try:
            application = await asyncio.to_thread(self._load)
            told_to_start = False

            async def receive() -> Message:
                nonlocal told_to_start
                if not told_to_start:
                    told_to_start = True
                    return {"type": "lifespan.startup"}
                await ending.wait()
                return {"type": "lifespan.shutdown"}

            async def send(message: Message) -> None:
                if message["type"] == "lifespan.startup.complete":
                    ready.set_result(application)

            await application(scope, receive, send)
            if not ready.done():
                raise RuntimeError("the application did not start")
        except BaseException as problem:
            if not ready.done():
                ready.set_exception(problem)
            raise
