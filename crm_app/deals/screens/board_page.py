"""/deals: the board."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.filter_parts import saved_filters, whole_filter_bar
from crm_app.deals.screens.asked_fields import needs_sheet
from crm_app.deals.screens.board_rows import BoardCard, BoardColumn
from crm_app.deals.screens.board_state import Board
from crm_app.deals.screens.new_deal import new_deal_dialog
from crm_app.deals.screens.new_deal_state import NewDeal
from crm_app.ui.avatar import avatar
from crm_app.ui.button import button, icon_button, link_button
from crm_app.ui.empty import empty
from crm_app.ui.field import search_box
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon, icon_of
from crm_app.ui.kanban import column_head, kanban
from crm_app.ui.layout import faint, line, soft, stack
from crm_app.ui.plain_table import small_select
from crm_app.ui.shell import page

PLAN_ICONS = ["phone", "users", "file"]


def board_page() -> rx.Component:
    return page(
        t("deals.title"),
        rx.cond(Board.pipeline_id > 0, whole_filter_bar(Board), rx.fragment()),
        rx.cond(Board.pipeline_id > 0, _board(), rx.cond(Board.is_ready, _no_pipelines(), rx.fragment())),
        _said(),
        needs_sheet(Board),
        new_deal_dialog(),
        tools=[_pipeline(), _switches(), search_box(t("deals.search"), value=Board.words, on_search=Board.searched)],
        actions=[
            if_may("deal.approve", link_button(t("deals.approvals.title"), href="/deals/approvals", icon_name="stamp")),
            link_button(t("deals.list"), href=Board.list_href, icon_name="list"),
            if_may("deal.create", rx.cond(Board.pipeline_id > 0, _new_deal(), rx.fragment())),
        ],
        wide=True,
    )


def _said() -> rx.Component:
    """Who has just moved what: seen for some seconds, and heard by those who listen to the page."""
    words = rx.el.p(Board.said["words"], key=Board.said["number"].to(str))
    return rx.el.div(
        rx.cond(Board.said["words"] != "", words, rx.fragment()), role="status", class_name="board-said small"
    )


def _new_deal() -> rx.Component:
    begin = NewDeal.wanted(Board.columns[0]["id"])
    return button(t("deals.new"), kind="primary", icon_name="plus", key_hint="", on_click=begin)


def _pipeline() -> rx.Component:
    return small_select(
        t("deals.pipeline"), Board.pipeline_id.to(str), Board.pipelines, on_change=Board.pipeline_chosen
    )


def _switches() -> rx.Component:
    return line(
        _switch(t("deals.mine"), Board.mine, Board.mine_toggled),
        _switch(t("deals.closed"), Board.with_closed, Board.closed_toggled),
        _switch(t("deals.weighted"), Board.weighted, Board.weighted_toggled),
        saved_filters(),
        class_name="wrap",
    )


def _switch(word: Any, pressed: Any, toggled: Any) -> rx.Component:
    return button(word, small=True, on_click=toggled, custom_attrs={"aria-pressed": pressed})


def _board() -> rx.Component:
    return kanban(
        columns=Board.columns,
        generation=Board.generation,
        patch=Board.patch,
        verdicts=Board.verdicts,
        moves=Board.moves,
        rule=Board.rule,
        card=_card,
        card_type=BoardCard,
        head=_head,
        column_type=BoardColumn,
        on_lift=Board.deal_lifted,
        on_move=Board.deal_dropped,
        on_more=Board.more_wanted,
        on_open=Board.deal_opened,
        nothing=rx.cond(Board.is_narrowed, t("deals.nothing_found"), t("deals.nothing_yet")),
        on_missed=Board.patch_missed,
    )


def _head(column: Any) -> rx.Component:
    add = if_may("deal.create", icon_button("plus", t("deals.new_here"), on_click=NewDeal.wanted(column["id"])))
    return rx.el.div(
        stack(
            column_head(column["title"], column["count"], _sum(column)),
            _facts(column),
            gap="none",
            class_name="kb-title",
        ),
        rx.cond(column["can_start"], add, rx.fragment()),
        class_name="line between column-colour",
        custom_attrs={"data-colour": column["colour"]},
    )


def _sum(column: Any) -> rx.Component:
    others = rx.el.span(" + ", fmt.money_short(column["other_sum"], column["other_currency"]))
    told = rx.fragment(
        fmt.money_short(column["sum"], column["currency"]),
        rx.cond(column["other_currency"] != "", others, rx.fragment()),
        rx.cond(column["more"], rx.el.span(" + …"), rx.fragment()),
    )
    return rx.cond(column["sum_hidden"], t("deals.sum_hidden"), told)


def _facts(column: Any) -> rx.Component:
    """What is usual in the stage, and how full it is: in words for a reader of screens, in figures for the eye."""
    is_over = column["load"] > column["limit"]
    load = rx.el.span(
        t("deals.load", load=column["load"], limit=column["limit"]),
        title=rx.cond(is_over, t("deals.load.over"), t("deals.load.what")),
        class_name="column-load",
        custom_attrs={
            "data-load": rx.cond(is_over, "over", rx.cond(column["load"] == column["limit"], "full", "room"))
        },
    )
    usual = rx.el.span(
        rx.cond(column["usual_days"] > 0, t("deals.usual_days", n=column["usual_days"]), t("deals.usual_days.none")),
        title=t("deals.usual_days.what", n=column["stays"]),
    )
    return rx.cond(
        (column["limit"] > 0) | (column["stays"] > 0) | column["weighted"],
        rx.el.div(
            rx.cond(column["limit"] > 0, load, rx.fragment()),
            rx.cond(column["stays"] > 0, usual, rx.fragment()),
            rx.cond(column["weighted"] & ~column["sum_hidden"], _weighted(column), rx.fragment()),
            class_name="line gap-s small column-facts",
        ),
        rx.fragment(),
    )


def _weighted(column: Any) -> rx.Component:
    """The sums as they are likely to come in: by what the stage promises, beside what it has kept so far."""

    def part(total: Any, currency: Any) -> Any:
        return fmt.money_short(total * column["probability"] / 100, currency)

    others = rx.el.span(" + ", part(column["other_sum"], column["other_currency"]))
    return rx.el.span(
        "≈ ",
        part(column["sum"], column["currency"]),
        rx.cond(column["other_currency"] != "", others, rx.fragment()),
        rx.cond(column["more"], rx.el.span(" + …"), rx.fragment()),
        " · ",
        t("deals.promised", n=column["probability"]),
        " · ",
        rx.cond(
            column["closed"] > 0,
            t("deals.measured", share=column["measured"], n=column["closed"]),
            t("deals.measured.none"),
        ),
        class_name="column-weighted",
    )


def _card(card: Any) -> rx.Component:
    return stack(
        rx.el.strong(card["title"], class_name="card-title"),
        rx.cond(card["client"] != "", soft(card["client"], class_name="cut"), rx.fragment()),
        line(
            rx.el.span(
                rx.cond(card["has_amount"], fmt.money(card["money"], card["currency"]), "—"), class_name="grow figures"
            ),
            _days(card),
        ),
        rx.cond(card["waits_for"] != "", _waits(card), rx.fragment()),
        line(rx.el.span(_next_action(card), class_name="grow cut"), avatar(card["who"], size="small")),
        gap="s",
    )


def _waits(card: Any) -> rx.Component:
    """Whose approval the card waits for."""
    said = t("deals.waits_for", whom=card["waits_for"])
    return rx.el.span(
        icon("hourglass", 12), rx.el.span(said, class_name="cut"), title=said, class_name="line gap-s small"
    )


def _days(card: Any) -> rx.Component:
    return rx.el.span(
        icon("clock", 12),
        t("deals.days", n=card["days"]),
        title=rx.cond(card["is_rotting"], t("deals.rotting"), t("deals.days_here", n=card["days"])),
        class_name="line gap-s small card-days",
        custom_attrs={"data-rotting": card["is_rotting"]},
    )


def _next_action(card: Any) -> rx.Component:
    sign = rx.match(card["plan_kind"], ("call", "phone"), ("meeting", "users"), "file")
    planned = rx.el.span(
        icon_of(sign, PLAN_ICONS),
        fmt.moment(card["plan_at"]),
        title=card["plan_what"],
        class_name="line gap-s small card-plan",
        custom_attrs={"data-late": card["is_late"]},
    )
    no_step = rx.el.span(icon("circle-alert", 12), t("deals.no_step"), class_name="line gap-s small card-no-step")
    return rx.cond(
        card["plan_kind"] != "", planned, rx.cond(card["has_step"], faint(t("deals.step_elsewhere")), no_step)
    )


def _no_pipelines() -> rx.Component:
    return empty(
        "kanban",
        t("deals.no_pipelines"),
        t("deals.no_pipelines.what"),
        if_may("pipeline.change", link_button(t("pipelines.add"), href="/pipelines", kind="primary")),
    )
