"""What `rx.App` is told about the look: style sheets, the head of the document, and what wraps every page.

    app = rx.App(**app_options(), api_transformer=[…])

Colours, shadows and radii are tokens in `assets/style/tokens.css`, light and dark; nothing else names one. The theme follows
the system until the person chooses, the choice is kept in the browser and is there before the first paint.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.app import default_error_boundary

from crm_app.ui.dictionaries import DEFAULT
from crm_app.ui.i18n import language_guard

STYLESHEETS = [f"/style/{name}.css" for name in ("tokens", "base", "controls", "overlays", "frame", "parts", "table", "kanban")]


def app_options() -> dict[str, Any]:
    """Arguments for `rx.App`. Reflex's own overlay, toaster and reset stay out: we have ours, and they weigh."""
    return {
        "stylesheets": STYLESHEETS,
        "reset_style": False,
        "html_lang": DEFAULT,
        "toaster": None,
        "app_wraps": {(55, "ErrorBoundary"): lambda stateful: default_error_boundary(**({} if stateful else {"on_error": rx.noop()}))},
        "head_components": [
            language_guard(),
            rx.el.meta(name="theme-color", content="#f7f7f8", custom_attrs={"media": "(prefers-color-scheme: light)"}),
            rx.el.meta(name="theme-color", content="#111214", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
        ],
    }
