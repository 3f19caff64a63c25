"""/settings/roles: what each role may do."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.roles import SCOPES
from crm_app.access.screens.roles_state import Roles
from crm_app.ui.i18n import t
from crm_app.ui.layout import panel
from crm_app.ui.shell import page


def roles_page() -> rx.Component:
    head = rx.el.tr(
        rx.el.th(t("access.roles.permission"), custom_attrs={"scope": "col"}),
        rx.foreach(Roles.names, lambda name: rx.el.th(name, custom_attrs={"scope": "col"})),
    )
    body = rx.foreach(Roles.lines, _line)
    return page(
        t("access.roles.title"),
        panel(
            None,
            rx.el.div(
                rx.el.table(rx.el.thead(head), rx.el.tbody(body), class_name="plain-table"), class_name="scroll-x"
            ),
        ),
    )


def _line(row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(t(row["key"]), custom_attrs={"scope": "row"}),
        rx.foreach(row["cells"], lambda cell: rx.el.td(_scope(row, cell))),
    )


def _scope(row: Any, cell: Any) -> rx.Component:
    return rx.el.select(
        *[rx.el.option(t(f"access.scope.{scope or 'none'}"), value=scope) for scope in SCOPES],
        value=cell["scope"],
        disabled=cell["is_fixed"],
        on_change=lambda scope: Roles.scope_chosen(cell["role_id"], row["permission"], scope),
        class_name="input input-small",
        custom_attrs={"aria-label": cell["role_name"]},
    )
