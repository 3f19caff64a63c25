"""Many contacts at once: those ticked, or all that a filter leaves; each that the actor may change."""

from __future__ import annotations

from crm_app.cards.actions.bulk import bin_cards, chosen, set_field, tag_cards, unbin_cards
from crm_app.cards.actions.changing import check_responsible
from crm_app.cards.filters import Filter
from crm_app.contacts.actions.cards import index_contact
from crm_app.contacts.events import ContactChanged, ContactRemoved, ContactRestored
from crm_app.contacts.models import Contact
from crm_app.contacts.queries import CONTACTS
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden


@action("contact.change")
def change_contacts(
    tx: Tx,
    ids: list[int] | None = None,
    where: Filter | None = None,
    q: str = "",
    responsible_id: int | None = None,
    add_tag: str = "",
) -> int:
    """Give contacts one responsible employee, or one more tag. Gives how many have changed.

    ids: those ticked; left out, all that the filter and the text leave. Those that are not the actor's to change stay
    as they are. Raises TooBig for too many.
    """
    rows = chosen(tx, "contact.change", CONTACTS, ids, where, q)
    changed: set[int] = set()
    if responsible_id is not None:
        if "responsible_id" in tx.actor.locked("contact"):
            raise Forbidden("core.error.field_read_only", field="responsible_id")
        check_responsible(tx, responsible_id)
        changed |= set_field(tx, Contact, rows, "responsible_id", responsible_id, ContactChanged)
    if add_tag:
        changed |= tag_cards(tx, "contact", [row.id for row in rows], add_tag)
    return len(changed)


@action("contact.delete")
def remove_contacts(tx: Tx, ids: list[int] | None = None, where: Filter | None = None, q: str = "") -> list[int]:
    """Move contacts to the bin. Gives the ids of those that went, for taking it back."""
    going = sorted(row.id for row in chosen(tx, "contact.delete", CONTACTS, ids, where, q))
    bin_cards(tx, Contact, going, ContactRemoved)
    return going


@action("contact.delete")
def restore_contacts(tx: Tx, ids: list[int]) -> int:
    """Take contacts out of the bin. Gives how many."""
    rows = unbin_cards(tx, "contact.delete", Contact, ids, ContactRestored)
    for row in rows:
        index_contact(tx, row)
    return len(rows)
