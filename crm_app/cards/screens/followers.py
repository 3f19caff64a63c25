"""The followers of a card: `card_followers()`; its page lists `CardFollowers.opened` after its own State's."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.followers_state import CardFollowers as State
from crm_app.ui.avatar import person
from crm_app.ui.button import button, icon_button
from crm_app.ui.field import choose_field
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, panel, stack


def card_followers() -> rx.Component:
    """Who is told of what happens to the card, one's own part in it, and a place for a colleague."""
    plus = icon_button("plus", t("cards.follower_add"), on_click=State.adding_wanted)
    return panel(
        "cards.followers",
        stack(
            rx.cond(State.has_none, faint(t("cards.followers_none")), rx.fragment()),
            rx.foreach(State.followers, _follower),
            rx.cond(State.is_adding & State.may_change, _adding(), rx.fragment()),
            gap="s",
        ),
        actions=[_toggle(), rx.cond(State.may_change, plus, rx.fragment())],
    )


def _toggle() -> rx.Component:
    return rx.cond(
        State.is_followed,
        button(t("cards.unfollow"), small=True, on_click=State.toggled),
        button(t("cards.follow"), small=True, on_click=State.toggled),
    )


def _adding() -> rx.Component:
    return choose_field(
        "follower",
        t("cards.follower_new"),
        options=State.found,
        on_search=State.searched,
        on_pick=State.picked,
        clear_on_pick=True,
    )


def _follower(row: Any) -> rx.Component:
    label = t("cards.follower_remove", name=row["label"])
    cross = icon_button("x", label, on_click=State.removed(row["id"]))
    may_remove = State.may_change & (row["id"] != State.mine)
    return line(
        rx.el.span(person(row["label"]), class_name="grow"), rx.cond(may_remove, cross, rx.fragment()), key=row["id"]
    )
