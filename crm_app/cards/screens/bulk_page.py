"""/bulk: changes of many cards, at work and past, each with what came of it; and `bulk_at_work()` of lists."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.bulk_state import BulkAtWork, BulkHistory
from crm_app.ui.button import button
from crm_app.ui.empty import empty
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.progress import progress_bar
from crm_app.ui.shell import page
from crm_app.ui.status import status


def bulk_page() -> rx.Component:
    nothing = empty("layers", t("cards.bulk.empty"), t("cards.bulk.empty_hint"))
    is_empty = BulkHistory.is_ready & (BulkHistory.lines.length() == 0)
    return page(
        t("cards.bulk.title"),
        stack(
            soft(t("cards.bulk.hint")),
            rx.cond(is_empty, nothing, panel(None, _table(), _more())),
            rx.cond(BulkHistory.left_of != 0, _left(), rx.fragment()),
            gap="l",
        ),
    )


def bulk_at_work() -> rx.Component:
    """One's own changes at work, with how far each has come and a button that stops it."""

    def row(each: Any) -> rx.Component:
        stop = button(t("cards.bulk.stop"), icon_name="square", on_click=BulkAtWork.stop_clicked(each["id"]))
        label = rx.el.span(each["of"], " · ", each["what"])
        return progress_bar(each["done"], each["total"], label=label, action=stop)

    work = stack(
        rx.foreach(BulkAtWork.lines, row),
        link(t("cards.bulk.all"), href="/bulk"),
        gap="s",
        custom_attrs={"role": "region", "aria-label": t("cards.bulk.title")},
    )
    return rx.cond(BulkAtWork.lines.length() > 0, work, rx.fragment())


def _table() -> rx.Component:
    heads = [t("cards.bulk.head.what"), t("cards.bulk.head.outcome"), t("cards.bulk.head.when"), ""]
    return plain_table(heads, rx.foreach(BulkHistory.lines, _row), label=t("cards.bulk.title"))


def _row(each: Any) -> rx.Component:
    what = stack(
        rx.el.span(each["what"]),
        line(faint(each["of"]), rx.cond(each["who"] == "", rx.fragment(), faint(each["who"])), gap="s"),
        gap="none",
    )
    came = stack(
        status(each["state"], each["tone"]),
        rx.cond(
            each["is_at_work"],
            progress_bar(each["done"], each["total"], label=each["what"]),
            faint(each["outcome"]),
        ),
        rx.cond(each["error"] == "", rx.fragment(), soft(each["error"])),
        gap="none",
    )
    return plain_row(what, came, fmt.ago(each["at"]), _doings(each), row_id=each["id"])


def _doings(each: Any) -> rx.Component:
    stop = button(t("cards.bulk.stop"), icon_name="square", on_click=BulkHistory.stop_clicked(each["id"]))
    undo = button(t("cards.bulk.undo"), icon_name="rotate-ccw", on_click=BulkHistory.undo_clicked(each["id"]))
    left = button(
        t("cards.bulk.show_left"),
        kind="plain",
        on_click=BulkHistory.left_wanted(each["id"]),
        custom_attrs={"aria-expanded": rx.cond(BulkHistory.left_of == each["id"], "true", "false")},
    )
    return line(
        rx.cond(each["is_at_work"], stop, rx.fragment()),
        rx.cond(each["may_undo"], undo, rx.fragment()),
        rx.cond(each["left"] > 0, left, rx.fragment()),
        class_name="wrap justify-end",
    )


def _more() -> rx.Component:
    return rx.cond(
        BulkHistory.has_more,
        button(t("cards.show_older"), kind="plain", on_click=BulkHistory.more_wanted),
        rx.fragment(),
    )


def _left() -> rx.Component:
    def row(each: Any) -> rx.Component:
        title = rx.cond(each["href"] == "", soft(each["title"]), link(cut(each["title"]), href=each["href"]))
        return line(title, faint(each["reason"]), class_name="wrap")

    return panel(
        "cards.bulk.left_title",
        stack(rx.foreach(BulkHistory.left, row), gap="s"),
        rx.cond(
            BulkHistory.has_more_left,
            button(t("cards.show_older"), kind="plain", on_click=BulkHistory.more_left_wanted),
            rx.fragment(),
        ),
    )
