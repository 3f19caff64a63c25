"""Builds the web application: pages, HTTP routes, and what wraps them."""

from __future__ import annotations

from functools import partial

import reflex as rx
from starlette.applications import Starlette

from crm_app.api import health
from crm_app.core.headers import SecurityHeaders
from crm_app.core.settings import settings


def index() -> rx.Component:
    """The first page, until a feature brings its own."""
    return rx.el.main(rx.el.h1("Kartoteka"))


app = rx.App(
    api_transformer=[Starlette(routes=[*health.routes]), partial(SecurityHeaders, origins=settings().origins)],
    html_lang=settings().locale,
)
app.add_page(index, route="/", title="Kartoteka")
