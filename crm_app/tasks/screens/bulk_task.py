"""In the bar for ticked rows: a task about each of them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.button import button
from crm_app.ui.dialog import popover
from crm_app.ui.field import moment_field, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import t


def bulk_task(state: Any, card: str) -> rx.Component:
    """What is asked, of whom, until when."""
    words, scope = t("tasks.bulk.title"), f"{card}-task-"
    asked = popover(
        words,
        form(
            rx.el.input(type="hidden", name="operation", value="task"),
            text_field("title", t("field.task.title"), required=True, scope=scope, help=t("tasks.bulk.hint")),
            select_field("responsible_id", t("field.task.responsible_id"), options=state.employees,
                         empty=t("tasks.bulk.me"), scope=scope),
            moment_field("deadline", t("field.task.deadline"), scope=scope),
            form_buttons(button(t("tasks.bulk.go"), kind="primary", type="submit")),
            on_submit=state.bulk_filled_in,
            saved=state.saves,
            reset_on_saved=True,
        ),
        label=words,
    )  # fmt: skip
    return if_may("task.create", asked)
