"""Guests: given a way in on a person's card, by link or by password; it can be taken away."""

from __future__ import annotations

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


def invite_by_link(tx: Tx, guest: Guest) -> str:
    """Make a link's token for a guest: works once, for 72 hours; earlier ones stop working."""
    tx.run(delete(Invitation).where(Invitation.guest_id == guest.id, Invitation.used_at.is_(None)))
    token = new_token()
    expires_at = tx.now + rules.INVITATION_LASTS
    tx.add(Invitation(guest_id=guest.id, token_hash=token_hash(token), expires_at=expires_at))
    tx.record(GuestInvited(card_id=guest.card_id, guest_id=guest.id, how="link"))
    return token


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
    set_password(tx, f"guest:{invitation.guest_id}", password_hash)
    end_sessions_of(tx, guest_id=invitation.guest_id)
    return invitation.guest_id
