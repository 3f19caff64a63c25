"""A deal has come to a stage."""

from __future__ import annotations

from crm_app.deals.events import DealMoved
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.triggers import Asked, Trigger


def _fits(fact: DealMoved, asked: Asked) -> bool:
    return fact.to_stage_id == asked["stage"]


PLUGIN = Trigger("stage_entered", (DealMoved,), (Ask("stage", "stage"),), _fits)
