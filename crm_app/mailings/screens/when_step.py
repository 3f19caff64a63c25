"""Step 3: at a time, or by hand."""

from __future__ import annotations

import reflex as rx

from crm_app.mailings.screens.mailing_state import OneMailing
from crm_app.ui.button import button
from crm_app.ui.field import moment_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import line, panel, soft


def when_step() -> rx.Component:
    mailing = OneMailing.mailing
    planned = line(
        t("mailings.when.planned"),
        rx.el.strong(fmt.moment(mailing["start_at"])),
        button(t("mailings.when.take_back"), on_click=OneMailing.plan_taken_back),
        class_name="wrap",
    )
    choice = form(
        moment_field("start_at", t("mailings.when.start_at"), errors=OneMailing.errors),
        form_buttons(button(t("mailings.when.plan"), type="submit")),
        on_submit=OneMailing.planned,
    )
    return panel(
        "mailings.step.when",
        soft(t("mailings.when.hint")),
        rx.match(
            mailing["state"],
            ("scheduled", planned),
            ("draft", choice),
            soft(t("mailings.when.over")),
        ),
        class_name="narrow",
    )
