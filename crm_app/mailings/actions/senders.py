"""The names and addresses that mailings may come from."""

from __future__ import annotations

from crm_app.core.door import Tx, action
from crm_app.core.emails import parse_email
from crm_app.mailings import rules
from crm_app.mailings.events import SenderChanged
from crm_app.mailings.models import SenderIdentity


@action("sender.manage")
def add_sender(tx: Tx, address: str, name: str) -> SenderIdentity:
    """Allow mailings to come from an address, under a name."""
    sender = tx.add(SenderIdentity(address=parse_email(address), name=rules.clean_name(name), created_at=tx.now))
    tx.record(SenderChanged(card_id=sender.id or 0, address=sender.address, what="added"))
    return sender


@action("sender.manage")
def remove_sender(tx: Tx, sender_id: int) -> None:
    """No mailing may start from the address any more; those that chose it have to choose another."""
    sender = tx.need(SenderIdentity, sender_id)
    tx.remove(sender)
    tx.record(SenderChanged(card_id=sender_id, address=sender.address, what="removed"))
