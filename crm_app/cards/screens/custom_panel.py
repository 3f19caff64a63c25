"""Custom fields on a card's page, and those that the form of a new card asks for.

The page lists `CustomFields.opened` after its own State's, and puts `custom_panel()` below its data.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.custom_state import CustomFields
from crm_app.ui.dialog import popover
from crm_app.ui.field import AmountInput, Combobox, MomentInput, choose_labels, error_line
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import edited_value
from crm_app.ui.layout import faint, panel, stack
from crm_app.ui.link import file_link, link, outside_link


def custom_panel() -> rx.Component:
    """The fields that the company has given to cards of this kind; nothing, where there are none."""
    fields = panel("cards.custom", stack(rx.foreach(CustomFields.lines, _field)))
    return rx.cond(CustomFields.lines.length() > 0, fields, rx.fragment())


def _field(row: Any) -> rx.Component:
    return stack(
        faint(row["label"], title=row["help"]),
        rx.match(
            row["control"],
            ("ticks", rx.cond(row["is_written"], _ticks(row), _read(row))),
            ("client", rx.cond(row["is_written"], _inline(row), _read(row))),
            _inline(row),
        ),
        rx.cond(row["is_written"], _way(row), rx.fragment()),
        gap="none",
        class_name="inline-field",
    )


def _inline(row: Any) -> rx.Component:
    display = rx.match(
        row["shape"],
        ("number", fmt.number(row["amount"])),
        ("money", fmt.money(row["amount"], row["currency"])),
        ("day", fmt.day(row["value"])),
        ("moment", fmt.moment(row["value"])),
        row["shown"],
    )
    return edited_value(
        row["name"],
        row["label"],
        value=row["value"],
        kind=rx.cond(row["control"] == "client", "search", row["control"]),
        display=display,
        options=row["options"],
        found=CustomFields.found,
        of=CustomFields.card_id,
        on_save=CustomFields.field_edited,
        on_search=CustomFields.client_searched,
        verdicts=CustomFields.verdicts,
        disabled=~row["is_written"],
    )


def _read(row: Any) -> rx.Component:
    return rx.cond(row["href"] == "", rx.el.span(rx.cond(row["shown"] == "", "—", row["shown"])), _way(row))


def _way(row: Any) -> rx.Component:
    """Where a link, a client or a file leads."""
    name, follow = rx.cond(row["shown"] == "", "—", row["shown"]), t("cards.custom.follow")
    way = rx.match(
        row["control"],
        ("url", outside_link(follow, href=row["href"])),
        ("client", link(rx.cond(row["is_written"], follow, name), href=row["href"])),
        file_link(name, href=row["href"], class_name="text-link cut"),
    )
    return rx.cond(row["href"] == "", rx.fragment(), way)


def _ticks(row: Any) -> rx.Component:
    def tick(option: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=option["is_chosen"],
                on_change=lambda is_on: CustomFields.option_ticked(row["name"], option["id"], is_on),
            ),
            rx.el.span(option["label"]),
            class_name="tick",
        )

    words = rx.fragment(rx.cond(row["shown"] == "", t("ui.inline.empty"), row["shown"]), icon("pencil", 12))
    return popover(words, stack(rx.foreach(row["ticks"], tick)), label=row["label"], look="inline-value")


def _client(row: Any) -> rx.Component:
    """A client, found by words."""
    return Combobox.create(
        name=row["name"],
        value=row["value"],
        text=row["shown"],
        options=CustomFields.found,
        labels=choose_labels(),
        class_name="input",
        custom_attrs={"aria-label": row["label"]},
        on_search=CustomFields.client_searched,
    )


# ---- in the form of a new card ---------------------------------------------------------------------------------------


def asked_fields(lines: Any, errors: Any) -> rx.Component:
    """What is filled in at once: `typed_values` reads it. lines: a list var of `OwnFieldLine`."""
    return rx.foreach(lines, lambda row: _asked(row, errors))


def _asked(row: Any, errors: Any) -> rx.Component:
    spot = "f-" + row["name"].to(str)
    marks = {"id": spot, "aria-required": row["is_required"]}
    star = rx.el.span("*", class_name="needed", custom_attrs={"aria-hidden": "true"})
    plain: dict[str, Any] = {"name": row["name"], "class_name": "input", "custom_attrs": marks}
    return rx.el.div(
        rx.el.label(
            row["label"],
            rx.cond(row["is_required"], star, rx.fragment()),
            class_name="field-label",
            html_for=spot,
        ),
        rx.match(
            row["control"],
            ("textarea", rx.el.textarea(default_value=row["value"], rows="3", **plain)),
            ("amount", AmountInput.create(value=row["value"], **plain)),
            ("moment", MomentInput.create(value=row["value"], **plain)),
            ("date", rx.el.input(type="date", default_value=row["value"], **plain)),
            ("select", _select(row, plain)),
            ("ticks", _asked_ticks(row)),
            ("client", _client(row)),
            rx.el.input(default_value=row["value"], **plain),
        ),
        rx.cond(row["help"] == "", rx.fragment(), rx.el.div(row["help"], class_name="field-help")),
        rx.cond(errors.contains(row["name"]), error_line(errors[row["name"]]), rx.fragment()),
        class_name="field",
    )


def _select(row: Any, plain: dict[str, Any]) -> rx.Component:
    options = rx.foreach(row["options"], lambda option: rx.el.option(option["label"], value=option["id"]))
    return rx.el.select(options, default_value=row["value"], **plain)


def _asked_ticks(row: Any) -> rx.Component:
    """The hidden line says that the field was asked for, though nothing may be ticked."""
    asked = rx.el.input(type="hidden", name=row["name"], value="")
    return stack(asked, rx.foreach(row["ticks"], lambda option: _asked_tick(row, option)))


def _asked_tick(row: Any, option: Any) -> rx.Component:
    name = row["name"].to(str) + ":" + option["id"].to(str)
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=option["is_chosen"]),
        rx.el.span(option["label"]),
        class_name="tick",
    )
