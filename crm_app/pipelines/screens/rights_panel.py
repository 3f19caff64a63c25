"""In the editor of a pipeline: which fields a role sees, reads and writes while a deal stands in a stage."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.pipelines.field_rights import HIDDEN, READ
from crm_app.pipelines.screens.rights_state import WRITE, StageRights
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, heading, line, soft, stack
from crm_app.ui.plain_table import plain_table, small_select


def rights_panel() -> rx.Component:
    """A row for each field, a column for each role; for whoever sets rights."""
    choice = small_select(
        t("pipelines.rights.stage"), StageRights.stage, StageRights.stages, on_change=StageRights.stage_chosen
    )
    shown = rx.el.section(
        heading(t("pipelines.rights")),
        soft(t("pipelines.rights.what")),
        stack(
            rx.el.div(choice),
            plain_table(StageRights.heads, rx.foreach(StageRights.lines, _line), label=t("pipelines.rights")),
            gap="s",
        ),
        class_name="panel",
        custom_attrs={"aria-label": t("pipelines.rights"), "data-rights": "true"},
    )
    return rx.cond(StageRights.lines.length() > 0, shown, rx.fragment())


def _line(row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row["name"], custom_attrs={"scope": "row"}),
        rx.foreach(row["cells"], lambda cell: _cell(row, cell)),
        custom_attrs={"data-field": row["field"]},
    )


def _cell(row: Any, cell: Any) -> rx.Component:
    def chosen(level: Any) -> Any:
        return StageRights.level_chosen(cell["role"], row["field"], level)

    options = [(level, t(f"pipelines.rights.{level}")) for level in (WRITE, READ, HIDDEN)]
    also = rx.match(
        cell["also"],
        (READ, faint(t("pipelines.rights.also.read"))),
        (HIDDEN, faint(t("pipelines.rights.also.hidden"))),
        rx.fragment(),
    )
    return rx.el.td(
        line(small_select(cell["role_name"], cell["level"], options, on_change=chosen), also),
        custom_attrs={"data-role": cell["role"]},
    )
