"""What stands at the left of a list of cards: `list_shelf()`; its page lists `ListShelf.opened` after its own State."""

from __future__ import annotations

import reflex as rx

from crm_app.cards.queries.shelf import COUNTED
from crm_app.cards.screens.shelf_state import ListShelf
from crm_app.ui.shelf import shelf


def list_shelf() -> rx.Component:
    """Filters and groups of the list."""
    return shelf(
        entries=ListShelf.entries,
        counts=ListShelf.counts,
        most=COUNTED,
        at=ListShelf.at,
        can_save=ListShelf.can_save,
        may_share=ListShelf.may_share,
        on_count=ListShelf.counts_wanted,
        on_save=ListShelf.filter_saved,
        on_group=ListShelf.group_added,
        on_name=ListShelf.entry_named,
        on_update=ListShelf.entry_updated,
        on_place=ListShelf.entry_placed,
        on_remove=ListShelf.entry_removed,
    )
