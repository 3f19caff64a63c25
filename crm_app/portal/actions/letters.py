"""Invitations by letter: asked for with the invitation, sent by the worker, once.

The letter gets a link of its own, made when it is written: no token that still works lies anywhere but in the letter.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from crm_app.access.actions.guests import make_link
from crm_app.access.models import Employee, Guest, Invitation
from crm_app.core import installation
from crm_app.core.door import Tx, action
from crm_app.core.jobs import Run, enqueue
from crm_app.core.settings import settings
from crm_app.mailings import channels
from crm_app.mailings.models import SenderIdentity
from crm_app.mailings.tokens import delivery_key
from crm_app.messages.channel import Identity, Recipient, Text
from crm_app.portal.invitation_letter import Invitee, letter_of


@dataclass(frozen=True)
class InvitationLetter:
    """What the worker hands over."""

    text: Text
    recipient: Recipient


def send_by_letter(tx: Tx, invitation: Invitation, addresses: list[str]) -> str:
    """Have an invitation sent to the first address that is one; gives it, "" where no letter can leave."""
    channel = channels.email()
    if channel.unready() is not None or _sender(tx) is None:
        return ""
    invitation.letter_to = next(filter(None, (channel.address_of({"email": a}) for a in addresses)), "")
    if invitation.letter_to:
        enqueue(tx, "portal.invite", key=f"portal.invite:{invitation.id}", invitation_id=invitation.id)
    return invitation.letter_to


@action("invitation.deliver")
def prepare_letter(tx: Tx, run: Run) -> InvitationLetter | None:
    """The letter of an invitation; None where it is spent, taken back or too late, or where it has no sender."""
    invitation = tx.find(Invitation, run.arguments["invitation_id"])
    sender = _sender(tx)
    guest = tx.find(Guest, invitation.guest_id) if invitation else None
    if invitation is None or guest is None or sender is None or _is_over(tx, invitation, guest):
        run.finish(tx)
        return None
    run.hold(tx)
    _, token = make_link(tx, invitation.guest_id, invitation.expires_at)
    key = delivery_key(str(installation.get(tx, "installation_id", "")), run.job_id)
    letter = letter_of(_invitee(tx, guest), Identity(sender.address, sender.name), token)
    return InvitationLetter(letter, Recipient(f"invitation-{key}", invitation.letter_to, guest.name))


@action("invitation.deliver")
def note_letter(tx: Tx, run: Run, outcome: str, answer: str) -> None:
    """Tell what became of an invitation's letter."""
    run.finish(tx)
    invitation = tx.find(Invitation, run.arguments["invitation_id"])
    if invitation is not None:
        invitation.letter_outcome, invitation.letter_answer = outcome, answer
        tx.announce(f"client:{tx.need(Guest, invitation.guest_id).card_id}")


def _is_over(tx: Tx, invitation: Invitation, guest: Guest) -> bool:
    return invitation.used_at is not None or invitation.expires_at < tx.now or guest.revoked_at is not None


def _sender(tx: Tx) -> SenderIdentity | None:
    """In whose name the company writes: the sender that was named first."""
    first: SenderIdentity | None = tx.one(select(SenderIdentity).order_by(SenderIdentity.id).limit(1))
    return first


def _invitee(tx: Tx, guest: Guest) -> Invitee:
    inviter = tx.need(Employee, guest.invited_by_id)
    company = str(installation.get(tx, "company", ""))
    locale = guest.locale or settings().locale
    return Invitee(guest.name, guest.login, inviter.name, inviter.email, company, locale)
