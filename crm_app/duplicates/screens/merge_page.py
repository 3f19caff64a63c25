"""/duplicates/merge: two columns by field, what is taken of each, and what comes of it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.duplicates.screens.merge_state import Merging
from crm_app.ui.button import button, link_button
from crm_app.ui.field import error_line
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.picture import small_picture
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.shell import page


def merge_page() -> rx.Component:
    headings = [t("duplicates.field"), t("duplicates.side.kept"), t("duplicates.side.absorbed"), t("duplicates.result")]
    return page(
        t("duplicates.merge_title"),
        panel(
            None,
            _who(t("duplicates.stays"), Merging.kept_name, Merging.kept_href),
            _who(t("duplicates.goes"), Merging.absorbed_name, Merging.absorbed_href),
            soft(t("duplicates.explained")),
            plain_table(headings, rx.foreach(Merging.lines, _row), label=t("duplicates.merge_title")),
            rx.cond(Merging.error == "", rx.fragment(), error_line(Merging.error)),
            rx.cond(Merging.may_merge, rx.fragment(), soft(t("duplicates.error.not_yours"))),
            _buttons(),
        ),
    )


def _who(what: Any, name: Any, href: Any) -> rx.Component:
    return line(faint(what), link(cut(name), href=href))


def _buttons() -> rx.Component:
    return line(
        button(t("duplicates.merge"), kind="primary", on_click=Merging.merged, disabled=~Merging.may_merge),
        button(t("duplicates.turn_round"), on_click=Merging.turned_round),
        link_button(t("ui.cancel"), href=Merging.kept_href),
        class_name="wrap",
    )


def _row(row: Any) -> rx.Component:
    both = rx.cond(row["joins"], _choice(row, "both", t("duplicates.side.both")), rx.fragment())
    return plain_row(
        row["label"],
        _choice(row, "kept", _value(row, row["mine"])),
        stack(_choice(row, "absorbed", _value(row, row["theirs"])), both, gap="s"),
        _value(row, row["result"]),
    )


def _choice(row: Any, side: str, label: Any) -> rx.Component:
    """One of the values of a field; where there is nothing to choose, it is only read."""
    name = rx.el.span(label)
    control = rx.el.input(
        type="radio",
        name=row["name"],
        value=side,
        checked=row["side"] == side,
        on_change=lambda _: Merging.chosen(row["name"], side),
    )
    return rx.cond(row["is_open"], rx.el.label(control, name, class_name="tick"), soft(label))


def _value(row: Any, value: Any) -> rx.Component:
    return rx.cond(
        value == "",
        faint("—"),
        rx.match(
            row["shape"],
            ("money", rx.el.span(fmt.money(value.to(int), row["currency"]))),
            ("day", rx.el.span(fmt.day(value))),
            ("moment", rx.el.span(fmt.moment(value))),
            ("picture", small_picture(value, row["label"])),
            rx.el.span(value),
        ),
    )
