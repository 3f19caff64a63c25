"""The fields that a stage may ask for: how they look in a form, and what the form gives."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.screens.base import number_in
from crm_app.cards.screens import custom_panel
from crm_app.cards.screens.custom_lines import typed_values
from crm_app.core.errors import BadInput
from crm_app.core.money import parse_money
from crm_app.deals.screens.client_choice import client_field
from crm_app.ui.button import button
from crm_app.ui.dialog import sheet
from crm_app.ui.field import moment_field, money_field, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import soft

PLAN_KINDS = ("call", "meeting", "document")


def asked_fields(asked: Any, state: Any, *, scope: str, client: rx.Component | None = None) -> rx.Component:
    """Those of the fields whose names are in `asked`. state: has `errors`; client: its field, else a bare one."""
    who = client or client_field(errors=state.errors, required=True, scope=scope)
    return rx.fragment(
        rx.cond(asked.contains("client_id"), who, rx.fragment()),
        rx.cond(asked.contains("amount"), amount_field(state, scope=scope, required=True), rx.fragment()),
        rx.cond(asked.contains("payment_method"), _text("payment_method", state, scope), rx.fragment()),
        rx.cond(asked.contains("delivery"), _text("delivery", state, scope), rx.fragment()),
        rx.cond(asked.contains("next_action"), plan_fields(state, scope=scope), rx.fragment()),
        rx.cond(asked.contains("items"), soft(t("deals.needs.items_here")), rx.fragment()),
        rx.cond(asked.contains("reason"), _text("reason", state, scope, t("deals.reason")), rx.fragment()),
    )


def amount_field(state: Any, *, scope: str, required: bool = False) -> rx.Component:
    """What the deal is worth."""
    return money_field("amount", t("field.deal.amount"), errors=state.errors, required=required, scope=scope)


def plan_fields(state: Any, *, scope: str) -> rx.Component:
    """What is to be done next, and when."""
    kinds = [{"id": kind, "label": t(f"deals.plan.{kind}"), "hint": ""} for kind in PLAN_KINDS]
    return rx.fragment(
        select_field("plan_kind", t("deals.plan.kind"), options=kinds, value="call", scope=scope),
        text_field("next_action", t("deals.plan.what"), errors=state.errors, required=True, scope=scope),
        moment_field("plan_at", t("deals.plan.at"), errors=state.errors, required=True, scope=scope),
    )


def needs_sheet(state: Any, *, note: rx.Component | None = None) -> rx.Component:
    """Where what a stage asks for is given before the deal enters it. note: what is said above.

    state: has `asks`, `asked`, `own`, `asked_stage`, `errors`, `form_key`, `needs_given` and `needs_closed`.
    """
    return sheet(
        "deal-needs",
        t("deals.needs.title", stage=state.asked_stage),
        form(
            *([note] if note is not None else []),
            asked_fields(state.asked, state, scope="needs-"),
            custom_panel.asked_fields(state.own, state.errors),
            form_buttons(
                button(t("ui.cancel"), on_click=state.needs_closed),
                button(t("deals.move"), kind="primary", type="submit"),
            ),
            on_submit=state.needs_given,
            key=state.form_key,
        ),
        open=state.asks,
        on_close=state.needs_closed,
    )


def _text(name: str, state: Any, scope: str, label: Any = None) -> rx.Component:
    words = t(f"field.deal.{name}") if label is None else label
    return text_field(name, words, errors=state.errors, required=True, scope=scope)


def entry_of(fields: dict[str, str], asked: list[str]) -> dict[str, Any]:
    """What a form says of the fields that were asked for; an empty one is left out, so that the rule names it."""
    told: dict[str, Any] = {}
    for name in ("payment_method", "delivery"):
        if name in asked and fields.get(name, "").strip():
            told[name] = fields[name]
    if "amount" in asked and fields.get("amount"):
        told["amount"] = minor_units(fields["amount"])
    if "client_id" in asked and (client_id := number_in(fields.get("client_id"))):
        told["client_id"] = client_id
    if "next_action" in asked and fields.get("next_action", "").strip():
        told["next_action"] = plan_of(fields)
    if own := {key: value for key, value in typed_values(fields).items() if f"fields.{key}" in asked and value}:
        told["fields"] = own
    return told


def values_of(fields: dict[str, str]) -> dict[str, Any]:
    """The values of a new deal."""
    told: dict[str, Any] = {"name": fields.get("name", ""), "fields": typed_values(fields)}
    told |= {name: fields[name] for name in ("payment_method", "delivery") if fields.get(name)}
    if fields.get("amount"):
        told["amount"] = minor_units(fields["amount"])
    if client_id := number_in(fields.get("client_id")):
        told["client_id"] = client_id
    return told


def plan_of(fields: dict[str, str]) -> dict[str, str]:
    """A planned action, as a form gives it. Raises BadInput where its time is missing."""
    if not fields.get("plan_at"):
        raise BadInput("deals.error.no_plan_time", field="plan_at")
    return {"kind": fields.get("plan_kind") or "call", "what": fields["next_action"], "at": fields["plan_at"]}


def minor_units(text: str) -> int:
    """Money as a form gives it, in minor units."""
    return parse_money(text).minor
