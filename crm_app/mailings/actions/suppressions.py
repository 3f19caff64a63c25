"""Addresses that no mailing reaches: put on the list by their owner, by a bounce or by hand."""

from __future__ import annotations

from sqlalchemy import select, update

from crm_app.core.door import Tx, action
from crm_app.core.emails import parse_email
from crm_app.core.errors import NotFound
from crm_app.mailings import rules
from crm_app.mailings.events import AddressReleased, AddressSuppressed
from crm_app.mailings.letter import TEST_DELIVERY, link_secret
from crm_app.mailings.models import Delivery, Suppression
from crm_app.mailings.recipients import card_of_delivery
from crm_app.mailings.tokens import read_unsubscribe_token


@action("suppression.manage")
def suppress_address(tx: Tx, address: str, note: str = "") -> Suppression:
    """Put an address on the list by hand, with a word on why."""
    return _suppress(tx, parse_email(address), rules.BY_HAND, note=" ".join(note.split())[:500])


@action("suppression.manage")
def release_address(tx: Tx, address: str) -> None:
    """Take an address off the list: mailings reach it again."""
    row = tx.session.get(Suppression, address)
    if row is None:
        raise NotFound()
    tx.remove(row)
    tx.record(AddressReleased(card_id=row.mailing_id or 0, address=address))


@action("mailing.unsubscribe")
def unsubscribe(tx: Tx, token: str) -> str:
    """What the link of a letter does, as often as it is used; gives the address, "" for a test letter's link.

    Raises NotFound for a token that is not ours.
    """
    delivery_id = read_unsubscribe_token(link_secret(), token)
    if delivery_id == TEST_DELIVERY:
        return ""
    delivery = tx.need(Delivery, delivery_id)
    _suppress(tx, delivery.address, rules.UNSUBSCRIBED, delivery)
    return delivery.address


@action("mailing.deliver")
def suppress_bounced(tx: Tx, delivery_id: int, note: str) -> None:
    """Put an address on the list that the mail server says does not exist. note: the server's answer."""
    delivery = tx.need(Delivery, delivery_id)
    _suppress(tx, delivery.address, rules.BOUNCED, delivery, note)


def _suppress(tx: Tx, address: str, reason: str, delivery: Delivery | None = None, note: str = "") -> Suppression:
    """The address on the list, once, and out of every queue."""
    known = tx.scalar(select(Suppression.address).where(Suppression.address == address))
    if known is not None:
        return tx.need(Suppression, address)
    mailing_id = delivery.mailing_id if delivery else None
    row = tx.add(Suppression(address=address, reason=reason, note=note, mailing_id=mailing_id, at=tx.now))
    queued = update(Delivery).where(Delivery.address == address, Delivery.state == rules.QUEUED)
    tx.run(queued.values(state=rules.SKIPPED, reason=rules.SUPPRESSED, closed_at=tx.now))
    card, card_id = card_of_delivery(delivery) if delivery else ("", 0)
    whose = {f"{card}_id": card_id} if card else {}
    tx.record(AddressSuppressed(card_id=mailing_id or 0, address=address, reason=reason, **whose))
    return row
