"""Cards that may be the same as one that is described, as programs get them."""

from __future__ import annotations

from typing_extensions import TypedDict

from crm_app.api.forms import shaped
from crm_app.clients.alike import Alike


class AlikeCard(TypedDict):
    """A card that may be the same. by: what they have in common, "inn", "phone", "email" or "name"."""

    id: int
    name: str
    responsible: str
    by: str


class UnseenCard(TypedDict):
    """That there is such a card, which the holder of the key may not see. ask: who runs it, "" where nobody does."""

    ask: str


class AlikeCards(TypedDict):
    """Cards that may be the one described, surest first, and whom to ask about those that are not shown."""

    items: list[AlikeCard]
    unseen: list[UnseenCard]


def alike_json(found: list[Alike]) -> AlikeCards:
    """What was found, apart what may not be shown."""
    return {
        "items": [shaped(AlikeCard, each) for each in found if each.id],
        "unseen": [{"ask": each.responsible} for each in found if not each.id],
    }
