"""A short table that is all there: settings, figures, items. Long lists are `table`.

plain_table([t("tasks.title"), t("tasks.due")], rx.foreach(State.rows, lambda row: plain_row(row["title"], row["due"])))
"""

from __future__ import annotations

from typing import Any

import reflex as rx


def plain_table(headings: list[Any] | Any, *rows: Any, label: Any = None) -> rx.Component:
    """A table with a line under each row; headings are texts, or cells made by `plain_heading`."""
    cells = [plain_heading(each) for each in headings] if isinstance(headings, list) else [headings]
    attrs = {"aria-label": label} if label is not None else {}
    return rx.el.div(
        rx.el.table(rx.el.thead(rx.el.tr(*cells)), rx.el.tbody(*rows), class_name="rows", custom_attrs=attrs),
        class_name="rows-box",
        custom_attrs={"tabIndex": "0", "role": "group", **attrs},
    )


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
