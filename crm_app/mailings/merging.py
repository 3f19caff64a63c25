"""Letters to a card that is made one with another, and mailings that are still to go to it.

A lead that is converted stays a card, and keeps the letters that went to it.
"""

from __future__ import annotations

from sqlalchemy import select

from crm_app.duplicates.moving import Moves
from crm_app.duplicates.snapshots import plain
from crm_app.duplicates.ties import settles, tie
from crm_app.mailings import rules
from crm_app.mailings.models import Delivery, Mailing

_STILL_TO_GO = (rules.DRAFT, rules.SCHEDULED)


def follow_audience(moves: Moves) -> None:
    """Whoever was ticked for a mailing that has not begun gets it as the card that stays, once."""
    for mailing in moves.tx.all(select(Mailing).where(Mailing.state.in_(_STILL_TO_GO))):
        audience = mailing.audience or {}
        ids = (audience.get("ids") or []) if rules.card_of(audience) == moves.card else []
        if moves.absorbed_id in ids:
            ids = list(dict.fromkeys(moves.kept_id if each == moves.absorbed_id else each for each in ids))
            moves.change(mailing, "audience", plain({**mailing.audience, "ids": ids}))
            moves.tx.announce(f"mailing:{mailing.id}")


tie(Delivery, "client_id", card="client")
tie(Delivery, "contact_id", card="contact")
tie(Delivery, "lead_id", card="lead")
settles("client", follow_audience)
settles("contact", follow_audience)
