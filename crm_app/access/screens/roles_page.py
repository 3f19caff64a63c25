"""/settings/roles: what each role may do."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.roles import SCOPES
from crm_app.access.screens.roles_state import Roles
from crm_app.ui.i18n import t
from crm_app.ui.layout import panel
from crm_app.ui.plain_table import plain_table, small_select
from crm_app.ui.shell import page


def roles_page() -> rx.Component:
    headings = rx.Var.create([t("access.roles.permission")]).to(list[str]) + Roles.names
    return page(
        t("access.roles.title"),
        panel(None, plain_table(headings, rx.foreach(Roles.lines, _line), label=t("access.roles.title"))),
    )


def _line(row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(t(row["key"]), custom_attrs={"scope": "row"}),
        rx.foreach(row["cells"], lambda cell: rx.el.td(_scope(row, cell))),
    )


def _scope(row: Any, cell: Any) -> rx.Component:
    return small_select(
        cell["role_name"],
        cell["scope"],
        [(scope, t(f"access.scope.{scope or 'none'}")) for scope in SCOPES],
        disabled=cell["is_fixed"],
        on_change=lambda scope: Roles.scope_chosen(cell["role_id"], row["permission"], scope),
    )
