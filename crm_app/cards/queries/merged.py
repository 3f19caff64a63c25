"""What became of a card that is not there any more."""

from __future__ import annotations

from crm_app.cards.kinds import KINDS
from crm_app.cards.merged import now_at
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query


@query(LOGGED_IN)
def find_merged(tx: Tx, card: str, card_id: int) -> int:
    """The id of the card into which one was merged; 0 where it was not, and where the actor does not see that card."""
    now = now_at(tx, card, [card_id]).get(card_id, 0) if card in KINDS else 0
    return now if now and tx.find(KINDS[card].model, now) is not None else 0
