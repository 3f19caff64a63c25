"""Notifications: written by reactions, read by their employee."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from crm_app.cards.models import Notification
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action


def notify(tx: Tx, employee_id: int, key: str, card: str = "", card_id: int = 0, **params: Any) -> None:
    """Tell an employee something, in one sentence (a key of the dictionaries) that leads to a card."""
    tx.add(Notification(employee_id=employee_id, key=key, params=params, card=card, card_id=card_id, created_at=tx.now))
    tx.announce(f"notifications:{employee_id}")


@action(LOGGED_IN)
def mark_read(tx: Tx, notification_ids: list[int] | None = None) -> None:
    """Mark one's notifications as read: those named, or all."""
    unread = update(Notification).where(Notification.read_at.is_(None))
    if notification_ids is not None:
        unread = unread.where(Notification.id.in_(notification_ids))
    tx.run(unread.values(read_at=tx.now))
    tx.announce(f"notifications:{tx.actor.id}")
