"""/mailings/new: a name, and on to the recipients."""

from __future__ import annotations

import reflex as rx

from crm_app.mailings.rules import CARDS
from crm_app.mailings.screens.lines import ticked_words
from crm_app.mailings.screens.list_state import Mailings
from crm_app.ui.button import button
from crm_app.ui.field import text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import panel, soft
from crm_app.ui.shell import page


def new_mailing_page() -> rx.Component:
    return page(
        t("mailings.new"),
        panel(
            None,
            rx.cond(Mailings.is_for_matching, soft(_matching()), rx.fragment()),
            rx.cond(Mailings.ticked > 0, soft(ticked_words(Mailings.card, Mailings.ticked)), rx.fragment()),
            form(
                text_field(
                    "name", t("field.mailing.name"), errors=Mailings.errors, required=True, max_length=200,
                    placeholder=t("mailings.name_hint"), auto_complete="off",
                ),
                form_buttons(button(t("mailings.create"), kind="primary", type="submit")),
                on_submit=Mailings.created,
            ),
            class_name="narrow",
        ),
    )  # fmt: skip


def _matching() -> rx.Var[str]:
    """How many cards of a kind match the list that was come from."""
    told = [(card, t(f"mailings.for_matching.{card}", n=Mailings.matching)) for card in CARDS]
    return rx.match(Mailings.card, *told, "")
