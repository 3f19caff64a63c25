"""A short table that is all there: settings, figures, items. Long lists are `table`. On a phone its rows are cards.

plain_table([t("tasks.title"), t("tasks.due")], rx.foreach(State.rows, lambda row: plain_row(row["title"], row["due"])))
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars.base import LiteralVar, Var

CELLS = 7
"""More than that no table of this kind has."""


def plain_table(headings: list[Any] | Any, *rows: Any, label: Any = None) -> rx.Component:
    """A table with a line under each row; headings: a list of texts, or a list var of them."""
    if isinstance(headings, list):
        cells = [plain_heading(each) for each in headings]
    else:
        cells = [rx.foreach(headings, plain_heading)]
    attrs = {"aria-label": label} if label is not None else {}
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*cells)),
            rx.el.tbody(*rows),
            class_name="rows",
            style=_for_phones(headings),
            custom_attrs=attrs,
        ),
        class_name="rows-box",
        custom_attrs={"tabIndex": "0", "role": "group", **attrs},
    )


def _for_phones(headings: Any) -> dict[str, Var]:
    """The headings as properties of style, which stand before each cell where a row is a card; without the first."""
    places = range(1, min(len(headings), CELLS) if isinstance(headings, list) else CELLS)
    texts = {place + 1: LiteralVar.create(headings[place]) for place in places}
    return {
        f"--heading-{number}": Var(
            _js_expr=f'({text!s} ? JSON.stringify({text!s}) : "none")', _var_data=text._get_all_var_data()
        )
        for number, text in texts.items()
    }


def plain_heading(text: Any) -> rx.Component:
    """The heading of a column."""
    return rx.el.th(text, custom_attrs={"scope": "col"})


def plain_row(first: Any, *cells: Any, row_id: Any = None) -> rx.Component:
    """A row; its first cell names it."""
    attrs = {"data-row": row_id} if row_id is not None else {}
    return rx.el.tr(
        rx.el.th(first, custom_attrs={"scope": "row"}), *[rx.el.td(cell) for cell in cells], custom_attrs=attrs
    )


def small_select(label: Any, value: Any, options: Any, *, empty: Any = None, **props: Any) -> rx.Component:
    """A choice inside a row, saved at once. options: a list var of `Option`, or (id, text) pairs."""
    if isinstance(options, list):
        lines = [rx.el.option(text, value=option_id) for option_id, text in options]
    else:
        lines = [rx.foreach(options, lambda option: rx.el.option(option["label"], value=option["id"]))]
    first = [rx.el.option(empty, value="")] if empty is not None else []
    attrs = {"aria-label": label}
    return rx.el.select(*first, *lines, value=value, class_name="input input-small", custom_attrs=attrs, **props)
