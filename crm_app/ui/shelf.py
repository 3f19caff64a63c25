"""What stands at the left of a list: filters and groups; above it, folded, where there is no room at its left.

beside_shelf(
    shelf(
        entries=Shelf.entries,          # list[ShelfEntry], see below
        at=Shelf.at,                    # the key of the one that the list shows now, "" for none of them
        counts=Shelf.counts,            # key → 42
        most=10_000,                    # where counting ends: a higher one is shown as "10,000+"
        can_save=Shelf.can_save,        # whether what the list shows now could be kept as a filter
        may_share=Shelf.may_share,
        on_count=Shelf.counts_wanted,   # once it is shown
        on_save=Shelf.filter_saved,     # (name): what the list shows now
        on_group=Shelf.group_added,     # (name)
        on_name=Shelf.entry_named,      # (key, name)
        on_update=Shelf.entry_updated,  # (key): what the list shows now becomes its conditions
        on_place=Shelf.entry_placed,    # (key, shared, before_key): dragged, or by the menu
        on_remove=Shelf.entry_removed,  # (key)
    ),
    filter_bar(…), table(…),
)
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

import reflex as rx
from reflex.event import no_args_event_spec

from crm_app.ui.i18n import t

rx.asset("shelf_entry.jsx", shared=True)


class ShelfEntry(TypedDict):
    """A filter or a group. words: its conditions, to be read; is_shared: a group of everyone's."""

    key: str
    side: Literal["system", "shared", "own", "group"]
    name: str
    words: str
    href: str
    is_shared: bool
    may_change: bool


class Shelf(rx.Component):
    """The JavaScript face."""

    library = rx.asset("shelf.jsx", shared=True).importable_path
    tag = "Shelf"

    entries: rx.Var[list[ShelfEntry]]
    counts: rx.Var[dict[str, int]]
    most: rx.Var[int]
    at: rx.Var[str]
    can_save: rx.Var[bool]
    may_share: rx.Var[bool]
    labels: rx.Var[dict[str, str]]
    on_count: rx.EventHandler[no_args_event_spec]
    on_save: rx.EventHandler[lambda name: [name]]
    on_group: rx.EventHandler[lambda name: [name]]
    on_name: rx.EventHandler[lambda key, name: [key, name]]
    on_update: rx.EventHandler[lambda key: [key]]
    on_place: rx.EventHandler[lambda key, shared, before: [key, shared, before]]
    on_remove: rx.EventHandler[lambda key: [key]]


_LABELS = (
    "title", "shared", "drag", "own", "none", "groups", "save", "group", "name", "more", "rename", "update", "share",
    "unshare", "remove",
)  # fmt: skip


def shelf(**props: Any) -> rx.Component:
    """Filters and groups; see the module."""
    return Shelf.create(labels={label: t(f"ui.shelf.{label}") for label in _LABELS}, **props)


def beside_shelf(shelf_: rx.Component, *children: Any) -> rx.Component:
    """A list with its shelf at the left of it."""
    return rx.el.div(shelf_, rx.el.div(*children, class_name="shelf-list"), class_name="with-shelf")
