"""Who may see, add and move what goes through a pipeline: a row for each role, for whoever sets rights."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.roles import BUILT_IN
from crm_app.pipelines.screens.access_state import PipelineAccess
from crm_app.ui.i18n import t
from crm_app.ui.layout import heading, soft
from crm_app.ui.plain_table import plain_row, plain_table, small_select

SCOPES = ("as_all", "none", "own", "department", "all")


def access_panel() -> rx.Component:
    heads = [t("pipelines.access.role"), *(t(f"pipelines.access.{verb}") for verb in ("see", "create", "move"))]
    shown = rx.el.section(
        heading(t("pipelines.access")),
        soft(t("pipelines.access.what")),
        plain_table(heads, rx.foreach(PipelineAccess.roles, _role), label=t("pipelines.access")),
        class_name="panel",
    )
    return rx.cond(PipelineAccess.roles.length() > 0, shown, rx.fragment())


def _role(row: Any) -> rx.Component:
    known = [(key, t(f"access.role.{key}")) for key in BUILT_IN]
    name = rx.cond(row["name"] != "", row["name"], rx.match(row["key"], *known, row["key"]))
    return plain_row(name, *(_cell(row, verb) for verb in ("see", "create", "move")), row_id=row["key"])


def _cell(row: Any, verb: str) -> rx.Component:
    def chosen(scope: Any) -> Any:
        return PipelineAccess.scope_chosen(row["id"], verb, scope)

    options = [(scope, t(f"pipelines.access.{scope}")) for scope in SCOPES]
    return small_select(t(f"pipelines.access.{verb}"), row[verb], options, on_change=chosen)
