"""What changes of many contacts at once have to know of them."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select

from crm_app.cards.actions.changing import check_responsible
from crm_app.cards.bulk_cards import BulkCards, register_bulk
from crm_app.cards.ways import emails_by_card, phones_by_card
from crm_app.contacts import rules
from crm_app.contacts.actions.cards import search_parts
from crm_app.contacts.events import ContactChanged, ContactRemoved, ContactRestored
from crm_app.contacts.models import Contact
from crm_app.contacts.queries import CONTACTS
from crm_app.core import search
from crm_app.core.door import Tx

FIELDS = ("responsible_id", "city", "address", "note")


def _clean(tx: Tx, field: str, value: Any) -> Any:
    cleaned = rules.clean_values(cast("rules.ContactValues", {field: value}))[field]
    if field == "responsible_id":
        check_responsible(tx, cleaned)
    return cleaned


def index_contacts(tx: Tx, ids: list[int]) -> None:
    """Write the texts of many contacts into the search index."""
    phones, emails = phones_by_card(tx, "contact", ids), emails_by_card(tx, "contact", ids)
    rows = tx.all(select(Contact).where(Contact.id.in_(ids)).execution_options(populate_existing=True))
    texts = [(row.id, search_parts(tx, row, phones.get(row.id, []), emails.get(row.id, []))) for row in rows]
    search.put_many(tx.session, "contact", texts)


register_bulk(
    BulkCards(
        "contact", Contact, CONTACTS.matching, FIELDS, _clean, ContactChanged, ContactRemoved, ContactRestored,
        index_contacts, searched=frozenset({"city", "address", "note"}),
    )
)  # fmt: skip
