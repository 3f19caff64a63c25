""" "Who sees this, and why": a button beside a card's name, and the sheet that it opens. For the page of any card."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.viewers_state import CardViewers as Viewers
from crm_app.ui.avatar import person
from crm_app.ui.button import icon_button
from crm_app.ui.dialog import sheet
from crm_app.ui.field import search_box
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, soft, stack
from crm_app.ui.status import tag
from crm_app.ui.tabs import tabs


def card_viewers() -> rx.Component:
    """The button and its sheet."""
    sides = [("seen", t("cards.viewers.seen"), Viewers.seen), ("unseen", t("cards.viewers.unseen"), Viewers.unseen)]
    return rx.fragment(
        icon_button("eye", t("cards.viewers.title"), on_click=Viewers.wanted),
        sheet(
            "card-viewers",
            t("cards.viewers.title"),
            stack(
                rx.cond(
                    Viewers.may_see_all,
                    tabs(sides, value=rx.cond(Viewers.shows_unseen, "unseen", "seen"), on_change=Viewers.side_chosen),
                    rx.fragment(),
                ),
                search_box(t("cards.viewers.search"), value=Viewers.words, on_search=Viewers.searched),
                rx.el.ul(rx.foreach(Viewers.lines, _viewer), class_name="stack gap-l"),
                gap="l",
            ),
            open=Viewers.is_open,
            on_close=Viewers.closed,
        ),
    )


def _viewer(row: Any) -> rx.Component:
    by_type = rx.cond(row["type"] != "", faint(t("cards.viewers.by_type"), ": ", row["type"]), rx.fragment())
    return rx.el.li(
        stack(
            line(person(row["name"]), faint(row["role"]), class_name="wrap"),
            line(soft(t(row["reason"])), by_type, class_name="wrap"),
            line(rx.foreach(row["verbs"], lambda verb: tag(t(verb))), class_name="wrap", gap="s"),
            _fields(t("cards.viewers.hidden"), row["hidden"]),
            _fields(t("cards.viewers.read_only"), row["read_only"]),
            gap="s",
        ),
        key=row["key"],
    )


def _fields(label: Any, fields: Any) -> rx.Component:
    def name(each: Any) -> rx.Component:
        return tag(rx.cond(each["key"] != "", t(each["key"]), each["name"]))

    return rx.cond(
        fields.length() > 0, line(faint(label), rx.foreach(fields, name), class_name="wrap", gap="s"), rx.fragment()
    )
