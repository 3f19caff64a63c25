"""/clients: the list, what narrows it down, and what is done with the ticked rows."""

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
from crm_app.clients.screens.adding import add_dialog
from crm_app.clients.screens.adding_state import AddingClient
from crm_app.clients.screens.lines import ClientLine, status_of
from crm_app.clients.screens.list_state import Clients
from crm_app.ui.avatar import avatar
from crm_app.ui.button import button, file_button, link_button
from crm_app.ui.empty import empty
from crm_app.ui.field import search_box
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, line, stack
from crm_app.ui.shelf import beside_shelf
from crm_app.ui.shell import page
from crm_app.ui.table import Column


def clients_page() -> rx.Component:
    return page(
        t("clients.title"),
        beside_shelf(
            list_shelf(),
            bulk_at_work(),
            card_table(
                Clients,
                _columns(),
                row_type=ClientLine,
                card=_card,
                label=t("clients.title"),
                nothing=_nothing(),
            ),
            _bulk(),
        ),
        if_may("client.create", add_dialog()),
        tools=[search_box(t("clients.search"), value=Clients.words, on_search=Clients.searched)],
        actions=[
            columns_button(Clients),
            if_may("client.import", link_button(t("clients.import.title"), href="/clients/import", icon_name="upload")),
            if_may("client.export", _export(t("clients.export"))),
            if_may(
                "client.create",
                button(t("clients.new"), kind="primary", icon_name="plus", on_click=AddingClient.dialog_opened),
            ),
        ],
        wide=True,
    )


def _columns() -> list[Column]:
    return [
        star_column(Clients),
        name_column(t("field.client.name"), face=_face),
        Column("status", t("field.client.status"), lambda row: status_of(row["status"], row["tone"]), width="148px"),
        Column("type", t("field.client.type"), lambda row: cut(row["type"]), width="96px", yields=True),
        responsible_column(t("field.client.responsible_id")),
        Column("phone", t("field.client.phones"), lambda row: row["phone"], width="138px", sortable=False),
        Column("email", t("field.client.emails"), lambda row: cut(row["email"]), width="minmax(120px, 2fr)",
               sortable=False, is_spare=True),
        Column("city", t("field.client.city"), lambda row: cut(row["city"]), width="minmax(96px, 1fr)", yields=True),
        Column("revenue", t("field.client.revenue"), _revenue, width="134px", align="end"),
        updated_column(t("field.client.updated_at")),
    ]  # fmt: skip


def _revenue(row: Any) -> rx.Component:
    return rx.cond(row["revenue"] == 0, rx.el.span(), rx.el.span(fmt.money(row["revenue"], row["currency"])))


def _face(row: Any) -> rx.Component:
    return avatar(row["name"], picture=row["picture"], sign=row["sign"], company=row["kind"] == "company")


def _card(row: Any) -> rx.Component:
    return line(
        _face(row),
        stack(
            name_link(row),
            line(status_of(row["status"], row["tone"]), faint(row["phone"])),
            gap="none",
            class_name="grow",
        ),
        star_cell(Clients, row),
    )


def _nothing() -> rx.Component:
    return empty(
        "users",
        t("clients.empty"),
        t("clients.empty_hint"),
        if_may("client.import", link_button(t("clients.import.title"), href="/clients/import", icon_name="upload")),
    )


def _bulk() -> rx.Component:
    changes = [
        bulk_choice(Clients, "responsible_id", t("field.client.responsible_id"), Clients.employees),
        bulk_choice(Clients, "status", t("field.client.status"), Clients.statuses),
    ]
    return bulk_tools(
        Clients,
        "client",
        changes,
        bulk_group(Clients, ListShelf.group_options),
        bulk_more(
            Clients,
            "client",
            if_may("client.change", bulk_choice(Clients, "type", t("field.client.type"), Clients.types)),
            groups=ListShelf.group_options,
            merges=True,
        ),
        question=lambda n: t("clients.bulk.delete_question", n=n),
    )


def _export(label: Any) -> rx.Component:
    return file_button(label, href="/exports/clients.xlsx" + Clients.query_text, icon_name="download")
