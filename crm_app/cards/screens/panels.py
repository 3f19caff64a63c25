"""What every card's page shows beside its own data: `card_comments()`, `card_files()`, `card_tags()`, `card_timeline()`
and `card_star()`. The page lists `CardPanels.opened` after its own State's, and they fill themselves.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.rules import LARGEST_FILE
from crm_app.cards.screens.panels_state import CardPanels
from crm_app.cards.screens.set_back_panel import set_back_dialog
from crm_app.cards.screens.set_back_state import SettingBack
from crm_app.ui.button import button, icon_button
from crm_app.ui.comments import comment, comment_box
from crm_app.ui.field import check_field
from crm_app.ui.form import form
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.layout import faint, line, panel, stack
from crm_app.ui.link import file_link
from crm_app.ui.picture import small_picture
from crm_app.ui.status import tag
from crm_app.ui.timeline import change, timeline, timeline_row
from crm_app.ui.upload import file_drop


def card_comments(guests_read: Any = None) -> rx.Component:
    """What is said on the card. guests_read: whether guests see the card; None for a kind that they never see."""
    only_colleagues = faint(t("cards.only_colleagues"))
    readers = only_colleagues
    if guests_read is not None:
        readers = rx.cond(guests_read, check_field("guests", t("cards.guests_see_this")), only_colleagues)
    return panel(
        "cards.comments",
        comment_box(
            readers,
            on_send=CardPanels.comment_sent,
            draft=CardPanels.card + "-comment-" + CardPanels.card_id.to_string(),
            saved=CardPanels.comments_sent,
        ),
        _further(CardPanels.has_later_comments, t("cards.show_later"), CardPanels.later_comments_wanted),
        rx.foreach(CardPanels.comments, _comment),
        _further(CardPanels.has_older_comments, t("cards.show_older"), CardPanels.older_comments_wanted),
    )


def _comment(row: Any) -> rx.Component:
    return said(row, CardPanels.comment_removed(row["id"]), internal=row["is_internal"])


def said(row: Any, on_take_back: Any, internal: Any = False) -> rx.Component:
    """One comment; its author can take it back."""
    take_back = icon_button("x", t("cards.take_back"), on_click=on_take_back)
    return comment(
        row["author"],
        row["at"],
        rx.el.p(row["body"], class_name="whitespace-pre-wrap"),
        internal=internal,
        actions=[rx.cond(row["is_mine"], take_back, rx.fragment())],
    )


def card_timeline() -> rx.Component:
    """What has happened to the card."""
    return panel(
        "ui.timeline",
        _further(CardPanels.has_later_events, t("cards.show_later"), CardPanels.later_events_wanted),
        timeline(rx.foreach(CardPanels.events, _event)),
        _further(CardPanels.has_older_events, t("cards.show_older"), CardPanels.older_events_wanted),
        set_back_dialog(),
    )


def _event(row: Any) -> rx.Component:
    back = icon_button("rotate-ccw", t("cards.history.card"), on_click=SettingBack.asked(row["id"], ""))
    return timeline_row(
        row["icon"],
        row["who"],
        row["what"],
        row["at"],
        detail=rx.foreach(row["changes"], _changed),
        actions=[
            rx.cond(row["door"] == "", rx.fragment(), faint(" · ", row["door"])),
            rx.cond(CardPanels.may_set_back & row["is_change"], back, rx.fragment()),
        ],
    )


def _changed(row: Any) -> rx.Component:
    def value(name: str) -> Any:
        shaped = rx.match(
            row["shape"],
            ("money", fmt.money(row[name], row["currency"])),
            ("day", fmt.day(row[name])),
            ("moment", fmt.moment(row[name])),
            row[name],
        )
        seen = rx.cond(row["shape"] == "picture", small_picture(row[name], row["field"]), shaped)
        return rx.cond(row[name] == "", "—", seen)

    back = icon_button(
        "undo-2",
        t("cards.history.one", field=row["field"]),
        on_click=SettingBack.asked(row["fact_id"], row["name"]),
        class_name="aside",
    )
    return rx.el.div(
        faint(row["field"]),
        " ",
        change(value("old"), value("new")),
        rx.cond(CardPanels.may_set_back & (row["fact_id"] != 0), back, rx.fragment()),
    )


def _further(is_there: Any, word: Any, on_click: Any) -> rx.Component:
    return rx.cond(is_there, button(word, kind="plain", on_click=on_click), rx.fragment())


def card_files(guests_read: Any = None) -> rx.Component:
    """The files of the card, and a place for more; guests_read as for comments."""
    url = "/files?card=" + CardPanels.card + ":" + CardPanels.card_id.to_string()
    choice = rx.fragment()
    if guests_read is not None:
        url += rx.cond(CardPanels.guests_see_files, "&guests=1", "")
        box = check_field(
            "file-guests",
            t("cards.guests_see_this"),
            checked=CardPanels.guests_see_files,
            on_change=CardPanels.file_readers_chosen,
        )
        choice = rx.cond(guests_read, box, choice)

    def file(row: Any) -> rx.Component:
        sign = icon("file") if guests_read is None else rx.cond(row["is_internal"], icon("lock"), icon("eye"))
        return attached(row, sign, icon_button("x", t("ui.remove"), on_click=CardPanels.file_removed(row["id"])))

    drop = file_drop(
        url=url,
        label=t("cards.add_files"),
        multiple=True,
        max_bytes=LARGEST_FILE,
        on_uploaded=CardPanels.file_uploaded,
    )
    return panel("cards.files", rx.foreach(CardPanels.files, file), choice, drop)


def attached(row: Any, sign: rx.Component, *doings: rx.Component) -> rx.Component:
    """One file: a click saves it."""
    name = file_link(row["name"], href=row["href"], class_name="text-link cut grow")
    return line(sign, name, faint(fmt.size(row["size"])), *doings)


def card_tags() -> rx.Component:
    """The tags of the card, and a line for one more."""
    words = t("cards.tag_new")
    return panel(
        "cards.field.tags",
        stack(
            line(
                rx.foreach(CardPanels.tags, lambda name: tag(name, on_remove=CardPanels.tag_removed(name))),
                class_name="wrap",
                gap="s",
            ),
            form(
                rx.el.input(name="tag", placeholder=words, class_name="input", custom_attrs={"aria-label": words}),
                on_submit=CardPanels.tag_added,
                saved=CardPanels.tags_added,
                reset_on_saved=True,
            ),
        ),
    )


def card_star() -> rx.Component:
    """One's own star on the card."""
    return star_button(CardPanels.is_starred, CardPanels.star_clicked)


def star_button(is_starred: Any, on_click: Any) -> rx.Component:
    """One's own star, full or empty."""
    label = t("cards.field.star")
    return rx.cond(
        is_starred,
        icon_button("star", label, class_name="star-on", on_click=on_click, custom_attrs={"aria-pressed": "true"}),
        icon_button("star", label, class_name="star-off", on_click=on_click, custom_attrs={"aria-pressed": "false"}),
    )
