"""Deals whose stage is no more stand in another one, by nobody's will: no rule of moves is asked."""

from __future__ import annotations

from crm_app.core.door import Tx
from crm_app.deals.actions.moves import END_STAY
from crm_app.deals.actions.values import told
from crm_app.deals.events import DealCarriedOver
from crm_app.deals.models import Deal, StageSpan
from crm_app.pipelines.carried import CARRIED, Carried
from crm_app.pipelines.models import DEAL, Stage


def _carry_over(tx: Tx, deal: Deal, here: Stage, there: Stage) -> None:
    tx.give(END_STAY, deal=deal.id, now=tx.now)
    tx.add_many(StageSpan, [{"deal_id": deal.id, "stage_id": there.id, "entered_at": tx.now}])
    tx.record(DealCarriedOver(**told(tx, deal), from_stage=here.name, to_stage=there.name))


CARRIED[DEAL] = Carried(Deal, _carry_over)
