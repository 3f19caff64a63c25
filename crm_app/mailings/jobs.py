"""The worker's jobs for mailings: a planned start, a part of a mailing, a test letter."""

from __future__ import annotations

from crm_app.access.queries import actor_by_id
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.errors import CrmError
from crm_app.core.jobs import Run, job
from crm_app.mailings import channels, rules
from crm_app.mailings.actions.running import begin_scheduled, give_up_start, start_mailing
from crm_app.mailings.actions.testing import note_test, prepare_test
from crm_app.mailings.postman import send_part
from crm_app.messages.channel import SendingFailed


@job("mailing.start")
def start_job(run: Run) -> None:
    """Start a mailing at its time, with the rights that whoever planned it has now."""
    employee_id = perform(SYSTEM, begin_scheduled, run=run)
    if not employee_id:
        return
    actor = perform(SYSTEM, actor_by_id, employee_id=employee_id)
    try:
        perform(actor, start_mailing, mailing_id=run.arguments["mailing_id"])
    except CrmError as refusal:
        perform(SYSTEM, give_up_start, run=run, reason=refusal.key, params=refusal.params)


@job("mailing.send", at_once=1)
def send_job(run: Run) -> None:
    """Send a part of a mailing. One at once: a worker that is killed has one letter under way, never several."""
    send_part(run)


@job("mailing.test")
def test_job(run: Run) -> None:
    """Send somebody their test letter, and tell how it went."""
    prepared = perform(SYSTEM, prepare_test, run=run)
    if prepared is None:
        return
    try:
        receipt = channels.send_letter(prepared.text, prepared.recipient)
    except SendingFailed as failure:
        perform(SYSTEM, note_test, run=run, outcome=rules.REFUSED, answer=failure.text())
    else:
        perform(SYSTEM, note_test, run=run, outcome=rules.ACCEPTED, answer=str(receipt.answer))
