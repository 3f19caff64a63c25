"""The panel "Tasks" on the cards of clients, contacts, deals and leads: the open ones, and a line to add one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.tasks.screens.card_panel_state import ClientTasks, ContactTasks, DealTasks, LeadTasks
from crm_app.tasks.screens.lines import deadline_of
from crm_app.ui.button import button, icon_button
from crm_app.ui.form import form
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import t
from crm_app.ui.layout import cut, faint, grow, line, panel, stack
from crm_app.ui.link import link
from crm_app.ui.panels import filled_by
from crm_app.ui.status import badge


def client_tasks_panel() -> rx.Component:
    """For `panels_of("client")`."""
    return _panel(ClientTasks)


def lead_tasks_panel() -> rx.Component:
    """For `panels_of("lead")`."""
    return _panel(LeadTasks)


def contact_tasks_panel() -> rx.Component:
    """For `panels_of("contact")`."""
    return _panel(ContactTasks)


def deal_tasks_panel() -> rx.Component:
    """For `panels_of("deal")`."""
    return _panel(DealTasks)


def _panel(state: Any) -> rx.Component:
    label = t("tasks.what")
    add = form(
        line(
            grow(
                rx.el.input(
                    name="title",
                    placeholder=label,
                    max_length=300,
                    class_name="input",
                    custom_attrs={"aria-label": label},
                )
            ),
            button(t("tasks.add"), type="submit"),
        ),
        on_submit=state.task_added,
        saved=state.saves,
        reset_on_saved=True,
    )
    shown = panel(
        "tasks.title",
        rx.foreach(state.tasks, lambda row: _task(state, row)),
        if_may("task.create", add),
        actions=[rx.cond(state.count > 0, badge(state.count), rx.fragment())],
    )
    return if_may("task.see", filled_by(state, shown))


def _task(state: Any, row: Any) -> rx.Component:
    small = line(deadline_of(row["deadline"], row["is_overdue"]), faint(row["responsible"]))
    return line(
        icon_button("circle", t("tasks.close"), on_click=state.ticked_off(row["id"])),
        stack(link(cut(row["title"]), href=row["href"]), small, gap="none", class_name="grow"),
        custom_attrs={"data-row": row["id"]},
    )
