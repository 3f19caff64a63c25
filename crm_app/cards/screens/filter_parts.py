"""The bar of conditions of lists and boards; their pages list `ListFilter.opened` after their own State's."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.queries.shelf import COUNTED
from crm_app.cards.screens.filter_state import ListFilter
from crm_app.cards.screens.shelf_state import ListShelf
from crm_app.ui.filter_bar import filter_bar
from crm_app.ui.i18n import t
from crm_app.ui.plain_table import small_select


def whole_filter_bar(state: Any) -> rx.Component:
    """All that the cards of a page can be asked about. state: of the page, with `filter` and `filter_changed`."""
    return previewing_bar(ListFilter, state.filter, state.filter_changed)


def previewing_bar(asked: Any, conditions: Any, on_change: Any) -> rx.Component:
    """Conditions that tell what they leave while they are put together. asked: a State with `fields`, `preview` and
    `previewed`; on_change: takes the conditions.
    """
    return filter_bar(
        asked.fields, filter=conditions, on_change=on_change, preview=asked.preview, on_preview=asked.previewed,
        most=COUNTED,
    )  # fmt: skip


def saved_filters() -> rx.Component:
    """A choice of the filters and groups of the shelf; the page lists `ListShelf.opened` too."""
    return small_select(t("cards.shelf.choose"), ListShelf.at, ListShelf.choices, on_change=ListShelf.entry_chosen)
