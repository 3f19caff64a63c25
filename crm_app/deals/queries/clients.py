"""What deals tell of clients, and of the contacts who work there: filters of their lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true

import crm_app.clients.fields
import crm_app.contacts.fields  # noqa: F401 - tell of the lists that are added to
from crm_app.cards.filters import FilterField, within
from crm_app.cards.lists import ReadyFilter, add_fields
from crm_app.cards.moments import Span
from crm_app.clients.models import Client
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.core.door import Tx
from crm_app.deals.models import Deal
from crm_app.pipelines.models import Stage
from crm_app.pipelines.rules import HOLD, LOST, OPEN, WON

_UNDER_WAY = (OPEN, HOLD)
Having = Callable[[Select[Any]], ColumnElement[bool]]
"""That a card is of one of the clients whose ids are selected."""


def _with_deal(*kinds: str) -> Select[Any]:
    """Ids of clients that have a deal in a stage of these kinds; of no kinds: in any."""
    stages = Deal.stage_id.in_(select(Stage.id).where(Stage.kind.in_(kinds))) if kinds else true()
    return select(Deal.client_id).where(Deal.client_id.is_not(None), stages)


def _flag(having: Having, key: str, *kinds: str) -> FilterField:
    def holds(_tx: Tx, _value: Any) -> ColumnElement[bool]:
        return having(_with_deal(*kinds))

    return FilterField("flag", f"deals.filter.{key}", holds=holds, needs="deal.see")


def _when(having: Having, key: str, column: Any, *kinds: str) -> FilterField:
    """When a deal came to be, or came to be closed."""

    def holds(_tx: Tx, span: Span | None) -> ColumnElement[bool]:
        return having(_with_deal(*kinds).where(true() if span is None else within(column, span)))

    return FilterField("happening", f"deals.filter.{key}", holds=holds, needs="deal.see")


def _fields(having: Having) -> dict[str, FilterField]:
    return {
        "open_deal": _flag(having, "open_deal", *_UNDER_WAY),
        "won_deal": _flag(having, "won_deal", WON),
        "deal": _flag(having, "deal"),
        "deal_created": _when(having, "deal_created", Deal.created_at),
        "open_deal_created": _when(having, "open_deal_created", Deal.created_at, *_UNDER_WAY),
        "deal_won": _when(having, "deal_won", Deal.entered_stage_at, WON),
        "deal_lost": _when(having, "deal_lost", Deal.entered_stage_at, LOST),
    }


def _works_there(clients: Select[Any]) -> ColumnElement[bool]:
    here = select(ContactAtClient.contact_id).where(ContactAtClient.client_id.in_(clients))
    return Contact.id.in_(here.where(ContactAtClient.until.is_(None)))


def _open_deal(op: str) -> dict[str, Any]:
    return {"all": [{"field": "open_deal", "op": op, "value": True}]}


add_fields(
    "client",
    _fields(Client.id.in_),
    (
        ReadyFilter("open_deal", "deals.filter.open_deal", _open_deal("eq")),
        ReadyFilter("no_open_deal", "deals.filter.no_open_deal", _open_deal("ne")),
    ),
)
add_fields("contact", _fields(_works_there), (ReadyFilter("open_deal", "deals.filter.open_deal", _open_deal("eq")),))
