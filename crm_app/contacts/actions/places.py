"""Where contacts work: linked with a client, in which position, who is the main one, and unlinked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, update

from crm_app.cards.actions.changing import assign
from crm_app.cards.merged import standing
from crm_app.clients.models import Client
from crm_app.contacts import rules
from crm_app.contacts.actions.cards import add_contact
from crm_app.contacts.events import ContactLinked, ContactUnlinked, PlaceChanged
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.contacts.queries import MOST_PLACES
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden, RuleBroken


@action("contact.see")
def link_contact(tx: Tx, contact_id: int, client_id: int, values: rules.PlaceValues | None = None) -> ContactAtClient:
    """Say that a contact works at a client. The first one there is the main one.

    Whoever sees both may do it who may change one of them. Raises RuleBroken where that is said already.
    """
    contact_id, client_id = standing(tx, "contact", contact_id), standing(tx, "client", client_id)
    contact, client = tx.need(Contact, contact_id), tx.need(Client, client_id)
    if not (tx.may_change(contact) or tx.may_change(client)):
        raise Forbidden("core.error.not_yours")
    if tx.find(ContactAtClient, (contact_id, client_id)) is not None:
        raise RuleBroken("contacts.error.linked_already", field="contact_id")
    _check_room(tx, contact_id, client_id)
    cleaned = rules.clean_place(values or {})
    wants_main = cleaned.pop("is_main", None)
    place = tx.add(ContactAtClient(contact_id=contact_id, client_id=client_id, **cleaned))
    if wants_main or (wants_main is None and tx.may_change(client) and not _has_main(tx, client_id)):
        _make_main(tx, place, client)
    tx.record(ContactLinked(card_id=contact_id, named=_both(place), position=place.position))
    return place


@action("contact.create")
def add_contact_at_client(
    tx: Tx, client_id: int, contact: rules.ContactValues, place: rules.PlaceValues | None = None, force: bool = False
) -> Contact:
    """Add a contact who works at a client. Raises what adding and linking raise."""
    added = tx.do(add_contact, contact, force=force)
    tx.do(link_contact, added.id or 0, client_id, place)
    return added


@action("contact.see")
def change_place(tx: Tx, contact_id: int, client_id: int, values: rules.PlaceValues) -> ContactAtClient:
    """Change what is said of a contact's work at a client. Raises NotFound where they don't work there."""
    place = tx.need(ContactAtClient, (contact_id, client_id))
    tx.check_change(place)
    cleaned = rules.clean_place(values, place.since, place.until)
    is_main = cleaned.pop("is_main", place.is_main)
    changes = assign(place, cleaned)
    if is_main != place.is_main:
        changes["is_main"] = [place.is_main, is_main]
        if is_main:
            _make_main(tx, place, tx.need(Client, client_id))
        else:
            place.is_main = False
    if changes:
        tx.record(PlaceChanged(card_id=contact_id, named=_both(place), changes=changes))
    return place


@action("contact.see")
def unlink_contact(tx: Tx, contact_id: int, client_id: int) -> rules.PlaceValues:
    """Take back that a contact works at a client; gives what was said of it, for linking them again."""
    place = tx.need(ContactAtClient, (contact_id, client_id))
    tx.check_change(place)
    tx.record(ContactUnlinked(card_id=contact_id, named=_both(place), position=place.position))
    was = rules.PlaceValues(
        position=place.position, is_main=place.is_main, since=_iso(place.since), until=_iso(place.until)
    )
    tx.remove(place)
    return was


def _make_main(tx: Tx, place: ContactAtClient, client: Client) -> None:
    """Who is the main contact is the client's business: nobody else may take it from another."""
    tx.check_change(client)
    others = (ContactAtClient.client_id == client.id, ContactAtClient.is_main.is_(True))
    tx.run(update(ContactAtClient).where(*others).values(is_main=False))
    place.is_main = True
    tx.session.flush()


def _has_main(tx: Tx, client_id: int) -> bool:
    mains = select(ContactAtClient.contact_id).where(ContactAtClient.client_id == client_id)
    return tx.one(mains.where(ContactAtClient.is_main.is_(True))) is not None


def _check_room(tx: Tx, contact_id: int, client_id: int) -> None:
    """Raises RuleBroken where a card has as many places as it shows."""
    for mine in (ContactAtClient.contact_id == contact_id, ContactAtClient.client_id == client_id):
        if tx.scalar(select(func.count()).select_from(ContactAtClient).where(mine)) >= MOST_PLACES:
            raise RuleBroken("contacts.error.too_many_places", most=MOST_PLACES)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _both(place: ContactAtClient) -> dict[str, int]:
    return {"contact": place.contact_id, "client": place.client_id}
