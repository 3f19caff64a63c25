"""In the bar for ticked rows of clients, contacts and leads: a mailing to them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.mailings.rules import CARDS
from crm_app.ui.button import link_button
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import t


def bulk_mailing(state: Any, card: str) -> rx.Component:
    """On to a new mailing to the ticked cards, or to all that match."""
    if card not in CARDS:
        return rx.fragment()
    ticked = f"/mailings/new?{card}s=" + state.ticked.join(",")
    href = rx.cond(state.all_ticked, "/mailings/new" + state.audience_text, ticked)
    return if_may("mailing.change", link_button(t("cards.bulk.mail"), href=href, icon_name="mail"))
