"""What changes of many clients at once have to know of them."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select

from crm_app.access.actions.guests import end_access_on_cards
from crm_app.cards.actions.changing import check_responsible
from crm_app.cards.bulk_cards import BulkCards, register_bulk
from crm_app.cards.ways import emails_by_card, phones_by_card
from crm_app.clients import rules
from crm_app.clients.actions.cards import learn_words, search_parts
from crm_app.clients.events import ClientChanged, ClientRemoved, ClientRestored
from crm_app.clients.models import Client
from crm_app.clients.queries import CLIENTS
from crm_app.core import search
from crm_app.core.door import Tx

FIELDS = (
    "type",
    "status",
    "responsible_id",
    "activity",
    "city",
    "address",
    "site",
    "employer",
    "first_contact",
    "note",
)


def _clean(tx: Tx, field: str, value: Any) -> Any:
    cleaned = rules.clean_values(cast("rules.ClientValues", {field: value}))[field]
    if field == "responsible_id":
        check_responsible(tx, cleaned)
    if field in rules.WORDS:
        learn_words(tx, field, {cleaned})
    return cleaned


def index_clients(tx: Tx, ids: list[int]) -> None:
    """Write the texts of many clients into the search index."""
    phones, emails = phones_by_card(tx, "client", ids), emails_by_card(tx, "client", ids)
    rows = tx.all(select(Client).where(Client.id.in_(ids)).execution_options(populate_existing=True))
    texts = [(row.id, search_parts(tx, row, phones.get(row.id, []), emails.get(row.id, []))) for row in rows]
    search.put_many(tx.session, "client", texts)


register_bulk(
    BulkCards(
        "client", Client, CLIENTS.matching, FIELDS, _clean, ClientChanged, ClientRemoved, ClientRestored, index_clients,
        searched=frozenset({"activity", "city", "site", "employer", "address", "note"}),
        after_removal=end_access_on_cards,
    )
)  # fmt: skip
