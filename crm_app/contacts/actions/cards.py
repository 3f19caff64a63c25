"""One contact: added, changed, moved to the bin and back."""

from __future__ import annotations

from typing import Any, cast

from crm_app.cards.actions.bin import bin_card, unbin_card
from crm_app.cards.actions.changing import assign, check_given, check_responsible, oneself
from crm_app.cards.actions.field_values import first_values, set_values
from crm_app.cards.actions.pictures import check_picture
from crm_app.cards.actions.setting_back import register_history
from crm_app.cards.bins import BinKind, register_bin
from crm_app.cards.custom_fields import own_texts
from crm_app.cards.hanging import goes_with
from crm_app.cards.kinds import FIELD_WRITERS
from crm_app.cards.rights import is_reached
from crm_app.cards.sources import check_source
from crm_app.cards.ways import change_ways, emails_of, phones_of, put_emails, put_phones
from crm_app.clients.alike import refuse_alike
from crm_app.contacts import rules
from crm_app.contacts.events import ContactAdded, ContactChanged, ContactRemoved, ContactRestored
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.contacts.queries import alike_contacts
from crm_app.core import search
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden, RuleBroken
from crm_app.core.folding import fold
from crm_app.core.names import PersonName


@action("contact.create")
def add_contact(tx: Tx, values: rules.ContactValues, force: bool = False) -> Contact:
    """Add a contact. Without `force`, one that is there already is proposed instead.

    The responsible employee is, unless named, who adds it. Raises BadInput with a reason for each wrong field,
    RuleBroken ("duplicate") with a reason for each contact that may be the same.
    """
    cleaned = rules.clean_values({"responsible_id": oneself(tx), **values})
    name = PersonName(*(cleaned.get(part, "") for part in rules.PARTS))
    rules.check_named(name)
    check_source(tx, "contact")
    check_responsible(tx, cleaned["responsible_id"])
    check_given(tx, "contact", cleaned)
    check_picture(tx, "contact", 0, cleaned)
    phones, emails = cleaned.pop("phones", []), cleaned.pop("emails", [])
    if not force:
        refuse_alike(alike_contacts(tx, name, phones, emails), "contacts.error.duplicate")
    contact = Contact(
        name="", sort_name="", source=tx.actor.via, created_by_id=oneself(tx), created_at=tx.now, updated_at=tx.now
    )
    _assign(contact, cleaned)
    if not is_reached(tx.actor, "contact.create", contact):
        raise Forbidden("contacts.error.for_others", field="responsible_id")
    contact.fields = first_values(tx, "contact", values.get("fields", {}))
    tx.add(contact)
    contact_id = contact.id or 0
    put_phones(tx, "contact", contact_id, phones)
    put_emails(tx, "contact", contact_id, emails)
    index_contact(tx, contact)
    tx.record(ContactAdded(card_id=contact_id, name=contact.name))
    return contact


@action("contact.change")
def change_contact(tx: Tx, contact_id: int, values: rules.ContactValues, version: int | None = None) -> Contact:
    """Change fields of a contact. version: what one has seen; another's change since then is a conflict.

    Raises BadInput with a reason for each wrong field, RuleBroken for a conflict.
    """
    contact = tx.need(Contact, contact_id)
    if version is not None and version != contact.version:
        raise RuleBroken("core.error.conflict")
    cleaned = rules.clean_values(values)
    if cleaned.get("responsible_id", contact.responsible_id) != contact.responsible_id:
        check_responsible(tx, cleaned["responsible_id"])
    check_picture(tx, "contact", contact_id, cleaned)
    changes = change_ways(tx, "contact", contact_id, cleaned.pop("phones", None), cleaned.pop("emails", None))
    changes |= _assign(contact, cleaned) | set_values(tx, contact, values.get("fields", {}))
    if not changes:
        return contact
    rules.check_named(_name_of(contact))
    contact.version += 1
    contact.updated_at = tx.now
    index_contact(tx, contact)
    tx.record(ContactChanged(card_id=contact_id, changes=changes))
    return contact


def _write_fields(tx: Tx, contact_id: int, fields: dict[str, Any], version: int | None) -> None:
    tx.do(change_contact, contact_id, {"fields": fields}, version=version)


def _write_back(tx: Tx, contact_id: int, values: dict[str, Any], version: int) -> None:
    tx.do(change_contact, contact_id, cast("rules.ContactValues", values), version=version)


FIELD_WRITERS["contact"] = _write_fields
register_history("contact", _write_back)


@action("contact.delete")
def remove_contact(tx: Tx, contact_id: int) -> None:
    """Move a contact to the bin."""
    bin_card(tx, "contact.delete", Contact, contact_id, ContactRemoved)


@action("contact.delete")
def restore_contact(tx: Tx, contact_id: int) -> Contact:
    """Take a contact out of the bin, with the places where they work."""
    return unbin_card(tx, "contact.delete", Contact, contact_id, ContactRestored, index_contact)


def index_contact(tx: Tx, contact: Contact) -> None:
    """Write a contact's text into the search index."""
    contact_id = contact.id or 0
    phones = [phone.number for phone in phones_of(tx, "contact", contact_id)]
    parts = search_parts(tx, contact, phones, emails_of(tx, "contact", contact_id))
    search.put(tx.session, "contact", contact_id, *parts)


def search_parts(tx: Tx, contact: Contact, phones: list[str], emails: list[str]) -> tuple[str, ...]:
    """What a contact is found by."""
    return (
        contact.name,
        contact.city,
        contact.address,
        contact.note,
        *contact.links,
        *phones,
        *emails,
        *own_texts(tx, contact),
    )


def _assign(contact: Contact, cleaned: dict[str, Any]) -> dict[str, list[Any]]:
    """Set fields, and what follows from the parts of the name; gives what has changed as [old, new]."""
    changes = assign(contact, cleaned)
    if changes.keys() & set(rules.PARTS):
        derive_names(contact)
    return changes


def derive_names(contact: Contact) -> None:
    """Set what follows from the parts of the name: the whole, by what it is sorted, and compared with others."""
    name = _name_of(contact)
    contact.name, contact.sort_name, contact.match_name = str(name), fold(str(name)), rules.match_name(name)


def _name_of(contact: Contact) -> PersonName:
    return PersonName(contact.last_name, contact.first_name, contact.patronymic)


register_bin("contact", BinKind(restore_contact, remove_contact, ContactRemoved))
goes_with(ContactAtClient, "contact_id", "contact")
goes_with(ContactAtClient, "client_id", "client")
