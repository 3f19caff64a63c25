"""/leads/board: the board of leads."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.filter_parts import saved_filters, whole_filter_bar
from crm_app.leads.screens.adding import add_dialog
from crm_app.leads.screens.adding_state import AddingLead
from crm_app.leads.screens.board_rows import LeadStack, LeadTile
from crm_app.leads.screens.board_state import LeadsBoard
from crm_app.leads.screens.converting import convert_sheet
from crm_app.leads.screens.lines import touch_of
from crm_app.leads.screens.needs import needs_sheet
from crm_app.ui.avatar import avatar
from crm_app.ui.button import button, link_button
from crm_app.ui.empty import empty
from crm_app.ui.field import search_box
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import t
from crm_app.ui.icon import icon
from crm_app.ui.kanban import column_head, kanban
from crm_app.ui.layout import faint, line, soft, stack
from crm_app.ui.plain_table import small_select
from crm_app.ui.shell import page


def leads_board_page() -> rx.Component:
    add = button(t("leads.new"), kind="primary", icon_name="plus", on_click=AddingLead.dialog_opened)
    return page(
        t("leads.title"),
        rx.cond(LeadsBoard.pipeline_id > 0, whole_filter_bar(LeadsBoard), rx.fragment()),
        rx.cond(LeadsBoard.pipeline_id > 0, _board(), rx.cond(LeadsBoard.is_ready, _no_pipeline(), rx.fragment())),
        needs_sheet(LeadsBoard),
        convert_sheet(),
        if_may("lead.create", add_dialog()),
        tools=[
            rx.cond(LeadsBoard.pipelines.length() > 1, _pipeline(), rx.fragment()),
            _switches(),
            search_box(t("leads.search"), value=LeadsBoard.words, on_search=LeadsBoard.searched),
        ],
        actions=[
            link_button(t("leads.list"), href="/leads", icon_name="list"),
            if_may("lead.create", rx.cond(LeadsBoard.pipeline_id > 0, add, rx.fragment())),
        ],
        wide=True,
    )


def _pipeline() -> rx.Component:
    chosen = LeadsBoard.pipeline_id.to(str)
    return small_select(t("leads.pipeline"), chosen, LeadsBoard.pipelines, on_change=LeadsBoard.pipeline_chosen)


def _switches() -> rx.Component:
    return line(
        _switch(t("leads.mine"), LeadsBoard.mine, LeadsBoard.mine_toggled),
        _switch(t("leads.closed"), LeadsBoard.with_closed, LeadsBoard.closed_toggled),
        saved_filters(),
        class_name="wrap",
    )


def _switch(word: Any, pressed: Any, toggled: Any) -> rx.Component:
    return button(word, small=True, on_click=toggled, custom_attrs={"aria-pressed": pressed})


def _board() -> rx.Component:
    return kanban(
        columns=LeadsBoard.columns,
        generation=LeadsBoard.generation,
        patch=LeadsBoard.patch,
        verdicts=LeadsBoard.verdicts,
        moves=LeadsBoard.moves,
        rule=LeadsBoard.rule,
        kind="lead",
        card=_tile,
        card_type=LeadTile,
        head=_head,
        column_type=LeadStack,
        on_lift=LeadsBoard.lead_lifted,
        on_move=LeadsBoard.lead_dropped,
        on_more=LeadsBoard.more_wanted,
        on_open=LeadsBoard.lead_opened,
        nothing=rx.cond(LeadsBoard.is_narrowed, t("leads.nothing_found"), t("leads.nothing_yet")),
        on_missed=LeadsBoard.patch_missed,
    )


def _head(column: Any) -> rx.Component:
    return rx.el.div(
        column_head(column["title"], column["count"], ""),
        class_name="line between column-colour",
        custom_attrs={"data-colour": column["colour"]},
    )


def _tile(card: Any) -> rx.Component:
    return stack(
        rx.el.strong(card["title"], class_name="card-title"),
        rx.cond(card["about"] != "", soft(card["about"], class_name="cut"), rx.fragment()),
        rx.cond(card["interest"] != "", faint(card["interest"], class_name="cut"), rx.fragment()),
        touch_of(card),
        line(rx.el.span(faint(card["source"]), class_name="grow cut"), _days(card), avatar(card["who"], size="small")),
        gap="s",
    )


def _days(card: Any) -> rx.Component:
    return rx.el.span(
        icon("clock", 12),
        t("deals.days", n=card["days"]),
        class_name="line gap-s small card-days",
        custom_attrs={"data-rotting": card["is_rotting"]},
    )


def _no_pipeline() -> rx.Component:
    return empty(
        "kanban",
        t("leads.no_pipeline"),
        t("leads.no_pipeline.what"),
        if_may("pipeline.change", link_button(t("pipelines.add"), href="/pipelines", kind="primary")),
    )
