"""/deals/approvals: what waits for the decision of whoever looks."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.deals.screens.approval_parts import asked_when, decision, said_so_far
from crm_app.deals.screens.approvals_state import WaitingApprovals
from crm_app.ui.button import link_button
from crm_app.ui.empty import empty
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import line, soft, stack
from crm_app.ui.link import link
from crm_app.ui.shell import page


def approvals_page() -> rx.Component:
    nothing = empty("stamp", t("deals.approvals.empty"), t("deals.approvals.empty_hint"))
    return page(
        t("deals.approvals.title"),
        rx.cond(
            WaitingApprovals.is_ready & (WaitingApprovals.requests.length() == 0),
            nothing,
            stack(rx.foreach(WaitingApprovals.requests, _request), gap="l"),
        ),
        actions=[if_may("deal.see", link_button(t("deals.title"), href="/deals", icon_name="kanban"))],
    )


def _request(row: Any) -> rx.Component:
    title = rx.el.strong(row["title"])
    money = rx.cond(row["has_amount"], rx.el.span(fmt.money(row["amount"], row["currency"]), class_name="figures"), "")
    return rx.el.section(
        stack(
            line(rx.cond(row["href"] != "", link(title, href=row["href"]), title), money, class_name="wrap between"),
            rx.cond(row["client"] != "", soft(row["client"]), rx.fragment()),
            rx.el.div(t("deals.approvals.move", here=row["here"], there=row["there"])),
            said_so_far(row),
            asked_when(row),
            decision(WaitingApprovals, row),
            gap="s",
        ),
        class_name="panel",
        key=row["id"].to_string() + "." + row["round"].to_string(),
        custom_attrs={"data-approval": row["id"], "aria-label": row["title"]},
    )
