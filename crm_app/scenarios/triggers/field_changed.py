"""A field of a deal has another value, however that came about."""

from __future__ import annotations

from crm_app.deals.events import DealChanged, DealMoved
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.triggers import Asked, Trigger


def _fits(fact: DealChanged | DealMoved, asked: Asked) -> bool:
    return asked["field"] in (fact.changes or {})


PLUGIN = Trigger("field_changed", (DealChanged, DealMoved), (Ask("field", "changed"),), _fits)
