"""/bin: deleted cards, kind by kind, taken back one or many at once."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.bin_state import Bin, BinLine
from crm_app.ui.button import button
from crm_app.ui.empty import empty
from crm_app.ui.field import search_box
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, line, soft, stack, unseen
from crm_app.ui.link import link
from crm_app.ui.plain_table import small_select
from crm_app.ui.shell import page
from crm_app.ui.status import badge
from crm_app.ui.table import Column, bulk_bar, table


def bin_page() -> rx.Component:
    return page(
        t("cards.bin.title"),
        stack(
            line(rx.foreach(Bin.kinds, _kind), rx.el.span(class_name="grow"), _period(), class_name="wrap"),
            table(
                _columns(),
                page=Bin.page,
                row_type=BinLine,
                on_need=Bin.more_needed,
                on_tick=Bin.rows_ticked,
                card=_card,
                empty=_nothing(),
                label=t("cards.bin.title"),
            ),
        ),
        bulk_bar(
            rx.cond(Bin.all_ticked, Bin.page["total"], Bin.ticked.length()),
            button(t("cards.bin.restore"), kind="primary", icon_name="rotate-ccw", on_click=Bin.ticked_restored),
            shown=Bin.all_ticked | (Bin.ticked.length() > 0),
        ),
        tools=[search_box(t("cards.bin.search"), value=Bin.words, on_search=Bin.searched)],
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        Column("title", t("cards.bin.card"), lambda row: cut(row["title"]), width="minmax(200px, 6fr)", sortable=False),
        Column("by", t("cards.bin.by"), lambda row: cut(row["by"]), width="minmax(120px, 2fr)", sortable=False),
        Column("at", t("cards.bin.when"), _when, width="140px", sortable=False),
        Column("goes_at", t("cards.bin.gone"), _gone, width="140px", sortable=False, yields=True),
        Column("doing", unseen(t("cards.bin.restore")), _restore, width="170px", align="end", sortable=False),
    ]


def _kind(each: Any) -> rx.Component:
    words = rx.fragment(each["label"], " ", badge(each["count"]))
    here = link(
        words, href=each["href"], plain=True, class_name="button button-quiet", custom_attrs={"aria-current": "page"}
    )
    return rx.cond(each["is_this"], here, link(words, href=each["href"], plain=True, class_name="button button-plain"))


def _period() -> rx.Component:
    """When the bin is emptied: chosen by who may, told to the others."""
    label = t("cards.bin.keep")
    choice = small_select(label, Bin.days, Bin.periods, on_change=Bin.days_chosen)
    return rx.cond(Bin.may_choose_days, line(soft(label), choice, gap="s"), rx.fragment())


def _when(row: Any) -> rx.Component:
    return faint(fmt.ago(row["at"]), title=fmt.exact(row["at"]))


def _gone(row: Any) -> rx.Component:
    return rx.cond(row["goes_at"] == "", faint(t("cards.bin.never")), faint(fmt.day(row["goes_at"])))


def _restore(row: Any) -> rx.Component:
    back = button(
        t("cards.bin.restore"), small=True, icon_name="rotate-ccw",
        on_click=Bin.restore_clicked(row["id"]).stop_propagation,
    )  # fmt: skip
    return rx.cond(row["may_restore"], back, rx.fragment())


def _card(row: Any) -> rx.Component:
    told = line(_when(row), faint(row["by"]), gap="s")
    return line(stack(cut(row["title"]), told, gap="none", class_name="grow"), _restore(row))


def _nothing() -> rx.Component:
    return rx.cond(
        Bin.words == "",
        empty("trash-2", t("cards.bin.empty"), t("cards.bin.empty_hint")),
        empty("search", t("cards.bin.none"), t("cards.bin.none_hint")),
    )
