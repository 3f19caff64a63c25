"""A status is a word with a dot, never a colour alone; a tag is a word in a chip.

status(t("deals.kind.won"), "good")
status(t(row.status_key), row.tone)        # tone: "good", "warn", "bad", "info", "none"
tag(row.name) · tag(row.name, on_remove=Client.tag_removed(row.id)) · badge(State.count)
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.i18n import t


def status(word: Any, tone: Any = "none") -> rx.Component:
    """A word with a dot of its tone."""
    return rx.el.span(word, class_name="status", custom_attrs={"data-tone": tone})


def tag(word: Any, *, on_remove: Any = None, local: Any = False) -> rx.Component:
    """A word in a chip; a local one (only its author sees it) has a dashed edge."""
    cross = (
        rx.el.button(
            "×", type="button", class_name="tag-cross", on_click=on_remove, custom_attrs={"aria-label": t("ui.remove")}
        )
        if on_remove is not None
        else rx.fragment()
    )
    return rx.el.span(rx.el.span(word, class_name="cut"), cross, class_name="tag", custom_attrs={"data-local": local})


def badge(count: Any) -> rx.Component:
    """A small count."""
    return rx.el.span(count, class_name="badge")
