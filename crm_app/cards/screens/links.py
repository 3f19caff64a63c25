"""The links of a card: `card_links()`; its page lists `CardLinks.opened` after its own State's."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.links_state import CardLinks as State
from crm_app.ui.button import icon_button
from crm_app.ui.field import choose_field, select_field, text_field
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, panel, stack
from crm_app.ui.link import link


def card_links() -> rx.Component:
    """The cards that this one is linked with, and a place for one more."""
    plus = icon_button("plus", t("cards.links.add"), on_click=State.adding_wanted)
    nothing = State.is_ready & (State.rows.length() == 0)
    return panel(
        "cards.links",
        stack(
            rx.cond(nothing, faint(t("cards.links.none")), rx.fragment()),
            rx.foreach(State.rows, _linked),
            rx.cond(State.is_adding & State.may_change, _adding(), rx.fragment()),
            gap="s",
        ),
        actions=[rx.cond(State.may_change, plus, rx.fragment())],
    )


def _linked(row: Any) -> rx.Component:
    cross = icon_button("x", t("cards.links.remove", name=row["title"]), on_click=State.removed(row["id"]))
    note = rx.cond(row["note"] == "", rx.fragment(), faint(row["note"]))
    said = stack(faint(row["word"], " · ", row["kind"]), link(row["title"], href=row["href"]), note, gap="none")
    return line(
        rx.el.div(said, class_name="grow min-w-0"), rx.cond(State.may_change, cross, rx.fragment()), key=row["id"]
    )


def _adding() -> rx.Component:
    return stack(
        select_field(
            "link-kind", t("cards.links.kind"), options=State.kinds, empty=t("cards.links.plain"),
            on_change=State.kind_chosen,
        ),
        text_field("link-note", t("cards.links.note"), on_blur=State.note_typed),
        choose_field(
            "link-card", t("cards.links.find"), options=State.found, on_search=State.searched, on_pick=State.picked,
            clear_on_pick=True,
        ),
        gap="s",
    )  # fmt: skip
