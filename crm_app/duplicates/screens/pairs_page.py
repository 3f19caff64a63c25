"""/duplicates: pairs of cards that may be one, to be merged or told apart."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.duplicates.screens.pairs_state import Pairs
from crm_app.ui.button import button, link_button
from crm_app.ui.empty import empty
from crm_app.ui.i18n import t
from crm_app.ui.layout import cut, faint, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.plain_table import plain_row, plain_table, small_select
from crm_app.ui.shell import page

_KINDS = [("client", t("clients.title")), ("contact", t("contacts.title"))]


def pairs_page() -> rx.Component:
    return page(
        t("duplicates.title"),
        panel(
            None,
            soft(t("duplicates.what")),
            rx.cond(
                Pairs.lines.length() > 0,
                stack(
                    plain_table(
                        [t("duplicates.one"), t("duplicates.other"), t("duplicates.why"), t("duplicates.judge")],
                        rx.foreach(Pairs.lines, _row),
                        label=t("duplicates.title"),
                    ),
                    rx.cond(Pairs.has_more, button(t("duplicates.more"), on_click=Pairs.more_wanted), rx.fragment()),
                ),
                empty("check", t("duplicates.none"), t("duplicates.none_hint")),
            ),
        ),
        tools=[small_select(t("duplicates.of"), Pairs.card, _KINDS, on_change=Pairs.card_chosen)],
    )


def _row(row: Any) -> rx.Component:
    return plain_row(
        _card(row["one"], row["one_href"], row["responsible"]),
        _card(row["other"], row["other_href"], row["others_responsible"]),
        row["by"],
        line(
            link_button(t("duplicates.merge_these"), href=row["merge_href"]),
            button(t("duplicates.differ"), kind="plain", on_click=Pairs.told_apart(row["id"])),
            class_name="wrap",
        ),
        row_id=row["id"],
    )


def _card(name: Any, href: Any, responsible: Any) -> rx.Component:
    return stack(link(cut(name), href=href), faint(responsible), gap="none")
