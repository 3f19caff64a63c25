"""The sheet in which is said what a lead becomes: on its card and on its board."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.leads.screens.converting_state import NEW, OTHER, Converting
from crm_app.ui.button import button
from crm_app.ui.dialog import sheet
from crm_app.ui.field import choose_field, error_line, money_field, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import soft

_SCOPE = "convert-"


def convert_sheet() -> rx.Component:
    """Opened by `Converting.wanted`, and by the board when a lead is dropped among the qualified."""
    return sheet(
        "lead-convert",
        t("leads.convert.what"),
        form(
            soft(t("leads.convert.explained")),
            rx.foreach(Converting.hints, lambda hint: soft(hint)),
            _choice("contact", Converting.contacts),
            _other("contact", Converting.contact_searched),
            _new("contact", _text("contact_name", "contact")),
            _choice("client", Converting.clients),
            _other("client", Converting.client_searched, on_pick=Converting.client_found),
            _new("client", _text("client_name", "client"), _kind(), _text("inn", "inn")),
            _choice("deal", Converting.deals),
            _new("deal", _text("deal_name", "deal"), _pipeline(), _amount()),
            _responsible(),
            rx.cond(Converting.errors.contains("form"), error_line(Converting.errors["form"]), rx.fragment()),
            form_buttons(
                button(t("ui.cancel"), on_click=Converting.closed),
                button(t("leads.convert"), kind="primary", type="submit"),
            ),
            on_submit=Converting.confirmed,
            key=Converting.form_key,
        ),
        open=Converting.is_open,
        on_close=Converting.closed,
    )


def _choice(kind: str, options: Any) -> rx.Component:
    return select_field(
        kind,
        t(f"leads.convert.{kind}"),
        options=options,
        value=Converting.picks[kind],
        on_change=lambda pick: Converting.picked(kind, pick),
        scope=_SCOPE,
    )


def _other(kind: str, on_search: Any, **events: Any) -> rx.Component:
    """Any card that the person may see, found by typing."""
    find = choose_field(
        f"{kind}_other",
        t(f"leads.convert.find.{kind}"),
        options=Converting.found[kind],
        on_search=on_search,
        errors=Converting.errors,
        scope=_SCOPE,
        **events,
    )
    return rx.cond(Converting.picks[kind] == OTHER, find, rx.fragment())


def _responsible() -> rx.Component:
    """Of new cards."""
    field = select_field(
        "responsible_id",
        t("leads.convert.responsible"),
        options=Converting.employees,
        value=Converting.names["responsible"],
        errors=Converting.errors,
        scope=_SCOPE,
    )
    is_new = [Converting.picks[kind] == NEW for kind in ("contact", "client", "deal")]
    return rx.cond(is_new[0] | is_new[1] | is_new[2], field, rx.fragment())


def _new(kind: str, *fields: rx.Component) -> rx.Component:
    """What is asked of a new card."""
    return rx.cond(Converting.picks[kind] == NEW, rx.fragment(*fields), rx.fragment())


def _text(name: str, said: str) -> rx.Component:
    value = {} if name == said else {"value": Converting.names[said]}
    label = t(f"leads.convert.{name}")
    return text_field(name, label, errors=Converting.errors, scope=_SCOPE, auto_complete="off", **value)


def _kind() -> rx.Component:
    options = [{"id": kind, "label": t(f"leads.convert.{kind}"), "hint": ""} for kind in ("company", "person")]
    label = t("leads.convert.client_kind")
    return select_field("client_kind", label, options=options, value=Converting.names["kind"], scope=_SCOPE)


def _pipeline() -> rx.Component:
    label, value = t("leads.convert.pipeline"), Converting.names["pipeline"]
    return select_field("pipeline", label, options=Converting.pipelines, value=value, scope=_SCOPE)


def _amount() -> rx.Component:
    return money_field("amount", t("leads.convert.amount"), errors=Converting.errors, scope=_SCOPE)
