"""What changes of many leads at once have to know of them."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select

from crm_app.cards.actions.changing import check_responsible
from crm_app.cards.bulk_cards import BulkCards, register_bulk
from crm_app.cards.ways import emails_by_card, phones_by_card
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.leads import rules
from crm_app.leads.actions.cards import learn_source, search_parts
from crm_app.leads.events import LeadChanged, LeadRemoved, LeadRestored
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import LEADS

FIELDS = ("responsible_id", "source", "channel", "utm_campaign", "interest", "city", "note")


def _clean(tx: Tx, field: str, value: Any) -> Any:
    cleaned = rules.clean_values(cast("rules.LeadValues", {field: value}))[field]
    if field == "responsible_id":
        check_responsible(tx, cleaned)
    if field == "source":
        learn_source(tx, cleaned)
    return cleaned


def index_leads(tx: Tx, ids: list[int]) -> None:
    """Write the texts of many leads into the search index."""
    phones, emails = phones_by_card(tx, "lead", ids), emails_by_card(tx, "lead", ids)
    rows = tx.all(select(Lead).where(Lead.id.in_(ids)).execution_options(populate_existing=True))
    texts = [(row.id, search_parts(tx, row, phones.get(row.id, []), emails.get(row.id, []))) for row in rows]
    search.put_many(tx.session, "lead", texts)
    tx.announce(*{f"board:{row.pipeline_id}" for row in rows})


register_bulk(
    BulkCards(
        "lead", Lead, LEADS.matching, FIELDS, _clean, LeadChanged, LeadRemoved, LeadRestored, index_leads,
        searched=frozenset({"city", "interest", "note"}),
    )
)  # fmt: skip
