"""/mailings/[mailing_id]: one page, five steps, all in sight at the left, each with its state."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.mailings.screens.check_step import check_step
from crm_app.mailings.screens.mailing_state import OneMailing
from crm_app.mailings.screens.result_step import result_step
from crm_app.mailings.screens.what_step import what_step
from crm_app.mailings.screens.when_step import when_step
from crm_app.mailings.screens.whom_step import whom_step
from crm_app.ui.button import button, icon_button
from crm_app.ui.connection import banner
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.progress import step_list, stepped
from crm_app.ui.shell import page


def mailing_page() -> rx.Component:
    mailing = OneMailing.mailing
    return page(
        mailing["name"],
        rx.cond(mailing["trouble"] == "", rx.fragment(), banner(mailing["trouble"], level="bad")),
        stepped(
            step_list(_steps(), current=OneMailing.step, on_choose=lambda index: OneMailing.step_chosen(index)),
            rx.match(
                OneMailing.step, (0, whom_step()), (1, what_step()), (2, when_step()), (3, check_step()), result_step()
            ),
        ),
        actions=[
            if_may("mailing.change", button(t("mailings.copy"), icon_name="copy", on_click=OneMailing.copied)),
            if_may("mailing.change", icon_button("trash-2", t("mailings.remove"), on_click=OneMailing.removed)),
        ],
    )


def _steps() -> list[tuple[Any, Any]]:
    mailing = OneMailing.mailing
    has_audience = (mailing["ticked"] > 0) | (mailing["audience_words"] != "") | (mailing["total"] > 0)
    when = rx.match(
        mailing["state"],
        ("scheduled", fmt.moment(mailing["start_at"])),
        ("draft", t("mailings.when.by_hand")),
        t("mailings.when.over"),
    )
    is_written = has_audience & (mailing["title_words"] != "")
    check = rx.cond(is_written, t("mailings.step.look"), t("mailings.step.open"))
    figures = rx.cond(
        mailing["total"] > 0,
        rx.fragment(fmt.number(mailing["sent"]), " / ", fmt.number(mailing["total"])),
        t("mailings.step.later"),
    )
    return [
        (t("mailings.step.whom"), rx.cond(has_audience, t("mailings.step.done"), t("mailings.step.open"))),
        (
            t("mailings.step.what"),
            rx.cond(mailing["title_words"] != "", mailing["title_words"], t("mailings.step.open")),
        ),
        (t("mailings.step.when"), when),
        (t("mailings.step.check"), rx.cond(mailing["total"] > 0, t("mailings.step.done"), check)),
        (t("mailings.step.result"), figures),
    ]
