"""The panel "Tasks" on a client's card: the open ones, and a line to add one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.tasks.screens.client_panel_state import ClientTasks
from crm_app.tasks.screens.lines import deadline_of
from crm_app.ui.button import button, icon_button
from crm_app.ui.form import form
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import t
from crm_app.ui.layout import cut, faint, grow, line, panel, stack
from crm_app.ui.link import link
from crm_app.ui.panels import when_shown
from crm_app.ui.status import badge


def client_tasks_panel() -> rx.Component:
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
        on_submit=ClientTasks.task_added,
        saved=ClientTasks.saves,
        reset_on_saved=True,
    )
    return if_may(
        "task.see",
        panel(
            "tasks.title",
            rx.foreach(ClientTasks.tasks, _task),
            if_may("task.create", add),
            actions=[rx.cond(ClientTasks.count > 0, badge(ClientTasks.count), rx.fragment())],
            **when_shown(ClientTasks.opened),
        ),
    )


def _task(row: Any) -> rx.Component:
    small = line(deadline_of(row["deadline"], row["is_overdue"]), faint(row["responsible"]))
    return line(
        icon_button("circle", t("tasks.close"), on_click=ClientTasks.ticked_off(row["id"])),
        stack(link(cut(row["title"]), href=row["href"]), small, gap="none", class_name="grow"),
        custom_attrs={"data-row": row["id"]},
    )
