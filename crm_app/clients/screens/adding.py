"""The dialog for a new client; whoever may be there already is shown while it is typed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.card_list_parts import alike_hint
from crm_app.cards.screens.custom_panel import asked_fields
from crm_app.clients import rules
from crm_app.clients.one_line import LONGEST
from crm_app.clients.screens.adding_state import AddingClient
from crm_app.clients.screens.list_state import Clients
from crm_app.ui.button import button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import radio_field, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, stack, two


def add_dialog() -> rx.Component:
    """Opened by the button or by `?new=1` in the address."""
    return dialog(
        "client-new",
        t("clients.new"),
        _in_one_line(),
        rx.cond(AddingClient.taken.length() > 0, rx.fragment(), _by_fields()),
        open=AddingClient.adds,
        on_close=AddingClient.dialog_closed,
    )


def _by_fields() -> rx.Component:
    """A client field by field; while a line is taken apart, that alone is shown."""
    errors: dict[str, Any] = {"errors": AddingClient.errors}
    kinds = [{"id": kind, "label": t(f"clients.kind.{kind}"), "hint": ""} for kind in rules.KINDS]
    return form(
        radio_field("kind", t("field.client.kind"), options=kinds, value="company"),
        _text("name", required=True),
        two(_text("phones", type="tel"), _text("emails", type="email")),
        two(_text("inn"), text_field("city", t("field.client.city"), **errors)),
        alike_hint(AddingClient, t("clients.alike"), t("clients.add_anyway")),
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
        asked_fields(AddingClient.asked, AddingClient.errors),
        form_buttons(button(t("clients.add"), kind="primary", type="submit")),
        on_submit=AddingClient.client_added,
        draft="client-new",
        saved=AddingClient.saves,
        reset_on_saved=True,
    )


def _text(name: str, **props: Any) -> rx.Component:
    """A line by which a client who is there already is found."""
    return text_field(
        name,
        t(f"field.client.{name}"),
        auto_complete="off",
        on_change=lambda text: AddingClient.typed(name, text).debounce(250),
        errors=AddingClient.errors,
        **props,
    )


def _in_one_line() -> rx.Component:
    """A client written in one line; what it comes to is shown before it is saved."""

    def taken(found: Any) -> rx.Component:
        return line(faint(found["label"], class_name="taken-label"), rx.el.span(found["value"], class_name="cut"))

    return form(
        text_field(
            "line",
            t("clients.one_line"),
            placeholder=t("clients.one_line_example"),
            auto_focus=True,
            auto_complete="off",
            max_length=LONGEST,
            on_change=AddingClient.line_typed.debounce(250),
            errors=AddingClient.errors,
        ),
        rx.cond(
            AddingClient.taken.length() > 0,
            stack(
                rx.el.div(
                    rx.foreach(AddingClient.taken, taken), class_name="stack gap-s", custom_attrs={"role": "status"}
                ),
                alike_hint(AddingClient, t("clients.alike"), t("clients.add_anyway")),
                form_buttons(button(t("clients.add_line"), kind="primary", type="submit")),
            ),
            rx.fragment(),
        ),
        on_submit=AddingClient.line_added,
        saved=AddingClient.saves,
        reset_on_saved=True,
    )
