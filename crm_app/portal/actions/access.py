"""A guest's way in is given and taken away on a person's card, by whoever may change that card."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from crm_app.access.actions.guests import admit_guest, invite_by_link, invite_by_password, revoke_access
from crm_app.access.models import Guest
from crm_app.cards.ways import emails_of
from crm_app.clients.models import Client
from crm_app.core.door import Tx, action
from crm_app.portal import rules
from crm_app.portal.actions.letters import send_by_letter


@dataclass(frozen=True)
class Invited:
    """A fresh invitation. token: shown this once; it works once, until expires_at.

    letter_to: the address that a letter with a link of its own goes to, "" where none leaves.
    """

    guest_id: int
    login: str
    expires_at: datetime
    letter_to: str
    token: str = field(repr=False)


@action("guest.manage")
def invite_guest(tx: Tx, card_id: int, login: str = "") -> Invited:
    """Invite the person of a card by a link, and by a letter where letters can leave.

    login: their first e-mail address where none is given.

    Earlier links of theirs stop working; an access that was taken away is given again.
    """
    client = _persons_card(tx, card_id)
    guest = admit_guest(tx, card_id, client.name, login.strip() or _first_email(tx, card_id))
    invitation, token = invite_by_link(tx, guest)
    letter_to = send_by_letter(tx, invitation, [guest.login, _first_email(tx, card_id)])
    return Invited(guest.id or 0, guest.login, invitation.expires_at, letter_to, token)


@action("guest.manage")
def set_guest_password(tx: Tx, card_id: int, login: str, password_hash: str) -> Guest:
    """Give the person of a card a login and a password (already hashed); open sessions of theirs end."""
    client = _persons_card(tx, card_id)
    guest = admit_guest(tx, card_id, client.name, login.strip() or _first_email(tx, card_id))
    invite_by_password(tx, guest, password_hash)
    return guest


@action("guest.manage")
def revoke_guest(tx: Tx, card_id: int) -> None:
    """Take the access of a card's person away: sessions end, links and password stop working."""
    client = tx.need(Client, card_id)
    tx.check_change(client)
    guest = tx.one(select(Guest).where(Guest.card_id == card_id, Guest.revoked_at.is_(None)))
    rules.check_has_guest(guest is not None)
    revoke_access(tx, guest)


def _persons_card(tx: Tx, card_id: int) -> Client:
    client = tx.need(Client, card_id)
    tx.check_change(client)
    rules.check_is_person(client.kind)
    return client


def _first_email(tx: Tx, card_id: int) -> str:
    return next(iter(emails_of(tx, "client", card_id)), "")
