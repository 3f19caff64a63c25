"""Whether a card fits conditions, as it is now: asked past the row policies, since it is no matter who asks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.cards.filters import Filter, compile_filter
from crm_app.core.door import Tx
from crm_app.deals.models import Deal
from crm_app.deals.queries.due_approvals import by_nobody
from crm_app.pipelines.approvers import asked_by


def fits(tx: Tx, card: str, card_id: int, conditions: Filter) -> bool:
    """A card that is in the bin fits nothing. Raises BadInput where a field that is asked about is gone."""
    deal: Any = Deal
    with by_nobody(tx), tx.reading():
        held = compile_filter(tx, conditions, asked_by(tx, card, conditions))
        return tx.scalar(select(deal.id).where(deal.id == card_id, held)) is not None
