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

from crm_app import features
from crm_app.api import health
from crm_app.core import live, policy
from crm_app.core.headers import SecurityHeaders
from crm_app.core.settings import settings
from crm_app.ui.catalogue import parts_page
from crm_app.ui.catalogue_state import Parts
from crm_app.ui.i18n import t
from crm_app.ui.shell import page
from crm_app.ui.theme import app_options


def http_routes() -> Iterator[BaseRoute]:
    """The plain HTTP routes: the kit's own, then `routes` of each feature's api.py."""
    yield from health.routes
    for feature in features.FEATURES:
        name = f"crm_app.{feature}.api"
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
    """Keep a worker process while the application is up, unless the person runs workers by themselves."""
    if settings().worker == "off":
        yield
        return
    from crm_app.worker_child import WorkerChild

    child = WorkerChild()
    yield
    await asyncio.to_thread(child.stop)


def index() -> rx.Component:
    """The first page, until a feature brings its own."""
    return page(t("ui.brand"))


features.load()
policy.check_complete()
app = rx.App(
    api_transformer=[Starlette(routes=list(http_routes())), partial(SecurityHeaders, origins=settings().origins)],
    **app_options(),
)
app.register_lifespan_task(live_topics)
app.register_lifespan_task(worker_beside)
app.add_page(index, route="/", title="Kartoteka")
app.add_page(parts_page, route="/settings/parts", on_load=Parts.opened)
