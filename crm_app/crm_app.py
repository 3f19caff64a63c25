"""Builds the web application: pages, HTTP routes, what wraps them, and what runs beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import reflex as rx
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from crm_app import features
from crm_app.access.screens.base import Page, opens_a_page
from crm_app.access.screens.frame_state import Frame
from crm_app.access.screens.guard import Guard, bind_sockets
from crm_app.access.screens.health import watch_health
from crm_app.access.screens.socket_gate import SocketGate, event_failed, watch_redis
from crm_app.api import health
from crm_app.cards.screens.bell_state import Bell
from crm_app.core import live, policy
from crm_app.core.headers import SecurityHeaders
from crm_app.core.kept_process import KeptProcess, end_all, is_child
from crm_app.core.settings import settings
from crm_app.rest_front import Rest, RestFirst, rest_routes
from crm_app.ui.frame import FrameSource, use_frame
from crm_app.ui.live import watchers
from crm_app.ui.reflex_internals import lighten_states, socket_part
from crm_app.ui.theme import app_options


def http_routes() -> Iterator[BaseRoute]:
    """The plain HTTP routes: the kit's own, the REST API, then `routes` of each feature's routes.py."""
    yield from health.routes
    yield from rest_routes()
    for feature in features.FEATURES:
        name = f"crm_app.{feature}.routes"
        if find_spec(name) is not None:
            yield from import_module(name).routes


@asynccontextmanager
async def live_topics() -> AsyncIterator[None]:
    """Hear, while the application is up, what other processes have changed."""
    pump = live.Pump()
    pump.start()
    yield
    await asyncio.to_thread(pump.stop)


@asynccontextmanager
async def worker_beside() -> AsyncIterator[None]:
    """Keep a worker process while the application is up, unless the person runs workers, or a parent keeps one."""
    if settings().worker == "off" or is_child():
        yield
        return
    child = KeptProcess("worker")
    yield
    await asyncio.to_thread(end_all, [child])


@asynccontextmanager
async def watched_health() -> AsyncIterator[None]:
    """Look after the database and the worker while the application is up."""
    task = asyncio.create_task(watch_health())
    yield
    task.cancel()


@asynccontextmanager
async def watched_redis() -> AsyncIterator[None]:
    """Look after Redis while the application is up."""
    task = asyncio.create_task(watch_redis(app))
    yield
    task.cancel()


@asynccontextmanager
async def live_screens() -> AsyncIterator[None]:
    """Tell open tabs what has changed while the application is up."""
    task = asyncio.create_task(watchers.serve(app))
    yield
    task.cancel()


def pages() -> Iterator[Page]:
    """The pages of all features, in the order of the menu."""
    for feature in features.MENU:
        if find_spec(f"crm_app.{feature}.screens") is not None:
            yield from getattr(import_module(f"crm_app.{feature}.screens"), "PAGES", ())


def add_pages() -> None:
    """Add every page; behind the frame, its states are filled first."""
    found = list(pages())  # all of them first: the frame shows the menu that they make
    for page in found:
        opened = page.opened if isinstance(page.opened, list) else [page.opened] if page.opened else []
        for event in opened:
            opens_a_page(event)
        if not page.is_public:
            opened = [Frame.opened, Bell.opened, *opened]
        app.add_page(page.component, route=page.route, title="Kartoteka", on_load=opened)


class Application(rx.App):
    """Reflex's application, with ways of their own for sockets and for programs."""

    def __call__(self) -> ASGIApp:
        """The whole of it, as a server calls it."""
        rest = SecurityHeaders(Rest(), settings().origins)
        return SocketGate(RestFirst(super().__call__(), rest), socket_part(self))


lighten_states()
features.load()
policy.check_complete()
use_frame(
    FrameSource(
        person=Frame.person_name,
        permissions=Frame.permissions,
        notices=Frame.notices,
        on_notice_act=Frame.notice_answered,
        is_missing=Frame.is_missing,
        troubles=Frame.troubles,
        unread=Bell.unread,
        notifications=Bell.notifications,
        on_bell=Bell.bell_opened,
        on_all_read=Bell.all_read,
        found=Bell.found,
        on_search=Bell.searched,
        on_language=Frame.language_chosen,
        sessions_href="/settings",
    )
)
app = Application(
    api_transformer=[Starlette(routes=list(http_routes())), partial(SecurityHeaders, origins=settings().origins)],
    backend_exception_handler=event_failed,
    **app_options(),
)
app.register_lifespan_task(live_topics)
app.register_lifespan_task(live_screens)
app.register_lifespan_task(watched_health)
app.register_lifespan_task(watched_redis)
app.register_lifespan_task(worker_beside)
app.add_middleware(Guard())
add_pages()
if app.event_namespace is not None:
    bind_sockets(app)
