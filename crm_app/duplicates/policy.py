"""Who sees pairs of cards: whoever sees both."""

from __future__ import annotations

from crm_app.cards.kinds import of_visible_cards
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, policy
from crm_app.duplicates.models import CardPair


def _pairs(actor: Actor) -> Condition:
    if not actor.is_employee:
        return False
    one, other = (of_visible_cards(CardPair.card, card_id, actor) for card_id in (CardPair.one_id, CardPair.other_id))
    return one & other


policy(CardPair, see=_pairs)
