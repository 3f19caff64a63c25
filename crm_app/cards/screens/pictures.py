"""The picture at the head of a card: `card_picture(State.name, State.picture, …)`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.pictures_state import CardPictures
from crm_app.core.pictures import LARGEST
from crm_app.ui.avatar import avatar
from crm_app.ui.i18n import t
from crm_app.ui.picture import picture_drop


def card_picture(card: str, card_id: Any, face: dict[str, Any], may_change: Any) -> rx.Component:
    """A card's picture, or its initials; for who may, a place for another one. face: the arguments of its avatar."""
    shown = avatar(size="large", **face)
    labels = {
        "change": t("cards.picture.change"), "choose": t("cards.picture.choose"), "hint": t("cards.picture.hint"),
        "remove": t("cards.picture.remove"), "picture": t("cards.picture.picture"),
    }  # fmt: skip
    changed = picture_drop(
        shown,
        picture=face["picture"],
        card=card,
        number=card_id,
        max_bytes=LARGEST,
        labels=labels,
        on_removed=CardPictures.removed,
    )
    return rx.cond(may_change, changed, shown)
