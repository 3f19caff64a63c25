"""/deals/list: the list beside the board, what narrows it down, and what is done with the ticked rows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.bulk_page import bulk_at_work
from crm_app.cards.screens.card_list_parts import (
    bulk_choice,
    bulk_group,
    bulk_more,
    bulk_tools,
    card_table,
    columns_button,
    name_column,
    name_link,
    responsible_column,
    star_cell,
    star_column,
    updated_column,
)
from crm_app.cards.screens.shelf import list_shelf
from crm_app.cards.screens.shelf_state import ListShelf
from crm_app.deals.screens.lines import DealLine
from crm_app.deals.screens.list_state import DealList
from crm_app.deals.screens.ways_between import BOARD
from crm_app.pipelines.screens.bulk_moves import bulk_move, bulk_refused
from crm_app.ui.button import file_button, link_button
from crm_app.ui.empty import empty
from crm_app.ui.field import search_box
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.layout import cut, faint, line, stack
from crm_app.ui.link import link
from crm_app.ui.shelf import beside_shelf
from crm_app.ui.shell import page
from crm_app.ui.table import Column


def deals_page() -> rx.Component:
    nothing = empty("kanban", t("deals.empty"), t("deals.empty_hint"), if_may("deal.create", _add()))
    return page(
        t("deals.title"),
        beside_shelf(
            list_shelf(),
            bulk_at_work(),
            bulk_refused(DealList),
            card_table(
                DealList,
                _columns(),
                row_type=DealLine,
                card=_card,
                label=t("deals.title"),
                nothing=nothing,
            ),
            _bulk(),
        ),
        tools=[search_box(t("deals.search"), value=DealList.words, on_search=DealList.searched)],
        actions=[
            if_may("deal.approve", link_button(t("deals.approvals.title"), href="/deals/approvals", icon_name="stamp")),
            link_button(t("deals.board"), href=DealList.board, icon_name="kanban"),
            columns_button(DealList),
            if_may("deal.export", _export()),
            if_may("deal.create", _add()),
        ],
        wide=True,
    )


def _add() -> rx.Component:
    return link_button(t("deals.new"), href=f"{BOARD}?new=1", kind="primary", icon_name="plus")


def _export() -> rx.Component:
    return file_button(t("deals.export"), href="/exports/deals.xlsx" + DealList.query_text, icon_name="download")


def _columns() -> list[Column]:
    return [
        star_column(DealList),
        name_column(t("field.deal.name"), "minmax(180px, 9fr)"),
        Column("number", t("field.deal.number"), lambda row: faint(row["number"]), width="84px", is_spare=True),
        Column("client", t("field.deal.client_id"), _client, width="minmax(120px, 6fr)", yields=True),
        Column("stage", t("field.deal.stage_id"), _stage, width="minmax(130px, 5fr)"),
        Column("amount", t("field.deal.amount"), _amount, width="116px", align="end"),
        responsible_column(t("field.deal.responsible_id"), sortable=True),
        Column("entered_stage_at", t("field.deal.entered_stage_at"), _entered, width="116px", align="end", yields=True),
        Column("pipeline", t("field.deal.pipeline_id"), lambda row: cut(row["pipeline"]), width="minmax(120px, 2fr)",
               is_spare=True),
        updated_column(t("field.deal.updated_at")),
    ]  # fmt: skip


def _client(row: Any) -> rx.Component:
    seen = link(cut(row["client"]), href=row["client_href"], plain=True)
    return rx.cond(row["client_href"] == "", rx.el.span(), seen)


def _stage(row: Any) -> rx.Component:
    spot = rx.el.span(class_name="colour-spot", custom_attrs={"data-colour": row["colour"]})
    waits = rx.el.span(icon("hourglass", 12), title=t("deals.waits_for", whom=row["waits_for"]), class_name="card-plan")
    return line(spot, cut(row["stage"]), rx.cond(row["waits_for"] != "", waits, rx.fragment()), gap="s")


def _amount(row: Any) -> rx.Component:
    money = rx.el.span(fmt.money(row["amount"], row["currency"]), class_name="figures")
    return rx.cond(row["has_amount"], money, faint("—"))


def _entered(row: Any) -> rx.Component:
    return faint(fmt.ago(row["entered_stage_at"]), title=fmt.exact(row["entered_stage_at"]))


def _card(row: Any) -> rx.Component:
    told = line(_stage(row), _amount(row))
    return line(stack(name_link(row), told, gap="none", class_name="grow"), star_cell(DealList, row))


def _bulk() -> rx.Component:
    changes = [
        bulk_choice(DealList, "responsible_id", t("field.deal.responsible_id"), DealList.employees),
    ]
    groups = ListShelf.group_options
    more = (bulk_group(DealList, groups), bulk_more(DealList, "deal", groups=groups))
    question = lambda n: t("deals.bulk.delete_question", n=n)  # noqa: E731
    move = if_may("deal.move", bulk_move(DealList))
    return bulk_tools(DealList, "deal", changes, move, *more, question=question)
