"""A test letter: to whoever asks for it, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from crm_app.access.models import Employee
from crm_app.core import installation
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden, RuleBroken
from crm_app.core.jobs import Run, enqueue
from crm_app.mailings import channels, letter
from crm_app.mailings.models import Mailing, SenderIdentity, Suppression
from crm_app.mailings.queries.checks import need_values, text_reasons
from crm_app.mailings.tokens import delivery_key
from crm_app.messages.channel import Recipient, Text
from crm_app.messages.merge import UNSUBSCRIBE


@dataclass(frozen=True)
class OwnLetter:
    """What the worker hands over."""

    text: Text
    recipient: Recipient


@action("mailing.send")
def send_test(tx: Tx, mailing_id: int, card_id: int = 0) -> None:
    """Ask for a letter to one's own address, as a recipient would get it. The outcome stands in the mailing's `test`.

    card_id: whose values stand in it; 0 for nobody's.
    """
    if not tx.actor.is_employee:
        raise Forbidden()
    mailing = tx.need(Mailing, mailing_id)
    unready = channels.email().unready()
    reasons = [unready] if unready else text_reasons(tx, mailing)
    address = tx.need(Employee, tx.actor.id).email
    if not reasons and tx.scalar(select(func.count()).where(Suppression.address == address)):
        raise RuleBroken("mailings.error.test_suppressed", address=address)
    if reasons:
        raise RuleBroken(reasons[0].key or reasons[0].code, reasons=reasons, **reasons[0].params)
    values = need_values(tx, mailing, card_id, letter.text_of(mailing, None, "")) if card_id else {}
    mailing.test = {"address": address, "outcome": "", "answer": "", "at": tx.now.isoformat()}
    enqueue(tx, "mailing.test", mailing_id=mailing_id, address=address, to=tx.actor.name, values=values)
    tx.announce(f"mailing:{mailing_id}")


@action("mailing.deliver")
def prepare_test(tx: Tx, run: Run) -> OwnLetter | None:
    """The letter of a test that was asked for; None where the mailing has lost its sender or is gone."""
    asked = run.arguments
    mailing = tx.find(Mailing, asked["mailing_id"])
    sender = tx.find(SenderIdentity, mailing.sender_id) if mailing else None
    if mailing is None or sender is None:
        run.finish(tx)
        return None
    run.hold(tx)
    key = delivery_key(str(installation.get(tx, "installation_id", "")), run.job_id)
    values = {**asked["values"], UNSUBSCRIBE: letter.unsubscribe_url(letter.TEST_DELIVERY)}
    text = letter.text_of(mailing, sender, str(installation.get(tx, "company", "")))
    return OwnLetter(text, Recipient(f"test-{key}", asked["address"], asked["to"], values))


@action("mailing.deliver")
def note_test(tx: Tx, run: Run, outcome: str, answer: str) -> None:
    """Tell what became of a test letter."""
    mailing = tx.need(Mailing, run.arguments["mailing_id"])
    mailing.test = {**mailing.test, "outcome": outcome, "answer": answer, "at": tx.now.isoformat()}
    run.finish(tx)
    tx.announce(f"mailing:{mailing.id}")
