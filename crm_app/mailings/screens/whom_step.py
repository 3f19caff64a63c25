"""Step 1: who gets it, and how many that comes down to."""

from __future__ import annotations

import reflex as rx

from crm_app.cards.queries.shelf import COUNTED
from crm_app.mailings.screens.audience_state import Audience
from crm_app.mailings.screens.lines import ticked_words
from crm_app.mailings.screens.mailing_state import OneMailing
from crm_app.ui.button import button
from crm_app.ui.filter_bar import filter_bar
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import figure, line, panel, soft, stack
from crm_app.ui.plain_table import small_select
from crm_app.ui.status import tag


def whom_step() -> rx.Component:
    return panel(
        "mailings.step.whom",
        soft(t("mailings.whom.hint")),
        rx.cond(OneMailing.mailing["may_change"], _choice(), soft(OneMailing.mailing["audience_words"])),
        audience_figures(),
    )


def _choice() -> rx.Component:
    ticked = OneMailing.mailing["ticked"]
    return stack(
        line(
            small_select(t("field.mailing.audience"), Audience.card, Audience.kinds, on_change=Audience.card_chosen),
            button(
                Audience.everybody,
                small=True,
                on_click=Audience.everybody_chosen,
                custom_attrs={"aria-pressed": OneMailing.mailing["goes_to_all"]},
            ),
            small_select(
                t("cards.shelf.choose"), Audience.at, Audience.saved, empty=t("cards.shelf.choose"),
                on_change=Audience.saved_chosen,
            ),
            class_name="wrap",
        ),
        filter_bar(
            Audience.fields,
            filter=Audience.filter,
            on_change=Audience.filter_changed,
            preview=Audience.preview,
            on_preview=Audience.previewed,
            most=COUNTED,
        ),
        rx.cond(
            ticked > 0,
            line(tag(ticked_words(Audience.card, ticked), on_remove=Audience.ticked_dropped)),
            rx.fragment(),
        ),
    )  # fmt: skip


def audience_figures() -> rx.Component:
    """How an audience comes down to letters."""
    figures = Audience.figures
    return line(
        figure(fmt.number(figures["to_send"]), t("mailings.figure.to_send")),
        figure(fmt.number(figures["chosen"]), t("mailings.figure.chosen")),
        figure(fmt.number(figures["without_address"]), t("mailings.figure.without_address")),
        figure(fmt.number(figures["duplicates"]), t("mailings.figure.duplicates")),
        figure(fmt.number(figures["suppressed"]), t("mailings.figure.suppressed")),
        gap="xl",
        class_name="wrap",
        custom_attrs={"role": "status"},
    )
