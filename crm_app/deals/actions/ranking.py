"""The place of a deal in its column."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.core import ranks
from crm_app.core.door import Tx
from crm_app.core.policy import past_the_policies
from crm_app.deals.models import Deal
from crm_app.pipelines.models import Stage


def rank_in(tx: Tx, stage: Stage, deal_id: int = 0, before_id: int | None = None, after_id: int | None = None) -> str:
    """A rank before or after another deal of the column: on top where neither is there.

    Deals that the actor may not see have places too, which must not be given twice: so nothing but ranks is read, past
    the policies. The stage is locked by `tx.need`, so two who drop at once get different ranks.
    """
    column = select(Deal.rank).where(Deal.stage_id == stage.id, Deal.id != deal_id)
    with past_the_policies(tx.session):
        high = _rank_of(tx, column, before_id)
        if high is not None:
            return ranks.between(tx.one(column.where(Deal.rank < high).order_by(Deal.rank.desc())), high)
        low = _rank_of(tx, column, after_id)
        if low is not None:
            return ranks.between(low, tx.one(column.where(Deal.rank > low).order_by(Deal.rank)))
        return ranks.between(None, tx.one(column.order_by(Deal.rank)))


def _rank_of(tx: Tx, column: Any, deal_id: int | None) -> str | None:
    return None if deal_id is None else tx.one(column.where(Deal.id == deal_id))
