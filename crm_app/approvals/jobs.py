"""The worker's job for approvals: the letter to whoever is asked."""

from __future__ import annotations

from datetime import timedelta

from crm_app.approvals.actions import note_approval_letter, prepare_approval_letter
from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.jobs import Later, Run, job
from crm_app.deals.actions.approving import LETTER
from crm_app.mailings import channels
from crm_app.messages.channel import ChannelAway, Deferred, Undeliverable

AGAIN = timedelta(minutes=5)
"""How long to wait for a mail server that is away; what is decided meanwhile is not written any more."""


@job(LETTER)
def letter_job(run: Run) -> None:
    """Send one letter."""
    prepared = perform(SYSTEM, prepare_approval_letter, run=run, ask_id=run.arguments["ask_id"])
    if prepared is None:
        return
    try:
        channels.send_letter(prepared.text, prepared.recipient)
    except Undeliverable:
        pass
    except (Deferred, ChannelAway):
        raise Later(clock.now() + AGAIN) from None
    perform(SYSTEM, note_approval_letter, run=run)
