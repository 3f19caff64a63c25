"""The place of a card in its column, whatever goes through the pipeline: DEALS = Places(Deal)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from crm_app.core import ranks
from crm_app.core.door import Tx
from crm_app.core.policy import past_the_policies
from crm_app.pipelines.models import Stage


class Places:
    """Ranks of the cards of one table. model: has id, stage_id and rank. Its statements are built once."""

    def __init__(self, model: Any) -> None:
        others = select(model.rank).where(model.stage_id == bindparam("stage"), model.id != bindparam("card"))
        self._rank_of = others.where(model.id == bindparam("beside"))
        self._top = others.order_by(model.rank)
        self._below = others.where(model.rank > bindparam("rank")).order_by(model.rank)
        self._above = others.where(model.rank < bindparam("rank")).order_by(model.rank.desc())

    def rank_in(
        self, tx: Tx, stage: Stage, card_id: int = 0, before_id: int | None = None, after_id: int | None = None
    ) -> str:
        """A rank before or after another card of the column: on top where neither is there.

        Cards that the actor may not see have places too, which must not be given twice: so nothing but ranks is read,
        past the policies. The stage is locked by `tx.need`, so two who drop at once get different ranks.
        """
        column = {"stage": stage.id, "card": card_id}
        with past_the_policies(tx.session):
            high = None if before_id is None else tx.one(self._rank_of, beside=before_id, **column)
            if high is not None:
                return ranks.between(tx.one(self._above, rank=high, **column), high)
            low = None if after_id is None else tx.one(self._rank_of, beside=after_id, **column)
            if low is not None:
                return ranks.between(low, tx.one(self._below, rank=low, **column))
            return ranks.between(None, tx.one(self._top, **column))
