"""What changes of many deals at once have to know of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from crm_app.access.models import Employee
from crm_app.cards.actions.changing import check_responsible
from crm_app.cards.bulk_cards import BulkCards, register_bulk
from crm_app.cards.custom_fields import own_texts
from crm_app.clients.models import Client
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, Reason
from crm_app.deals import rules
from crm_app.deals.actions.values import clean_values, told
from crm_app.deals.events import DealChanged, DealDeleted, DealRestored
from crm_app.deals.models import Deal
from crm_app.deals.queries.cards import DEALS
from crm_app.pipelines.models import Stage

FIELDS = ("responsible_id", "payment_method", "delivery")


def _clean(tx: Tx, field: str, value: Any) -> Any:
    if field == "responsible_id":
        if not isinstance(value, int) or not value:
            raise BadInput("deals.error.no_employee", field=field)
        check_responsible(tx, value)
        return value
    return clean_values({field: str(value or "")})[field]


def _refused(tx: Tx, field: str, value: Any, ids: list[int]) -> dict[int, list[Reason]]:
    """Deals whose stage asks for a field that would be emptied."""
    if value or field not in FIELDS or not ids:
        return {}
    filled = select(Deal.id, Stage.required_fields).join(Stage, Stage.id == Deal.stage_id)
    rows = tx.all(filled.where(Deal.id.in_(ids), getattr(Deal, field) != ""))
    return {row.id: [rules.needs(field)] for row in rows if field in (row.required_fields or ())}


def _told(tx: Tx, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = tx.all(select(Deal).where(Deal.id.in_(list(ids))))
    return {deal.id: {name: each for name, each in told(tx, deal).items() if name != "card_id"} for deal in rows}


def _shown(tx: Tx, field: str, value: Any) -> Any:
    """People by their names, as the card's own changes tell them."""
    if field != "responsible_id":
        return value
    return tx.scalar(select(Employee.name).where(Employee.id == value)) or ""


def index_deals(tx: Tx, ids: list[int]) -> None:
    """Write the texts of many deals into the search index."""
    wanted = select(Deal, Client.name).outerjoin(Client, Client.id == Deal.client_id).where(Deal.id.in_(ids))
    found = tx.all(wanted.execution_options(populate_existing=True))
    texts = [(deal.id, (deal.number, deal.name, client, *own_texts(tx, deal))) for deal, client in found]
    search.put_many(tx.session, "deal", texts)


register_bulk(
    BulkCards(
        "deal", Deal, DEALS.matching, FIELDS, _clean, DealChanged, DealDeleted, DealRestored, index_deals,
        tells=_told, shows=_shown, refuses=_refused,
    )
)  # fmt: skip
