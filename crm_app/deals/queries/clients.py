"""What deals tell of clients: filters of their list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

import crm_app.clients.fields  # noqa: F401 - tells of the list that is added to
from crm_app.cards.filters import FilterField
from crm_app.cards.lists import ReadyFilter, add_fields
from crm_app.clients.models import Client
from crm_app.core.door import Tx
from crm_app.deals.models import Deal
from crm_app.pipelines.models import Stage

_UNDER_WAY = ("open", "hold")


def _has_deal(*kinds: str) -> Any:
    def holds(_tx: Tx, _value: Any) -> ColumnElement[bool]:
        stages = select(Stage.id).where(Stage.kind.in_(kinds))
        return Client.id.in_(select(Deal.client_id).where(Deal.client_id.is_not(None), Deal.stage_id.in_(stages)))

    return holds


add_fields(
    "client",
    {
        "open_deal": FilterField("flag", "deals.filter.open_deal", holds=_has_deal(*_UNDER_WAY)),
        "won_deal": FilterField("flag", "deals.filter.won_deal", holds=_has_deal("won")),
    },
    (
        ReadyFilter(
            "open_deal", "deals.filter.open_deal", {"all": [{"field": "open_deal", "op": "eq", "value": True}]}
        ),
        ReadyFilter(
            "no_open_deal", "deals.filter.no_open_deal", {"all": [{"field": "open_deal", "op": "ne", "value": True}]}
        ),
    ),
)
