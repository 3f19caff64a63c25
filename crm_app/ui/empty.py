"""A page with nothing on it does something.

empty("users", t("clients.empty.title"), t("clients.empty.text"), button(t("import.start"), kind="primary", …))
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.icon import icon


def empty(icon_name: str, title: Any, text: Any, *actions: Any) -> rx.Component:
    """Why there is nothing, and what to do about it."""
    return rx.el.div(
        icon(icon_name, 28),
        rx.el.h2(title),
        rx.el.p(text, class_name="soft"),
        rx.el.div(*actions, class_name="line gap-m wrap") if actions else rx.fragment(),
        class_name="empty",
    )
