"""The items of a deal: a table whose figures are edited in place."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.deals.rules import VAT_RATES
from crm_app.deals.screens.deal_state import OneDeal
from crm_app.deals.screens.items_state import DealItems
from crm_app.ui.button import button
from crm_app.ui.dialog import menu, menu_item
from crm_app.ui.form import form
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import edited_value
from crm_app.ui.layout import faint, line, panel, soft, stack
from crm_app.ui.plain_table import plain_row, plain_table


def items_panel() -> rx.Component:
    """What is sold, what it comes to, and whether that is the deal's amount."""
    heads = [t(f"deals.item.{name}") for name in ("name", "quantity", "price", "discount", "vat", "total")]
    table = plain_table([*heads, ""], rx.foreach(DealItems.items, _item), label=t("deals.items"))
    return panel(
        "deals.items",
        stack(
            rx.cond(DealItems.items.length() > 0, stack(table, _totals()), rx.fragment()),
            rx.cond(OneDeal.may_change, _add(), rx.fragment()),
            gap="l",
        ),
    )


def _item(row: Any) -> rx.Component:
    rates = [{"id": "", "label": "—", "hint": ""}, *({"id": str(r), "label": f"{r} %", "hint": ""} for r in VAT_RATES)]
    return plain_row(
        _cell(row, "name"),
        _cell(row, "quantity"),
        _cell(row, "price", display=fmt.money(row["price_minor"], OneDeal.values["currency"])),
        _cell(row, "discount", display=rx.cond(row["discount"] == "0", "—", row["discount"] + " %")),
        _cell(row, "vat", kind="select", options=rates),
        rx.el.span(fmt.money(row["total"], OneDeal.values["currency"]), class_name="figures"),
        rx.cond(OneDeal.may_change, _doings(row), rx.fragment()),
        row_id=row["id"],
    )


def _doings(row: Any) -> rx.Component:
    return menu(
        icon("ellipsis"),
        menu_item(t("deals.item.up"), icon_name="arrow-up", on_click=DealItems.item_raised(row["id"])),
        menu_item(t("deals.item.down"), icon_name="arrow-down", on_click=DealItems.item_lowered(row["id"])),
        menu_item(t("deals.item.copy"), icon_name="copy", on_click=DealItems.item_copied(row["id"])),
        menu_item(t("deals.item.remove"), icon_name="trash-2", danger=True, on_click=DealItems.item_removed(row["id"])),
        label=t("deals.item.more", item=row["name"]),
    )


def _cell(row: Any, field: str, **props: Any) -> rx.Component:
    return edited_value(
        row["id"].to_string() + f":{field}",
        t(f"deals.item.{field}"),
        value=row[field],
        empty="—",
        on_save=DealItems.item_edited,
        verdicts=DealItems.verdicts,
        disabled=~OneDeal.may_change,
        **props,
    )


def _totals() -> rx.Component:
    by_items = button(
        rx.cond(OneDeal.amount_by_items, t("deals.amount_is_items"), t("deals.make_amount_items")),
        small=True,
        on_click=OneDeal.by_items_toggled,
        custom_attrs={"aria-pressed": OneDeal.amount_by_items},
    )
    return stack(
        rx.foreach(DealItems.totals, _total),
        line(rx.cond(OneDeal.may_change, by_items, rx.fragment()), class_name="wrap"),
        faint(t("deals.item.rounding")),
    )


def _total(row: Any) -> rx.Component:
    """One of the sums below the items; the total stands out."""
    name = rx.match(
        row["name"],
        ("full", t("deals.item.full")),
        ("discounted", t("deals.item.discounted")),
        ("net", t("deals.item.net")),
        ("vat_of", t("deals.item.vat_of", rate=row["rate"])),
        t("deals.item.total"),
    )
    sum_ = rx.el.span(fmt.money(row["minor"], OneDeal.values["currency"]), class_name="figures")
    shown = line(soft(name), rx.el.span(class_name="grow"), sum_, custom_attrs={"data-total": row["name"]})
    return rx.cond(row["name"] == "total", rx.el.strong(shown), shown)


def _add() -> rx.Component:
    words = t("deals.item.new")
    return form(
        line(
            rx.el.input(name="item", placeholder=words, class_name="input grow", custom_attrs={"aria-label": words}),
            button(t("deals.item.add"), type="submit", icon_name="plus"),
        ),
        on_submit=DealItems.item_added,
        saved=DealItems.added,
        reset_on_saved=True,
    )
