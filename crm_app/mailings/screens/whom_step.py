"""Step 1: who gets it, and how many that comes down to."""

from __future__ import annotations

import reflex as rx

from crm_app.mailings.screens.audience_state import Audience
from crm_app.mailings.screens.mailing_state import OneMailing
from crm_app.ui.button import button
from crm_app.ui.filter_bar import FilterField, filter_bar
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import figure, line, panel, soft, stack
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
            filter_bar(
                [
                    FilterField("status", t("field.client.status"), "choice", options=Audience.statuses),
                    FilterField("type", t("field.client.type"), "choice", options=Audience.types),
                    FilterField("responsible_id", t("cards.field.responsible"), "choice", options=Audience.employees),
                    FilterField("tags", t("cards.field.tags"), "choice", options=Audience.tags),
                    FilterField("star", t("cards.field.star"), "flag"),
                    FilterField("city", t("field.client.city"), "text"),
                ],
                filter=Audience.filter,
                on_change=Audience.filter_changed,
            ),
            button(
                t("mailings.whom.everybody"),
                small=True,
                on_click=Audience.everybody_chosen,
                custom_attrs={"aria-pressed": OneMailing.mailing["goes_to_all"]},
            ),
            class_name="wrap",
        ),
        rx.cond(
            ticked > 0,
            tag(t("mailings.for_ticked", n=ticked), on_remove=Audience.ticked_dropped),
            rx.fragment(),
        ),
    )


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
