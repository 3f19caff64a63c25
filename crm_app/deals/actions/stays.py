"""How long deals stay where: one row for each stay, written with what moves the deal, by whatever door it goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, update

from crm_app.core.door import Tx
from crm_app.deals.models import Deal, StageSpan

_END = (
    update(StageSpan)
    .where(StageSpan.deal_id == bindparam("deal"), StageSpan.left_at.is_(None))
    .values(left_at=bindparam("now"))
)


def begin_stay(tx: Tx, deal: Deal) -> None:
    """The deal has got to the stage that it is in."""
    stay = {
        "deal_id": deal.id, "stage_id": deal.stage_id, "entered_at": tx.now, "entered_by_id": tx.actor.id or None,
    }  # fmt: skip
    tx.add_many(StageSpan, [stay])


def change_stay(tx: Tx, deal: Deal) -> None:
    """The same of one that was elsewhere until now."""
    tx.give(_END, deal=deal.id, now=tx.now)
    begin_stay(tx, deal)


def resume_stay(tx: Tx, deal: Deal, moved_at: datetime) -> None:
    """The deal is where it was, as if it had never left at that moment."""
    stays = StageSpan.deal_id == deal.id
    tx.run(delete(StageSpan).where(stays, StageSpan.left_at.is_(None)))
    tx.run(update(StageSpan).where(stays, StageSpan.left_at == moved_at).values(left_at=None))
