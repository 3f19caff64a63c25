"""The part of the catalogue that lists are made of."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.avatar import person
from crm_app.ui.button import button
from crm_app.ui.catalogue_state import PartRow, Parts
from crm_app.ui.empty import empty
from crm_app.ui.field import Option, search_box
from crm_app.ui.filter_bar import FilterField, filter_bar
from crm_app.ui.i18n import fmt
from crm_app.ui.layout import cut, faint, line, stack
from crm_app.ui.link import link
from crm_app.ui.shelf import ShelfEntry, beside_shelf, shelf
from crm_app.ui.status import status
from crm_app.ui.table import Column, bulk_bar, table

TOWNS: list[Option] = [{"id": "msk", "label": "Москва", "hint": ""}, {"id": "kzn", "label": "Казань", "hint": ""}]


def filters() -> rx.Component:
    """A search and a bar of conditions."""
    fields = [
        FilterField("town", "Город", "choice", options=TOWNS),
        FilterField("amount", "Сумма", "money"),
        FilterField("name", "Название", "text"),
        FilterField("day", "Дата", "date"),
        FilterField("star", "Избранные", "flag"),
    ]
    return stack(
        line(
            search_box("Поиск", on_search=Parts.client_searched),
            filter_bar(fields, filter=Parts.filter, on_change=Parts.filter_changed),
            class_name="wrap",
        ),
        faint(Parts.filter.to_string(), custom_attrs={"data-filter": "true"}),
    )


def shelves() -> rx.Component:
    """With every kind of entry; what is done with them is told by a notice."""
    sides: list[tuple[Any, str, int]] = [
        ("system", "Все клиенты", 10_001),
        ("shared", "Есть открытая сделка", 1_291),
        ("own", "Постоянные из Тулы с очень длинным названием", 12),
        ("group", "Выставка", 5),
    ]
    entries: list[ShelfEntry] = [
        {
            "key": side, "side": side, "name": name, "words": "Статус: Постоянный", "href": "#ui-parts-shelf",
            "is_shared": side == "shared", "may_change": side != "system",
        }
        for side, name, _ in sides
    ]  # fmt: skip
    return beside_shelf(
        shelf(
            entries=entries,
            counts={side: count for side, _, count in sides},
            most=10_000,
            at="shared",
            can_save=True,
            may_share=True,
            on_save=Parts.saved_clicked,
        ),
        faint("Список"),
    )


def long_list() -> rx.Component:
    """A list of a hundred thousand, with ticks."""
    columns = [
        Column(
            "name", "Название", lambda row: link(row["name"], href="/", class_name="cut"), width="minmax(220px, 2fr)"
        ),
        Column("status", "Статус", lambda row: status(row["town"], row["tone"]), sortable=False),
        Column("who", "Ответственный", lambda row: person(row["who"]), width="minmax(150px, 1fr)"),
        Column("amount", "Сумма", lambda row: fmt.money(row["amount"]), align="end", width="130px"),
        Column("day", "Дата", lambda row: fmt.day(row["day"]), align="end", width="110px"),
    ]
    return rx.el.div(
        table(
            columns,
            page=Parts.page,
            row_type=PartRow,
            label="Клиенты",
            sort=Parts.sort,
            on_need=Parts.more_needed,
            on_sort=Parts.sorted_by,
            on_open=Parts.row_opened,
            on_tick=Parts.rows_ticked,
            card=lambda row: stack(
                line(cut(row["name"], class_name="grow"), fmt.money(row["amount"])),
                line(status(row["town"], row["tone"]), person(row["who"])),
                gap="s",
            ),
            empty=empty("users", "Никого", "Под этот фильтр никто не подходит."),
        ),
        bulk_bar(
            Parts.ticked,
            button("Тег", icon_name="tag", small=True),
            button("Экспорт", small=True),
            shown=Parts.ticked > 0,
        ),
        button("Кто-то добавил строку", small=True, on_click=Parts.row_added),
        faint("Открыта строка ", Parts.opened_row, custom_attrs={"data-opened": Parts.opened_row}),
        class_name="stack gap-m tall",
    )
