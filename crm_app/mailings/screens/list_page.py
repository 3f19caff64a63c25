"""/mailings: every mailing with its state and figures, and the senders."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.mailings.rules import STATES
from crm_app.mailings.screens.lines import MailingLine, mailing_status
from crm_app.mailings.screens.list_state import Mailings
from crm_app.ui.avatar import person
from crm_app.ui.button import button, icon_button, link_button
from crm_app.ui.connection import banner
from crm_app.ui.dialog import dialog, open_dialog
from crm_app.ui.empty import empty
from crm_app.ui.field import search_box, text_field
from crm_app.ui.filter_bar import FilterField, filter_bar, nothing_fits
from crm_app.ui.form import form, form_buttons
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, line, soft, stack
from crm_app.ui.link import link
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.shell import page
from crm_app.ui.table import Column, table

_STATES = [{"id": state, "label": t(f"mailings.state.{state}"), "hint": ""} for state in STATES]
_FIELDS = [
    FilterField("state", t("mailings.state"), "choice", options=_STATES),
    FilterField("sender_id", t("field.mailing.sender_id"), "choice", options=Mailings.senders),
    FilterField("responsible_id", t("mailings.responsible"), "choice", options=Mailings.employees),
    FilterField("created_at", t("field.mailing.created_at"), "date"),
    FilterField("updated_at", t("field.mailing.updated_at"), "date"),
]


def mailings_page() -> rx.Component:
    return page(
        t("mailings.title"),
        rx.cond(Mailings.channel_trouble == "", rx.fragment(), banner(Mailings.channel_trouble, level="warn")),
        filter_bar(_FIELDS, filter=Mailings.filter, on_change=Mailings.filter_changed),
        table(
            _columns(),
            page=Mailings.page,
            row_type=MailingLine,
            on_need=Mailings.more_needed,
            sort=Mailings.sort,
            on_sort=Mailings.sorted_by,
            on_open=Mailings.row_opened,
            card=_card,
            row_height=52,
            empty=nothing_fits(
                _FIELDS, _nothing(), filter=Mailings.filter, words=Mailings.words, on_clear=Mailings.all_wanted
            ),
            label=t("mailings.title"),
        ),
        _senders(),
        tools=[search_box(t("mailings.search"), value=Mailings.words, on_search=Mailings.searched)],
        actions=[
            if_may("sender.manage", button(t("mailings.senders"), icon_name="users", on_click=open_dialog("senders"))),
            if_may(
                "suppression.manage",
                link_button(t("mailings.suppressions.title"), href="/mailings/suppressions", icon_name="mail-x"),
            ),
            if_may(
                "mailing.change", link_button(t("mailings.new"), href="/mailings/new", kind="primary", icon_name="plus")
            ),
        ],
        wide=True,
    )


def _nothing() -> rx.Component:
    return empty("send", t("mailings.empty"), t("mailings.empty_hint"))


def _columns() -> list[Column]:
    return [
        Column("name", t("field.mailing.name"), _name, width="minmax(200px, 3fr)", sortable=False),
        Column(
            "state", t("mailings.state"), lambda row: mailing_status(row["state"], row["failed"]),
            width="minmax(190px, 1.5fr)",
        ),
        Column("sent", t("mailings.sent"), _figures, align="end", width="110px", sortable=False),
        Column(
            "responsible", t("mailings.responsible"), lambda row: person(row["responsible"]),
            width="minmax(150px, 1fr)", sortable=False,
        ),
        Column(
            "created_at", t("field.mailing.created_at"), lambda row: faint(fmt.near_day(row["created_at"])),
            align="end", width="110px", yields=True,
        ),
        Column(
            "updated_at", t("mailings.updated"), lambda row: faint(fmt.near_day(row["updated_at"])),
            align="end", width="110px",
        ),
    ]  # fmt: skip


def _name(row: Any) -> rx.Component:
    name = link(cut(row["name"]), href=row["href"], plain=True, class_name="td-name")
    return stack(name, faint(row["title_words"], class_name="cut"), gap="none")


def _figures(row: Any) -> rx.Component:
    return rx.cond(row["total"] > 0, rx.el.span(fmt.number(row["sent"]), " / ", fmt.number(row["total"])), soft("—"))


def _card(row: Any) -> rx.Component:
    return stack(
        link(cut(row["name"]), href=row["href"], plain=True, class_name="td-name"),
        line(mailing_status(row["state"], row["failed"]), _figures(row), class_name="between"),
        gap="s",
    )


def _senders() -> rx.Component:
    return dialog(
        "senders",
        t("mailings.senders"),
        soft(t("mailings.senders_hint")),
        plain_table(
            [t("mailings.sender_name"), t("mailings.sender_address"), ""],
            rx.foreach(Mailings.senders, _sender),
            label=t("mailings.senders"),
        ),
        form(
            text_field("sender_name", t("mailings.sender_name"), errors=Mailings.errors, required=True, max_length=200),
            text_field("address", t("mailings.sender_address"), type="email", errors=Mailings.errors, required=True),
            form_buttons(button(t("mailings.add_sender"), kind="primary", type="submit")),
            on_submit=Mailings.sender_added,
            saved=Mailings.saves,
            reset_on_saved=True,
        ),
    )


def _sender(row: Any) -> rx.Component:
    remove = icon_button("trash-2", t("mailings.remove_sender"), on_click=Mailings.sender_removed(row["id"]))
    return plain_row(row["label"], soft(row["hint"]), remove)
