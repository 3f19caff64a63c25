"""Cards that may be the same as one that is described, as programs get them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from typing_extensions import TypedDict

from crm_app.api.endpoints import seen
from crm_app.api.forms import shaped
from crm_app.clients.alike import COMPARED, Alike
from crm_app.core.door import Tx


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


def alike_to_sent(
    tx: Tx, find: Callable[..., Any], card_id: int, values: Mapping[str, Any], **about: Any
) -> AlikeCards:
    """Other cards that have what was sent of a card. find: the query of that kind; about: what else it should know."""
    asked = {name: values[name] for name in COMPARED if values.get(name)}
    return alike_json(seen(tx, find, **{**about, **asked}, except_id=card_id) if asked else [])
