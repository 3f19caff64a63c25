"""The worker's job for guests: the letter that invites."""

from __future__ import annotations

from datetime import timedelta

from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.jobs import Later, Run, job
from crm_app.mailings import channels
from crm_app.messages.channel import ChannelAway, Deferred, Undeliverable
from crm_app.portal.actions.letters import note_letter, prepare_letter

AGAIN = timedelta(minutes=5)
"""How long to wait for a mail server that is away; the invitation itself says when it is too late."""


@job("portal.invite")
def invite_job(run: Run) -> None:
    """Send an invitation to the guest's address, and tell how it went."""
    prepared = perform(SYSTEM, prepare_letter, run=run)
    if prepared is None:
        return
    try:
        receipt = channels.send_letter(prepared.text, prepared.recipient)
    except Undeliverable as refusal:
        perform(SYSTEM, note_letter, run=run, outcome="refused", answer=refusal.text())
    except (Deferred, ChannelAway):
        raise Later(clock.now() + AGAIN) from None
    else:
        perform(SYSTEM, note_letter, run=run, outcome="sent", answer=str(receipt.answer))
