"""Serves endpoints over HTTP: who asks, how often, what they send; the rest is the door's.

An ASGI application of its own rather than a framework's: the signatures are checked by the door already, and a thin
stack is most of a fast answer (docs/decisions/0030-rest-kit.md).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from weakref import WeakKeyDictionary

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crm_app.api import problems
from crm_app.api.endpoints import Answer, Endpoint
from crm_app.api.language import preferred
from crm_app.api.requests import Asked, Sent, read, receive
from crm_app.core.actor import Actor
from crm_app.core.door import check_permission, dry_run, perform
from crm_app.core.errors import NotFound
from crm_app.core.i18n import LOCALES
from crm_app.core.settings import settings
from crm_app.core.turns import READERS, in_turn

WRITERS, WAITERS = 8, 4
"""Threads: those who write wait for each other, those who wait for the worker hold up neither them nor the readers."""

Who = Callable[[Request], Actor]
"""Tells who asks. Called in a thread. Raises NeedsLogin or TooMany."""


Where = Callable[[Actor, Mapping[str, str]], Mapping[str, str]]
"""Tells what stands today for the parts of an address where nothing was found; {} where nothing does."""


class RestApp:
    """The endpoints of all features as one ASGI application, mounted under its root path."""

    def __init__(self, endpoints: Iterable[Endpoint], who: Who, where: Where = lambda _actor, _places: {}) -> None:
        self._who = who
        self._where = where
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="rest-read")
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="rest-write")
        self._waiters = ThreadPoolExecutor(WAITERS, thread_name_prefix="rest-wait")
        self._addresses: list[tuple[re.Pattern[str], dict[str, Endpoint]]] = []
        by_path: dict[str, dict[str, Endpoint]] = {}
        for endpoint in endpoints:
            by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
        for path, methods in sorted(by_path.items(), key=lambda pair: pair[0].count("{")):
            self._addresses.append((re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), methods))

    async def __call__(self, scope: Scope, receiving: Receive, send: Send) -> None:
        request = Request(scope, receiving)
        try:
            response = await self._answer(request, scope["path"].removeprefix(scope.get("root_path", "")))
        except ClientDisconnect:  # nobody is there to be answered
            return
        await response(scope, receiving, send)

    async def _answer(self, request: Request, path: str) -> Response:
        language = preferred(request.headers.get("accept-language", ""), LOCALES)
        try:
            methods, places = self._find(path)
            endpoint = methods.get("GET" if request.method == "HEAD" else request.method)
            if endpoint is None:
                return problems.wrong_method(", ".join(methods), language or settings().locale)
            threads = self._threads_for(endpoint)
            loop = asyncio.get_running_loop()
            if endpoint.takes_file:  # the megabytes of who must not send them are not even received
                check_permission(await loop.run_in_executor(threads, self._who, request), endpoint.run)
            sent = await receive(request, endpoint)
        except ClientDisconnect:
            raise
        except Exception as error:
            return problems.answer_to(error, language or settings().locale)
        asked = (request, endpoint, places, sent, language)
        if threads is self._readers:
            return await in_turn(self._serve, *asked, threads=threads)
        return await loop.run_in_executor(threads, self._serve, *asked)

    def _serve(
        self, request: Request, endpoint: Endpoint, places: dict[str, str], sent: Sent, language: str
    ) -> Response:
        locale = language or settings().locale
        try:
            actor = self._who(request)
            locale = language or actor.locale or locale
            answer = _pass_door(_speaking(actor, locale), endpoint, read(request, endpoint, places, sent))
        except NotFound as error:
            return self._elsewhere(request, endpoint, places) or problems.answer_to(error, locale)
        except Exception as error:  # the last one who can still answer
            return problems.answer_to(error, locale)
        headers = {"Idempotency-Replayed": "true"} if answer.is_repeated else None
        return Response(answer.body, answer.status, headers, answer.media_type if answer.body else None)

    def _elsewhere(self, request: Request, endpoint: Endpoint, places: dict[str, str]) -> Response | None:
        """The way to what stands today for a card that is gone, with the same method; None where nothing does."""
        now = self._where(self._who(request), places)
        if not now:
            return None
        path = endpoint.path.format(**{**places, **now})
        address = request.scope.get("root_path", "") + path + (f"?{request.url.query}" if request.url.query else "")
        return Response(status_code=308 if endpoint.writes else 301, headers={"Location": address})

    def _threads_for(self, endpoint: Endpoint) -> ThreadPoolExecutor:
        if endpoint.wait or endpoint.takes_file:
            return self._waiters
        return self._writers if endpoint.writes else self._readers

    def _find(self, path: str) -> tuple[dict[str, Endpoint], dict[str, str]]:
        for pattern, methods in self._addresses:
            if found := pattern.fullmatch(path):
                return methods, found.groupdict()
        raise NotFound("api.error.no_address")


_SPEAKING: WeakKeyDictionary[Actor, dict[str, Actor]] = WeakKeyDictionary()


def _speaking(actor: Actor, locale: str) -> Actor:
    """The actor in a language: the same one for each of their requests, since what an actor may see is remembered."""
    known = _SPEAKING.setdefault(actor, {})
    return known.setdefault(locale, replace(actor, locale=locale))


def _pass_door(actor: Actor, endpoint: Endpoint, asked: Asked) -> Answer:
    is_taken_back = asked.call.is_trial and not endpoint.tries_by_itself
    pass_door = dry_run if is_taken_back else perform
    answer = pass_door(actor, endpoint.run, call=asked.call, **asked.arguments)
    return endpoint.wait(actor, answer) if endpoint.wait and not is_taken_back else answer
