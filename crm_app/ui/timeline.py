"""What happened with a card, newest first; what is planned stands above it.

timeline(rx.foreach(Client.events, lambda row: timeline_row(row.icon, row.person, row.text, row.at, detail=row.change)))
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon_of
from crm_app.ui.layout import faint

ICONS = [
    "pencil",
    "plus",
    "message-square",
    "phone",
    "users",
    "mail",
    "check",
    "arrow-right",
    "file",
    "tag",
    "star",
    "bell",
    "trash-2",
    "upload",
    "user",
    "clock",
    "ban",
]


def event_icon(name: Any) -> rx.Component:
    """The sign of what happened, one of `ICONS`."""
    return rx.el.span(icon_of(name, ICONS), class_name="event-icon")


def timeline(*rows: Any) -> rx.Component:
    """The list; its rows come from `timeline_row` and `timeline_day`."""
    return rx.el.ol(*rows, class_name="timeline", custom_attrs={"aria-label": t("ui.timeline")})


def timeline_row(
    icon_name: Any, who: Any, what: Any, at: Any, *, detail: Any = None, actions: Any = ()
) -> rx.Component:
    """One event: what happened, who did it and when, with a detail under it."""
    return rx.el.li(
        event_icon(icon_name),
        rx.el.div(
            rx.el.div(
                rx.el.span(what),
                " ",
                faint(rx.cond(who == "", "", f"{who} · "), fmt.ago(at), title=fmt.exact(at)),
                *actions,
                class_name="event-line",
            ),
            rx.el.div(detail, class_name="soft") if detail is not None else rx.fragment(),
            class_name="grow",
        ),
        class_name="event",
    )


def change(old: Any, new: Any) -> rx.Component:
    """An old value and what it became."""
    return rx.el.span(rx.el.del_(old), " → ", rx.el.ins(new), class_name="change")
