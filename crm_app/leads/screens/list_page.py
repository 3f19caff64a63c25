"""/leads: the list, what narrows it down, and what is done with the ticked rows."""

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
)
from crm_app.cards.screens.shelf import list_shelf
from crm_app.cards.screens.shelf_state import ListShelf
from crm_app.leads.screens.adding import add_dialog
from crm_app.leads.screens.adding_state import AddingLead
from crm_app.leads.screens.lines import LeadLine, stage_of, touch_of
from crm_app.leads.screens.list_state import Leads
from crm_app.pipelines.screens.bulk_moves import bulk_move, bulk_refused
from crm_app.ui.button import button, file_button, link_button
from crm_app.ui.empty import empty
from crm_app.ui.field import search_box
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, line, stack
from crm_app.ui.shelf import beside_shelf
from crm_app.ui.shell import page
from crm_app.ui.table import Column


def leads_page() -> rx.Component:
    nothing = empty("funnel", t("leads.empty"), t("leads.empty_hint"), if_may("lead.create", _add()))
    return page(
        t("leads.title"),
        beside_shelf(
            list_shelf(),
            bulk_at_work(),
            bulk_refused(Leads),
            card_table(
                Leads,
                _columns(),
                row_type=LeadLine,
                card=_card,
                label=t("leads.title"),
                nothing=nothing,
            ),
            _bulk(),
        ),
        if_may("lead.create", add_dialog()),
        tools=[search_box(t("leads.search"), value=Leads.words, on_search=Leads.searched)],
        actions=[
            link_button(t("leads.board"), href="/leads/board", icon_name="kanban"),
            columns_button(Leads),
            if_may("lead.import", link_button(t("leads.import.title"), href="/leads/import", icon_name="upload")),
            if_may("lead.export", _export()),
            if_may("lead.create", _add()),
        ],
        wide=True,
    )


def _add() -> rx.Component:
    return button(t("leads.new"), kind="primary", icon_name="plus", on_click=AddingLead.dialog_opened)


def _export() -> rx.Component:
    return file_button(t("leads.export"), href="/exports/leads.xlsx" + Leads.query_text, icon_name="download")


def _columns() -> list[Column]:
    return [
        star_column(Leads),
        name_column(t("field.lead.name")),
        Column("about", t("field.lead.person"), lambda row: cut(row["about"]), width="minmax(120px, 4fr)",
               sortable=False, yields=True),
        Column("stage", t("field.lead.stage_id"), lambda row: stage_of(row["stage"], row["colour"]), width="158px",
               sortable=False),
        Column("touch_due_at", t("field.lead.touched_at"), touch_of, width="minmax(156px, 3fr)"),
        Column("source", t("field.lead.source"), lambda row: cut(row["source"]), width="112px", yields=True),
        Column("phone", t("field.lead.phones"), lambda row: row["phone"], width="138px", sortable=False, yields=True),
        Column("email", t("field.lead.emails"), lambda row: cut(row["email"]), width="minmax(120px, 2fr)",
               sortable=False, is_spare=True),
        responsible_column(t("field.lead.responsible_id")),
        Column("created_at", t("field.lead.created_at"), _came, width="108px", align="end", yields=True),
    ]  # fmt: skip


def _came(row: Any) -> rx.Component:
    return faint(fmt.ago(row["created_at"]), title=fmt.exact(row["created_at"]))


def _card(row: Any) -> rx.Component:
    told = line(stage_of(row["stage"], row["colour"]), touch_of(row))
    return line(stack(name_link(row), told, gap="none", class_name="grow"), star_cell(Leads, row))


def _bulk() -> rx.Component:
    changes = [
        bulk_choice(Leads, "responsible_id", t("field.lead.responsible_id"), Leads.employees),
    ]
    more = (bulk_group(Leads, ListShelf.group_options), bulk_more(Leads, "lead", groups=ListShelf.group_options))
    question = lambda n: t("leads.bulk.delete_question", n=n)  # noqa: E731
    move = if_may("lead.change", bulk_move(Leads))
    return bulk_tools(Leads, "lead", changes, move, *more, question=question)
