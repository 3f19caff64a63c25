"""Tabs: what is shown is chosen by the state, so that it can stand in the address.

tabs([("list", t("deals.list"), None), ("board", t("deals.board"), 5)], value=Board.view, on_change=Board.view_chosen)
tab_panel("list", …, value=Board.view)
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

import reflex as rx

from crm_app.ui.i18n import t


class Tab(TypedDict):
    """One tab; `count` may be None."""

    id: str
    label: str
    count: NotRequired[int | None]


class Tabs(rx.Component):
    """The JavaScript face."""

    library = rx.asset("tabs.jsx", shared=True).importable_path
    tag = "Tabs"

    tabs: rx.Var[list[Tab]]
    value: rx.Var[str]
    label: rx.Var[str]
    on_change: rx.EventHandler[lambda tab_id: [tab_id]]


def tabs(items: list[tuple[str, Any, Any]], *, value: Any, on_change: Any, label: Any = None) -> rx.Component:
    """A row of tabs out of (id, label, count or None)."""
    entries = [
        {"id": each, "label": text, **({"count": count} if count is not None else {})} for each, text, count in items
    ]
    return Tabs.create(
        tabs=entries, value=value, label=label if label is not None else t("ui.views"), on_change=on_change
    )


def tab_panel(tab_id: str, *children: Any, value: Any, **props: Any) -> rx.Component:
    """What a tab shows; absent while another one is chosen."""
    attrs = {"role": "tabpanel", "aria-labelledby": f"tab-{tab_id}"}
    return rx.cond(value == tab_id, rx.el.div(*children, custom_attrs=attrs, **props), rx.fragment())
