"""The sheet in which a stage asks for what it wants before a lead enters it, on the board and on the card."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.custom_lines import typed_values
from crm_app.cards.screens.custom_panel import asked_fields
from crm_app.ui.button import button
from crm_app.ui.dialog import sheet
from crm_app.ui.field import text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t


def needs_sheet(state: Any) -> rx.Component:
    """Why a lead is disqualified, and the company's own fields.

    state: has `asks`, `asked`, `own`, `asked_stage`, `errors`, `form_key`, `needs_given` and `needs_closed`.
    """
    is_lost = state.asked.contains("reason")
    reason = text_field("reason", t("leads.reason"), errors=state.errors, required=True, scope="drop-")
    disqualify = button(t("leads.disqualify"), kind="danger", type="submit")
    return sheet(
        "lead-needs",
        rx.cond(is_lost, t("leads.disqualify"), t("deals.needs.title", stage=state.asked_stage)),
        form(
            rx.cond(is_lost, reason, rx.fragment()),
            asked_fields(state.own, state.errors),
            form_buttons(
                button(t("ui.cancel"), on_click=state.needs_closed),
                rx.cond(is_lost, disqualify, button(t("deals.move"), kind="primary", type="submit")),
            ),
            on_submit=state.needs_given,
            key=state.form_key,
        ),
        open=state.asks,
        on_close=state.needs_closed,
    )


def own_values(fields: dict[str, str], asked: list[str]) -> dict[str, Any]:
    """What the sheet says of the fields that it asked for; an empty one is left out, so that the rule names it."""
    return {key: value for key, value in typed_values(fields).items() if f"fields.{key}" in asked and value}
