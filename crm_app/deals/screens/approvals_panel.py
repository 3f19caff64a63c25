"""On a deal's page: for whose approval it waits, and what the reader can do about it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.deals.screens.approval_parts import asked_when, decision, said_so_far
from crm_app.deals.screens.approvals_state import DealApprovals
from crm_app.deals.screens.deal_state import OneDeal
from crm_app.ui.button import button
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import t
from crm_app.ui.icon import icon
from crm_app.ui.layout import line, stack


def approvals_panel() -> rx.Component:
    """Each request that is under way."""
    return rx.cond(
        DealApprovals.requests.length() > 0,
        stack(rx.foreach(DealApprovals.requests, _request), class_name="mb-4"),
        rx.fragment(),
    )


def _request(row: Any) -> rx.Component:
    waits = rx.cond(
        row["is_open"],
        t("deals.approvals.waits", stage=row["there"], whom=row["whom"]),
        t("deals.approvals.granted", stage=row["there"]),
    )
    withdraw = button(t("deals.approvals.withdraw"), small=True, on_click=DealApprovals.withdrawn(row["id"]))
    past = button(t("deals.approvals.past"), small=True, on_click=OneDeal.override_wanted(row["there_id"]))
    return rx.el.section(
        stack(
            line(icon("hourglass"), rx.el.strong(waits)),
            said_so_far(row),
            asked_when(row),
            rx.cond(row["may_decide"], decision(DealApprovals, row), rx.fragment()),
            line(
                rx.cond(row["may_withdraw"], withdraw, rx.fragment()),
                if_may("deal.override", rx.cond(OneDeal.may_change, past, rx.fragment())),
                class_name="wrap",
            ),
            gap="s",
        ),
        class_name="panel",
        key=row["id"].to_string() + "." + row["round"].to_string(),
        custom_attrs={"data-approval": row["id"], "aria-label": t("deals.approvals.title")},
    )
