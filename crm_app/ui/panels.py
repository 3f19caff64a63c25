"""Panels: what other features show on a card's page, without the page knowing them.

add_panel("client", client_deals_panel)       # in deals/screens/__init__.py; the panel fills itself when it is mounted
*panels_of("client")                          # on the client's page
"""

from __future__ import annotations

from collections.abc import Callable

import reflex as rx

PanelPart = Callable[[], rx.Component]

_panels: dict[str, list[PanelPart]] = {}


def add_panel(card: str, part: PanelPart) -> None:
    """Put a panel on the page of a kind of card; the order is that in which features are loaded."""
    known = _panels.setdefault(card, [])
    if part not in known:
        known.append(part)


def panels_of(card: str) -> list[rx.Component]:
    """The panels of a kind of card, made."""
    return [part() for part in _panels.get(card, [])]
