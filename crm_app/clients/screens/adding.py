"""The dialog for a new client; whoever may be there already is shown while the name is typed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.clients import rules
from crm_app.clients.screens.list_state import Clients
from crm_app.ui.button import button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import check_field, error_line, radio_field, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, soft, stack, two
from crm_app.ui.link import link


def add_dialog() -> rx.Component:
    """Opened by the button or by `?new=1` in the address."""
    errors: dict[str, Any] = {"errors": Clients.errors}
    kinds = [{"id": kind, "label": t(f"clients.kind.{kind}"), "hint": ""} for kind in rules.KINDS]
    return dialog(
        "client-new",
        t("clients.new"),
        form(
            radio_field("kind", t("field.client.kind"), options=kinds, value="company"),
            text_field(
                "name",
                t("field.client.name"),
                required=True,
                auto_focus=True,
                auto_complete="off",
                on_change=Clients.name_typed.debounce(250),
                **errors,
            ),
            _alike(),
            two(
                text_field("phones", t("field.client.phones"), type="tel", **errors),
                text_field("emails", t("field.client.emails"), type="email", **errors),
            ),
            two(
                text_field("inn", t("field.client.inn"), **errors),
                text_field("city", t("field.client.city"), **errors),
            ),
            two(
                select_field("type", t("field.client.type"), options=Clients.types, empty="—", **errors),
                select_field("status", t("field.client.status"), options=Clients.statuses, empty="—", **errors),
            ),
            select_field(
                "responsible_id",
                t("field.client.responsible_id"),
                options=Clients.employees,
                value=Clients.me,
                **errors,
            ),
            form_buttons(button(t("clients.add"), kind="primary", type="submit")),
            on_submit=Clients.client_added,
            draft="client-new",
            saved=Clients.saves,
            reset_on_saved=True,
        ),
        open=Clients.adds,
        on_close=Clients.adding_closed,
    )


def _alike() -> rx.Component:
    def row(found: Any) -> rx.Component:
        return line(link(found["name"], href=found["href"]), faint(found["responsible"]))

    return rx.cond(
        Clients.alike.length() > 0,
        stack(
            rx.cond(Clients.errors.contains("form"), error_line(Clients.errors["form"]), rx.fragment()),
            soft(t("clients.alike")),
            rx.foreach(Clients.alike, row),
            check_field("force", t("clients.add_anyway")),
            gap="s",
            custom_attrs={"role": "status"},
        ),
        rx.fragment(),
    )
