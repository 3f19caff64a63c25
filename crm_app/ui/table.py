"""Lists of any length.

    table(
        [
            Column("name", t("clients.name"), lambda row: link(row["name"], href=row["href"]), width="2fr"),
            Column("amount", t("deals.amount"), lambda row: fmt.money(row["amount"], row["currency"]), align="end"),
        ],
        page=Clients.page,                    # the page that came last; earlier ones stay in the browser
        row_type=ClientRow,
        on_need=Clients.more_needed,          # (after: str): put that page into `page`
        sort=Clients.sort, on_sort=Clients.sorted_by,        # "name" or "-name"
        on_open=Clients.row_opened,           # (row_id: int), by click or Enter
        on_tick=Clients.rows_ticked,          # (ids: list[int], all_matching: bool); gives tick boxes
        card=lambda row: …,                   # how a row looks on a phone
        empty=empty(…), label=t("clients.title"),
        shown=Clients.shown,                  # list[ShownColumn]: which columns, in which order; [] for the usual ones
        on_size=Clients.column_sized,         # (key: str, width: int), by dragging the edge of a heading
        edits=Clients.edits,                  # keys of columns whose cells are edited where they stand
        on_cell=Clients.cell_wanted, on_give=Clients.cell_given, cell=Clients.cell,     # see CellAnswer
        on_search=Clients.cell_searched, found=Clients.cell_found,      # (words): for cells of kind "search"
    )

The state holds one page (at most 100 rows), a `TablePage`, every row with an `id`.
Generation 0 is not there yet: grey lines stand in for it. A new generation (filter, order) starts the list anew, at its
top. When others have changed something, send the page `after=""` again under the same generation: it takes the place of
its former self, what was pushed out of it is asked for by itself, and the person stays where they are.

Keys: arrows, Home, End, Enter opens, Space or X ticks (with Shift a range), Esc clears the ticks. The arrows to the
sides choose a cell, Enter or F2 edits it; by mouse a double click does, by touch nothing: there a tap opens the card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import reflex as rx

from crm_app.ui.button import icon_button
from crm_app.ui.field import Option, choose_labels
from crm_app.ui.i18n import t
from crm_app.ui.inline_edit import conflict_labels
from crm_app.ui.layout import soft
from crm_app.ui.render import render_fn

for _part in ("pages.js", "printing.js", "table_columns.jsx", "table_head.jsx", "cell_edit.jsx", "cells.js"):
    rx.asset(_part, shared=True)


class TablePage(TypedDict):
    """One page of a list. after, next: the keys that it and the following page begin behind, "" where none does."""

    rows: list[Any]
    after: str
    next: str
    total: int
    generation: int


NO_PAGE: TablePage = {"rows": [], "after": "", "next": "", "total": 0, "generation": 0}


@dataclass(frozen=True)
class Column:
    """A column: its key is what `sort` names; `width` is a CSS grid track.

    yields: it is left out where the list is too narrow for all; the rightmost such column goes first. is_spare: it is
    not there until it is among those that are `shown`.
    """

    key: str
    title: Any
    cell: Callable[[Any], Any]
    width: str = "minmax(96px, 1fr)"
    align: Literal["start", "end"] = "start"
    sortable: bool = True
    yields: bool = False
    is_spare: bool = False


class ShownColumn(TypedDict):
    """A column that somebody has chosen. width: pixels, 0 for its own. is_face: it is one of the table's `columns`; of
    others each row has the words under its `more`.
    """

    key: str
    title: str
    width: int
    is_face: bool
    sortable: bool
    align: str


class CellAnswer(TypedDict):
    """What is said to a cell that was opened or given a value; `number` makes each answer a new one.

    state: "open" with the value as it is typed, how it is edited, and what there is to choose from; "saved" with the
    row as it is now; "refused" with the sentence in `told`; "conflict" with what another wrote there meanwhile as
    the value. shown: the value in words, where it can't be read.
    """

    number: int
    state: str
    row_id: int
    key: str
    value: str
    kind: str
    options: list[Option]
    shown: str
    told: str
    rows: list[Any]


NO_CELL: CellAnswer = {
    "number": 0, "state": "", "row_id": 0, "key": "", "value": "", "kind": "", "options": [], "shown": "", "told": "",
    "rows": [],
}  # fmt: skip


class VirtualTable(rx.NoSSRComponent):
    """The JavaScript face."""

    library = rx.asset("virtual_table.jsx", shared=True).importable_path
    tag = "VirtualTable"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]

    page: rx.Var[Any]
    columns: rx.Var[list[dict[str, Any]]]
    sort: rx.Var[str]
    tickable: rx.Var[bool]
    row_height: rx.Var[int]
    card_height: rx.Var[int]
    render_card: rx.Var[Any]
    labels: rx.Var[dict[str, str]]
    shown: rx.Var[list[ShownColumn]]
    cell: rx.Var[CellAnswer]
    edits: rx.Var[list[str]]
    on_cell: rx.EventHandler[lambda row_id, key: [row_id, key]]
    on_give: rx.EventHandler[lambda row_id, key, value, seen: [row_id, key, value, seen]]
    found: rx.Var[list[Option]]
    on_search: rx.EventHandler[lambda words: [words]]
    on_size: rx.EventHandler[lambda key, width: [key, width]]
    on_need: rx.EventHandler[lambda after: [after]]
    on_sort: rx.EventHandler[lambda sort: [sort]]
    on_open: rx.EventHandler[lambda row_id: [row_id]]
    on_tick: rx.EventHandler[lambda ids, all_matching: [ids, all_matching]]


def table(
    columns: list[Column],
    *,
    page: Any,
    row_type: type,
    label: Any,
    empty: rx.Component,
    card: Callable[[Any], rx.Component] | None = None,
    **props: Any,
) -> rx.Component:
    """A virtual list; see the module."""
    faces = [
        {
            "key": column.key,
            "title": column.title,
            "width": column.width,
            "align": column.align,
            "sortable": column.sortable,
            "yields": column.yields,
            "spare": column.is_spare,
            "cell": render_fn(_as_component(column.cell), row_type),
        }
        for column in columns
    ]
    if card is not None:
        props["render_card"] = render_fn(card, row_type)
    labels = {"table": label, "all": t("ui.table.all"), "tick": t("ui.table.tick"), "printed": t("ui.table.printed")}
    labels |= conflict_labels() | choose_labels() | {"close": t("ui.cell.close")}
    return VirtualTable.create(empty, page=page, columns=faces, labels=labels, tickable="on_tick" in props, **props)


def print_button() -> rx.Component:
    """Prints the list of the page with its columns, conditions and order: a thousand rows at most."""
    return icon_button("printer", t("ui.table.print"), custom_attrs={"data-print": ""})


def bulk_bar(count: Any, *actions: Any, shown: Any, text: Any = None) -> rx.Component:
    """The bar at the foot of a list while rows are ticked: how many, and what can be done with them."""
    words = text if text is not None else t("ui.table.ticked", n=count)
    return rx.cond(
        shown,
        rx.el.div(soft(words), *actions, class_name="bulk-bar", custom_attrs={"role": "toolbar", "aria-label": words}),
        rx.fragment(),
    )


def _as_component(cell: Callable[[Any], Any]) -> Callable[[Any], rx.Component]:
    def body(row: Any) -> rx.Component:
        inside = cell(row)
        return inside if isinstance(inside, rx.Component) else rx.el.span(inside, class_name="cut")

    return body
