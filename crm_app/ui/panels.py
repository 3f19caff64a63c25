"""Panels: what other features show on a card's page, without the page knowing them.

add_panel("client", client_deals_panel)       # in deals/screens/__init__.py
filled_by(ClientDeals, panel("deals.title", …))   # fills itself
*panels_of("client")                          # on the client's page
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

PanelPart = Callable[[], rx.Component]

ADDRESS_MS = 30
"""So long after a page is shown, what it sends tells its own address; before, that of the page one has left."""

_panels: dict[str, list[PanelPart]] = {}


def add_panel(card: str, part: PanelPart) -> None:
    """Put a panel on the page of a kind of card; the order is that in which features are loaded."""
    known = _panels.setdefault(card, [])
    if part not in known:
        known.append(part)


def filled_by(state: Any, shown: rx.Component) -> rx.Component:
    """A panel that fills itself when its page is shown, and anew for each card; not there until it is of that card.

    state: a FillsItself, see access/screens/base.py.
    """
    here = rx.State.router.url.path
    inside = rx.cond(state.filled_at == here, shown, rx.fragment())
    # the key stands around what is mounted: on the same element it would change without anything being mounted anew
    return rx.fragment(rx.el.div(inside, on_mount=state.opened.debounce(ADDRESS_MS)), key=here)


def panels_of(card: str) -> list[rx.Component]:
    """The panels of a kind of card, made."""
    return [part() for part in _panels.get(card, [])]
