"""Guests: given a way in on a person's card, by link or by password; it can be taken away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update

from crm_app.access import rules
from crm_app.access.actions.sessions import end_sessions_of, forget_password, set_password
from crm_app.access.events import GuestInvited, GuestRevoked
from crm_app.access.models import Employee, Guest, Invitation
from crm_app.access.passwords import new_token, token_hash
from crm_app.core.door import Tx, action
from crm_app.core.errors import NotFound, RuleBroken


def admit_guest(tx: Tx, card_id: int, name: str, login: str) -> Guest:
    """The guest of a person's card: made, or given access again. The caller has checked the card."""
    login = rules.clean_login(login)
    taken = tx.scalar(select(Guest.id).where(Guest.login == login, Guest.card_id != card_id))
    if taken or tx.scalar(select(Employee.id).where(Employee.email == login)):
        raise RuleBroken("access.error.login_taken", field="login", login=login)
    guest = tx.one(select(Guest).where(Guest.card_id == card_id))
    if guest is None:
        guest = Guest(card_id=card_id, login=login, name=name, invited_by_id=tx.actor.id, created_at=tx.now)
        return tx.add(guest)
    guest.login, guest.name, guest.revoked_at = login, name, None
    return guest


def invite_by_link(tx: Tx, guest: Guest) -> tuple[Invitation, str]:
    """An invitation and its link's token: works once, for 72 hours; earlier ones stop working."""
    forget_links(tx, guest.id or 0)
    invitation, token = make_link(tx, guest.id or 0, tx.now + rules.INVITATION_LASTS)
    tx.record(GuestInvited(card_id=guest.card_id, guest_id=guest.id, how="link"))
    return invitation, token


def make_link(tx: Tx, guest_id: int, expires_at: datetime) -> tuple[Invitation, str]:
    """One more link for a guest, with its token, which nobody can read afterwards."""
    token = new_token()
    made = Invitation(guest_id=guest_id, token_hash=token_hash(token), expires_at=expires_at)
    return tx.add(made), token


def forget_links(tx: Tx, guest_id: int) -> None:
    """Links of a guest that were not used stop working."""
    tx.run(delete(Invitation).where(Invitation.guest_id == guest_id, Invitation.used_at.is_(None)))


def invite_by_password(tx: Tx, guest: Guest, password_hash: str) -> None:
    """Set a guest's password (already hashed); nobody can read it afterwards."""
    set_password(tx, f"guest:{guest.id}", password_hash)
    end_sessions_of(tx, guest_id=guest.id)
    tx.record(GuestInvited(card_id=guest.card_id, guest_id=guest.id, how="password"))


def revoke_access(tx: Tx, guest: Guest) -> None:
    """Take a guest's access away; their sessions end at once, and an old password is no way back in.

    The caller has checked the card.
    """
    guest.revoked_at = tx.now
    tx.run(delete(Invitation).where(Invitation.guest_id == guest.id))
    forget_password(tx, f"guest:{guest.id}")
    end_sessions_of(tx, guest_id=guest.id)
    tx.record(GuestRevoked(card_id=guest.card_id, guest_id=guest.id))
    tx.announce(f"guest:{guest.id}")  # their open tabs ask again, and are led to the log-in


def end_access_on_cards(tx: Tx, card_ids: Collection[int]) -> None:
    """Take away the access that was given on cards which are gone, or are no persons any more.

    It does not come back with the card: somebody has to give it again. The caller has checked the cards.
    """
    for guest in tx.all(select(Guest).where(Guest.card_id.in_(card_ids), Guest.revoked_at.is_(None))):
        revoke_access(tx, guest)


def part_from_cards(tx: Tx, card_ids: Collection[int]) -> None:
    """Guests whose cards are removed for good stay as a name under what they wrote; their login is free again."""
    for guest in tx.all(select(Guest).where(Guest.card_id.in_(card_ids))):
        guest.card_id, guest.login = -(guest.id or 0), f"gone:{guest.id}"
        guest.revoked_at = guest.revoked_at or tx.now
    tx.session.flush()


@action("session.open")
def use_invitation(tx: Tx, token: str, password_hash: str) -> int:
    """Spend an invitation: the guest's own password is set. Gives the guest's id; raises NotFound for a spent link."""
    invitation = tx.one(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    if invitation is None or invitation.used_at is not None or invitation.expires_at < tx.now:
        raise NotFound("access.error.invitation_over")
    spent = update(Invitation).where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
    if tx.run(spent.values(used_at=tx.now)).rowcount != 1:
        raise NotFound("access.error.invitation_over")
    if not tx.scalar(
        select(func.count()).select_from(Guest).where(Guest.id == invitation.guest_id, Guest.revoked_at.is_(None))
    ):
        raise NotFound("access.error.invitation_over")
    forget_links(tx, invitation.guest_id)
    set_password(tx, f"guest:{invitation.guest_id}", password_hash)
    end_sessions_of(tx, guest_id=invitation.guest_id)
    return invitation.guest_id
