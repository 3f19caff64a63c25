"""What `rx.App` is told about the look: style sheets, the head of the document, and what wraps every page.

    app = rx.App(**app_options(), api_transformer=[…])

Colours, shadows and radii are tokens in `assets/style/tokens.css`, light and dark; nothing else names one. The theme
follows the system until the person chooses, the choice is kept in the browser and is there before the first paint.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.app import default_error_boundary

from crm_app.ui.dictionaries import DEFAULT
from crm_app.ui.i18n import language_guard, t
from crm_app.ui.icon import icon
from crm_app.ui.render import render_fn

STYLESHEETS = [
    f"/style/{name}.css" for name in ("tokens", "base", "controls", "overlays", "frame", "parts", "table", "kanban")
]


def app_options() -> dict[str, Any]:
    """Arguments for `rx.App`. Reflex's own overlay, toaster and reset stay out: we have ours, and they weigh."""
    return {
        "stylesheets": STYLESHEETS,
        "reset_style": False,
        "html_lang": DEFAULT,
        "toaster": None,
        "app_wraps": {(55, "ErrorBoundary"): _boundary},
        "head_components": [
            language_guard(),
            rx.el.meta(name="theme-color", content="#f7f7f8", custom_attrs={"media": "(prefers-color-scheme: light)"}),
            rx.el.meta(name="theme-color", content="#111214", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
        ],
    }


def _boundary(stateful: bool) -> rx.Component:
    """What stands in for a page whose own code failed."""
    silent = {} if stateful else {"on_error": rx.noop()}
    return default_error_boundary(fallback_render=render_fn(lambda _: fault(), dict, "failure"), **silent)


def fault() -> rx.Component:
    """The whole page is broken: say so, and offer to load it again."""
    return rx.el.main(
        icon("unplug", 28),
        rx.el.h1(t("ui.fault.title")),
        rx.el.p(t("ui.fault.text"), class_name="soft"),
        rx.el.a(t("ui.fault.reload"), href="", class_name="button button-primary"),
        class_name="fault",
        custom_attrs={"role": "alert"},
    )
