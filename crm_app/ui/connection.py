"""What is away right now, said above the page: the network, the server, the database, the worker. It heals by itself.

It stands in place of Reflex's own overlay (see `theme.app_options`).
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.i18n import t
from crm_app.ui.icon import icon


class Connection(rx.Component):
    """The JavaScript face."""

    library = rx.asset("connection.jsx", shared=True).importable_path
    tag = "Connection"

    labels: rx.Var[dict[str, str]]


def connection_banner() -> rx.Component:
    """Tells "no network" from "the server doesn't answer"; says when the line is back, and when the page is old."""
    words = ("network", "server", "back", "old", "reload")
    return Connection.create(labels={word: t(f"ui.connection.{word}") for word in words})


def troubles_banner(keys: Any) -> rx.Component:
    """A line for each text key in a list var."""
    return rx.foreach(keys, lambda key: banner(t(key), level="bad"))


def banner(text: Any, *, level: str = "warn", action: Any = None) -> rx.Component:
    """A line across the page: something that concerns all of it."""
    sign = {"warn": "triangle-alert", "bad": "circle-alert", "good": "circle-check", "info": "info"}[level]
    inside = [icon(sign), rx.el.span(text, class_name="grow")] + ([action] if action is not None else [])
    return rx.el.div(*inside, class_name="banner", custom_attrs={"data-level": level, "role": "status"})
