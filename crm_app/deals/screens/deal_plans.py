"""What is to be done next with a deal, and by when."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.deals.screens.asked_fields import plan_fields
from crm_app.deals.screens.deal_state import OneDeal
from crm_app.deals.screens.plans_state import DealPlans
from crm_app.ui.button import button, icon_button
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon, icon_of
from crm_app.ui.layout import line, panel, stack


def plans_panel() -> rx.Component:
    """What is planned, and a form for the next action."""
    add = form(
        plan_fields(DealPlans, scope="plan-"),
        form_buttons(button(t("deals.plan.add"), type="submit")),
        on_submit=DealPlans.plan_added,
        key=DealPlans.form_key,
    )
    planned = rx.foreach(DealPlans.plans, _plan)
    return panel("deals.plans", stack(planned, rx.cond(OneDeal.may_change, add, rx.fragment()), gap="l"))


def _plan(row: Any) -> rx.Component:
    sign = rx.match(row["kind"], ("call", "phone"), ("meeting", "users"), "file")
    doings = line(
        icon_button("check", t("deals.plan.done"), on_click=DealPlans.plan_done(row["id"])),
        icon_button("x", t("deals.plan.drop"), on_click=DealPlans.plan_dropped(row["id"])),
        gap="none",
    )
    return line(
        icon_of(sign, ["phone", "users", "file"]),
        stack(
            rx.el.span(row["what"], class_name="cut"),
            rx.el.span(
                fmt.moment(row["at"]),
                title=fmt.exact(row["at"]),
                class_name="small card-plan",
                custom_attrs={"data-late": row["is_late"]},
            ),
            gap="none",
            class_name="grow",
        ),
        rx.cond(row["is_done"], icon("check"), rx.cond(OneDeal.may_change, doings, rx.fragment())),
        custom_attrs={"data-plan": row["id"]},
    )
