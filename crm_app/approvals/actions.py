"""Letters that ask for approval: prepared and noted in transactions of their own, around the sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from crm_app.access.models import Employee
from crm_app.access.passwords import token_hash
from crm_app.approvals.letter import Asked, letter_of, token_of
from crm_app.core import installation
from crm_app.core.door import Tx, action, query
from crm_app.core.jobs import Run
from crm_app.core.settings import settings
from crm_app.deals.actions.approvals import open_link
from crm_app.deals.models import Deal, DealApproval, DealApprovalAsk
from crm_app.mailings import channels
from crm_app.mailings.models import SenderIdentity
from crm_app.mailings.tokens import delivery_key
from crm_app.messages.channel import Identity, Recipient, Text
from crm_app.pipelines.models import Stage

LASTS = timedelta(days=14)


@dataclass(frozen=True)
class ApprovalLetter:
    """What the worker hands over."""

    text: Text
    recipient: Recipient


@dataclass(frozen=True)
class OpenLink:
    """Whom a link was written to, and about which request."""

    employee_id: int
    approval_id: int


@action("approval.keep")
def prepare_approval_letter(tx: Tx, run: Run, ask_id: int) -> ApprovalLetter | None:
    """The letter of somebody who is asked; None where it is decided already, or where no letter can leave."""
    ask = tx.find(DealApprovalAsk, ask_id)
    employee = tx.find(Employee, ask.employee_id) if ask else None
    sender: SenderIdentity | None = tx.one(select(SenderIdentity).order_by(SenderIdentity.id).limit(1))
    channel = channels.email()
    address = channel.address_of({"email": employee.email}) if employee else ""
    is_over = ask is None or not ask.is_open or employee is None or employee.disabled_at is not None
    if is_over or sender is None or channel.unready() is not None or not address or ask is None or employee is None:
        run.finish(tx)
        return None
    run.hold(tx)
    token = token_of(ask_id)
    ask.token_hash = token_hash(token)
    ask.token_expires_at = ask.token_expires_at or tx.now + LASTS
    key = delivery_key(str(installation.get(tx, "installation_id", "")), run.job_id)
    letter = letter_of(_asked(tx, ask, employee), Identity(sender.address, sender.name), token)
    return ApprovalLetter(letter, Recipient(f"approval-{key}", address, employee.name))


@action("approval.keep")
def note_approval_letter(tx: Tx, run: Run) -> None:
    """The letter is out, or can't be delivered ever: in the application the request waits all the same."""
    run.finish(tx)


def _asked(tx: Tx, ask: DealApprovalAsk, employee: Employee) -> Asked:
    with tx.with_bin(), tx.reading():
        approval = tx.need(DealApproval, ask.approval_id)
        deal, stage = tx.need(Deal, approval.deal_id), tx.find(Stage, approval.to_stage_id)
        asker = tx.need(Employee, approval.asked_by_id)
    where = stage.name if stage else ""
    return Asked(employee.name, asker.name, asker.email, deal.name, where, employee.locale or settings().locale)


@query("approval.keep")
def see_link(tx: Tx, token: str) -> OpenLink | None:
    """Whose a link is; None where it is spent, too late, or none."""
    ask = open_link(tx, token)
    return None if ask is None else OpenLink(ask.employee_id, ask.approval_id)
