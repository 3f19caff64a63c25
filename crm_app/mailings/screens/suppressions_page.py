"""/mailings/suppressions: addresses that no mailing reaches."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.mailings.screens.suppressions_state import Suppressions
from crm_app.ui.button import button, icon_button, link_button
from crm_app.ui.empty import empty
from crm_app.ui.field import search_box, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, grow, line, panel, soft, stack
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.shell import page


def suppressions_page() -> rx.Component:
    return page(
        t("mailings.suppressions.title"),
        stack(
            panel(None, soft(t("mailings.suppressions.hint")), _adding()),
            rx.cond(
                Suppressions.rows.length() > 0,
                _list(),
                empty("circle-check", t("mailings.suppressions.empty"), t("mailings.suppressions.empty_hint")),
            ),
            gap="l",
        ),
        tools=[
            search_box(t("mailings.suppressions.search"), value=Suppressions.words, on_search=Suppressions.searched)
        ],
        actions=[link_button(t("mailings.title"), href="/mailings")],
    )


def _adding() -> rx.Component:
    address = text_field(
        "address", t("mailings.sender_address"), type="email", errors=Suppressions.errors, required=True
    )
    return form(
        line(
            grow(address),
            grow(text_field("note", t("mailings.suppressions.note"), max_length=500)),
            form_buttons(button(t("mailings.suppressions.add"), kind="primary", type="submit")),
            class_name="form-line",
        ),
        on_submit=Suppressions.added,
        saved=Suppressions.saves,
        reset_on_saved=True,
        custom_attrs={"aria-label": t("mailings.suppressions.add")},
    )


def _list() -> rx.Component:
    return panel(
        None,
        plain_table(
            [t("mailings.sender_address"), t("mailings.suppressions.why"), t("mailings.suppressions.since"), ""],
            rx.foreach(Suppressions.rows, _row),
            label=t("mailings.suppressions.title"),
        ),
        rx.cond(
            Suppressions.has_more,
            button(t("mailings.suppressions.older"), on_click=Suppressions.older_wanted),
            rx.fragment(),
        ),
    )


def _row(row: Any) -> rx.Component:
    reason = rx.match(
        row["reason"],
        ("unsubscribed", t("mailings.suppressions.unsubscribed")),
        ("bounced", t("mailings.suppressions.bounced")),
        t("mailings.suppressions.by_hand"),
    )
    release = icon_button("undo-2", t("mailings.suppressions.release"), on_click=Suppressions.released(row["address"]))
    why = line(reason, faint(row["note"]), faint(row["mailing"]), class_name="wrap")
    return plain_row(row["address"], why, fmt.near_day(row["at"]), release, row_id=row["address"])
