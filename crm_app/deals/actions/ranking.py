"""The place of a deal in its column."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from crm_app.core import ranks
from crm_app.core.door import Tx
from crm_app.core.policy import past_the_policies
from crm_app.deals.models import Deal
from crm_app.pipelines.models import Stage

_OTHERS = select(Deal.rank).where(Deal.stage_id == bindparam("stage"), Deal.id != bindparam("deal"))
_RANK_OF = _OTHERS.where(Deal.id == bindparam("beside"))
_TOP = _OTHERS.order_by(Deal.rank)
_BELOW = _OTHERS.where(Deal.rank > bindparam("rank")).order_by(Deal.rank)
_ABOVE = _OTHERS.where(Deal.rank < bindparam("rank")).order_by(Deal.rank.desc())


def rank_in(tx: Tx, stage: Stage, deal_id: int = 0, before_id: int | None = None, after_id: int | None = None) -> str:
    """A rank before or after another deal of the column: on top where neither is there.

    Deals that the actor may not see have places too, which must not be given twice: so nothing but ranks is read, past
    the policies. The stage is locked by `tx.need`, so two who drop at once get different ranks.
    """
    column = {"stage": stage.id, "deal": deal_id}
    with past_the_policies(tx.session):
        high = None if before_id is None else tx.one(_RANK_OF, beside=before_id, **column)
        if high is not None:
            return ranks.between(tx.one(_ABOVE, rank=high, **column), high)
        low = None if after_id is None else tx.one(_RANK_OF, beside=after_id, **column)
        if low is not None:
            return ranks.between(low, tx.one(_BELOW, rank=low, **column))
        return ranks.between(None, tx.one(_TOP, **column))
