"""/portal: a guest's tasks, for a phone first."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.portal.screens.frame import guest_page
from crm_app.portal.screens.portal_state import Portal
from crm_app.tasks.screens.lines import deadline_of, status_of
from crm_app.ui.button import button
from crm_app.ui.empty import empty
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, stack
from crm_app.ui.link import link


def portal_page() -> rx.Component:
    nothing = rx.cond(Portal.is_ready, empty("circle-check", t("portal.empty"), t("portal.empty_hint")), rx.fragment())
    return guest_page(
        t("portal.title"),
        Portal.guest_name,
        rx.cond(Portal.tasks.length() > 0, _list(Portal.tasks), nothing),
        rx.cond(Portal.more_after != "", button(t("portal.more"), on_click=Portal.more_wanted), rx.fragment()),
        rx.cond(Portal.shows_closed, _list(Portal.closed_tasks), rx.fragment()),
        button(
            rx.cond(Portal.shows_closed, t("portal.hide_closed"), t("portal.show_closed")),
            kind="plain",
            on_click=Portal.closed_shown,
            custom_attrs={"aria-expanded": Portal.shows_closed},
        ),
    )


def _list(rows: Any) -> rx.Component:
    return rx.el.ul(rx.foreach(rows, _task), class_name="stack gap-none list-none m-0 p-0")


def _task(row: Any) -> rx.Component:
    small = line(
        status_of(row["status"]),
        deadline_of(row["deadline"], row["is_overdue"]),
        faint(row["responsible"]),
        class_name="wrap",
    )
    inside = stack(rx.el.strong(row["title"]), small, gap="s", class_name="py-3")
    return rx.el.li(link(inside, href=row["href"], plain=True), custom_attrs={"data-row": row["id"]})
