"""/leads/pool: leads that no rule has given to anybody, to be taken."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.intake.screens.pool_state import Pool
from crm_app.ui.button import button, link_button
from crm_app.ui.empty import empty
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, panel
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.shell import page


def pool_page() -> rx.Component:
    fields = ("name", "interest", "source", "created_at", "touch_due_at")
    heads = [*(t(f"field.lead.{name}") for name in fields), ""]
    table = plain_table(heads, rx.foreach(Pool.lines, _line), label=t("intake.pool.title"))
    nothing = empty("hand", t("intake.pool.empty"), t("intake.pool.empty_hint"))
    return page(
        t("intake.pool.title"),
        rx.cond(Pool.is_ready & (Pool.lines.length() == 0), nothing, panel(None, table)),
        actions=[link_button(t("leads.title"), href="/leads", icon_name="funnel")],
    )


def _line(row: Any) -> rx.Component:
    take = button(t("intake.pool.take"), small=True, icon_name="hand", on_click=Pool.lead_taken(row["id"]))
    until = rx.cond(row["touch_due_at"] == "", "", fmt.moment(row["touch_due_at"]))
    came = faint(fmt.ago(row["created_at"]), title=fmt.exact(row["created_at"]))
    return plain_row(row["name"], row["interest"], row["source"], came, until, take, row_id=row["id"])
