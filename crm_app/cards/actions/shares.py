"""What is opened to a guest."""

from __future__ import annotations

from crm_app.access.models import Guest
from crm_app.cards.events import SharedWithGuest, UnsharedWithGuest
from crm_app.cards.models import Share
from crm_app.core.door import Tx


def share_card(tx: Tx, card: str, card_id: int, guest_id: int) -> None:
    """Open a card to a guest. The caller has checked that the actor may change the card."""
    tx.need(Guest, guest_id)
    if tx.find(Share, (guest_id, card, card_id)) is None:
        tx.add(Share(guest_id=guest_id, card=card, card_id=card_id, shared_by_id=tx.actor.id, shared_at=tx.now))
        tx.record(SharedWithGuest(kind=card, card_id=card_id, guest_id=guest_id))


def unshare_card(tx: Tx, card: str, card_id: int, guest_id: int) -> None:
    """Close a card to a guest. The caller has checked that the actor may change the card."""
    share = tx.find(Share, (guest_id, card, card_id))
    if share is not None:
        tx.remove(share)
        tx.record(UnsharedWithGuest(kind=card, card_id=card_id, guest_id=guest_id))
