"""/contacts: the list, what narrows it down, and what is done with the ticked rows."""

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
from crm_app.contacts.screens.adding import add_dialog
from crm_app.contacts.screens.adding_state import AddingContact
from crm_app.contacts.screens.lines import ContactLine
from crm_app.contacts.screens.list_state import Contacts
from crm_app.ui.avatar import avatar
from crm_app.ui.button import button, file_button, link_button
from crm_app.ui.empty import empty
from crm_app.ui.field import search_box
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, line, stack
from crm_app.ui.link import link
from crm_app.ui.shelf import beside_shelf
from crm_app.ui.shell import page
from crm_app.ui.table import Column


def contacts_page() -> rx.Component:
    return page(
        t("contacts.title"),
        beside_shelf(
            list_shelf(),
            bulk_at_work(),
            card_table(
                Contacts,
                _columns(),
                row_type=ContactLine,
                card=_card,
                label=t("contacts.title"),
                nothing=empty("users", t("contacts.empty"), t("contacts.empty_hint"), if_may("contact.create", _add())),
            ),
            _bulk(),
        ),
        if_may("contact.create", add_dialog()),
        tools=[search_box(t("contacts.search"), value=Contacts.words, on_search=Contacts.searched)],
        actions=[
            columns_button(Contacts),
            if_may("contact.import", _import()),
            if_may("contact.export", _export()),
            if_may("contact.create", _add()),
        ],
        wide=True,
    )


def _import() -> rx.Component:
    return link_button(t("contacts.import.title"), href="/contacts/import", icon_name="upload")


def _add() -> rx.Component:
    return button(t("contacts.new"), kind="primary", icon_name="plus", on_click=AddingContact.dialog_opened)


def _export() -> rx.Component:
    href = "/exports/contacts.xlsx" + Contacts.query_text
    return file_button(t("contacts.export"), href=href, icon_name="download")


def _columns() -> list[Column]:
    return [
        star_column(Contacts),
        name_column(t("field.contact.name"), width="minmax(190px, 6fr)", face=_face),
        Column("client", t("field.contact.client"), _client, width="minmax(180px, 6fr)", sortable=False),
        Column("position", t("field.contact.position"), lambda row: cut(row["position"]), width="minmax(110px, 3fr)",
               sortable=False, yields=True),
        Column("phone", t("field.contact.phones"), lambda row: row["phone"], width="138px", sortable=False),
        Column("email", t("field.contact.emails"), lambda row: cut(row["email"]), width="minmax(120px, 2fr)",
               sortable=False, yields=True),
        Column("city", t("field.contact.city"), lambda row: cut(row["city"]), width="minmax(96px, 1fr)", yields=True),
        responsible_column(t("field.contact.responsible_id")),
        Column("birthday", t("field.contact.birthday"), _birthday, width="116px", align="end", yields=True),
        updated_column(t("field.contact.updated_at")),
    ]  # fmt: skip


def _client(row: Any) -> rx.Component:
    """Where the contact works."""
    return rx.cond(row["client"] == "", rx.el.span(), link(cut(row["client"]), href=row["client_href"], plain=True))


def _birthday(row: Any) -> rx.Component:
    return rx.cond(row["birthday"] == "", rx.el.span(), rx.el.span(fmt.day(row["birthday"])))


def _card(row: Any) -> rx.Component:
    about = rx.cond(row["client"] == "", faint(row["phone"]), faint(row["client"], class_name="cut"))
    return line(_face(row), stack(name_link(row), about, gap="none", class_name="grow"), star_cell(Contacts, row))


def _face(row: Any) -> rx.Component:
    return avatar(row["name"], picture=row["picture"])


def _bulk() -> rx.Component:
    changes = [
        bulk_choice(Contacts, "responsible_id", t("field.contact.responsible_id"), Contacts.employees),
    ]
    groups = ListShelf.group_options
    more = (bulk_group(Contacts, groups), bulk_more(Contacts, "contact", groups=groups, merges=True))
    return bulk_tools(Contacts, "contact", changes, *more, question=lambda n: t("contacts.bulk.delete_question", n=n))
