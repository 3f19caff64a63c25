"""The dialog for a new deal: its name, its client and amount, and what its stage asks for."""

from __future__ import annotations

from functools import partial

import reflex as rx

from crm_app.cards.screens import custom_panel
from crm_app.deals.screens.asked_fields import amount_field, asked_fields
from crm_app.deals.screens.client_choice import client_field
from crm_app.deals.screens.new_deal_state import NewDeal
from crm_app.ui.button import button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t


def new_deal_dialog() -> rx.Component:
    """Opened by the buttons of the board, or by `?new=1` in its address, `&client=7` for a deal with that client."""
    wants = NewDeal.asked.contains
    name = text_field(
        "name",
        t("field.deal.name"),
        errors=NewDeal.errors,
        required=True,
        max_length=200,
        scope="new-",
        auto_complete="off",
    )
    chosen = {"value": NewDeal.client_id, "text": NewDeal.client_name}
    client = partial(client_field, errors=NewDeal.errors, scope="new-", **chosen)
    return dialog(
        "deal-new",
        t("deals.new"),
        form(
            name,
            rx.cond(wants("client_id"), rx.fragment(), client(required=False)),
            rx.cond(wants("amount"), rx.fragment(), amount_field(NewDeal, scope="new-")),
            asked_fields(NewDeal.asked, NewDeal, scope="new-", client=client(required=True)),
            custom_panel.asked_fields(NewDeal.own, NewDeal.errors),
            form_buttons(button(t("deals.add"), kind="primary", type="submit")),
            on_submit=NewDeal.added,
            key=NewDeal.form_key,
        ),
        open=NewDeal.is_open,
        on_close=NewDeal.closed,
    )
