"""Deals whose stage is no more stand in another one, by nobody's will: no rule of moves is asked."""

from __future__ import annotations

from crm_app.core.door import Tx
from crm_app.deals.actions.stays import change_stay
from crm_app.deals.actions.values import told
from crm_app.deals.events import DealCarriedOver
from crm_app.deals.models import Deal
from crm_app.pipelines.carried import CARRIED, Carried
from crm_app.pipelines.models import DEAL, Stage


def _carry_over(tx: Tx, deal: Deal, here: Stage, there: Stage) -> None:
    change_stay(tx, deal)
    tx.record(DealCarriedOver(**told(tx, deal), from_stage=here.name, to_stage=there.name))


CARRIED[DEAL] = Carried(Deal, _carry_over)
