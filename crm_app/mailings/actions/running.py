"""Sending a mailing: now or at a time, paused, resumed, stopped, and again to those who did not get it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select, update

from crm_app.core.door import Tx, action
from crm_app.core.errors import RuleBroken
from crm_app.core.jobs import Run, enqueue
from crm_app.mailings import audience, rules
from crm_app.mailings.events import (
    MailingPaused,
    MailingResent,
    MailingResumed,
    MailingScheduled,
    MailingStarted,
    MailingStopped,
    MailingUnscheduled,
)
from crm_app.mailings.models import Delivery, Mailing, Suppression
from crm_app.mailings.queries.checks import start_reasons
from crm_app.mailings.queries.deliveries import tally
from crm_app.mailings.recipients import has_card

PARTS = 4
"""Jobs that share a mailing: so many workers can send it at once."""
LETTERS_PER_PART = 500


@action("mailing.send")
def start_mailing(tx: Tx, mailing_id: int) -> Mailing:
    """Take down who gets the mailing, once and for all, and send. Refused with every cause that stands against it."""
    mailing = tx.need(Mailing, mailing_id)
    rules.check_can_start(mailing.state, start_reasons(tx, mailing))
    figures = audience.count(tx, mailing.audience)
    audience.freeze(tx, mailing)
    n = tally(tx, mailing).get(rules.QUEUED, 0)
    if n == 0:
        raise RuleBroken("mailings.error.nobody", field="audience")
    mailing.state, mailing.started_at, mailing.started_by_id = rules.SENDING, tx.now, tx.actor.id
    mailing.total, mailing.left_out, mailing.start_at, mailing.trouble = n, figures.left_out(), None, {}
    mailing.updated_at = tx.now
    _send(tx, mailing)
    tx.record(MailingStarted(card_id=mailing_id, n=n))
    return mailing


@action("mailing.send")
def schedule_mailing(tx: Tx, mailing_id: int, start_at: datetime) -> Mailing:
    """Have a mailing start by itself, in the name of whoever schedules it: the audience is taken down then."""
    mailing = tx.need(Mailing, mailing_id)
    rules.check_can_start(mailing.state, start_reasons(tx, mailing))
    rules.check_start_time(start_at, tx.now)
    mailing.state, mailing.start_at, mailing.started_by_id = rules.SCHEDULED, start_at, tx.actor.id
    mailing.updated_at, mailing.trouble = tx.now, {}
    enqueue(tx, "mailing.start", key=f"mailing:{mailing_id}:start", run_at=start_at, mailing_id=mailing_id)
    tx.record(MailingScheduled(card_id=mailing_id, start_at=start_at.isoformat()))
    return mailing


@action("mailing.send")
def unschedule_mailing(tx: Tx, mailing_id: int) -> Mailing:
    """Take a mailing back before its time: it is a draft again."""
    mailing = tx.need(Mailing, mailing_id)
    rules.check_move(mailing.state, rules.SCHEDULED)
    return _back_to_draft(tx, mailing)


@action("mailing.send")
def pause_mailing(tx: Tx, mailing_id: int) -> Mailing:
    """Stop sending for a while: within a second nothing leaves any more."""
    mailing = tx.need(Mailing, mailing_id)
    rules.check_move(mailing.state, rules.SENDING)
    mailing.state, mailing.updated_at = rules.PAUSED, tx.now
    tx.record(MailingPaused(card_id=mailing_id))
    return mailing


@action("mailing.send")
def resume_mailing(tx: Tx, mailing_id: int) -> Mailing:
    """Go on with those who have not got their letter yet."""
    mailing = tx.need(Mailing, mailing_id)
    rules.check_move(mailing.state, rules.PAUSED)
    mailing.state, mailing.trouble, mailing.updated_at = rules.SENDING, {}, tx.now
    _send(tx, mailing)
    tx.record(MailingResumed(card_id=mailing_id))
    return mailing


@action("mailing.send")
def stop_mailing(tx: Tx, mailing_id: int) -> Mailing:
    """End a mailing before its end: who has not got the letter will not get it, unless it is sent again to them."""
    mailing = tx.need(Mailing, mailing_id)
    rules.check_move(mailing.state, rules.SENDING, rules.PAUSED)
    mailing.state, mailing.finished_at, mailing.trouble, mailing.updated_at = rules.STOPPED, tx.now, {}, tx.now
    tx.record(MailingStopped(card_id=mailing_id))
    return mailing


@action("mailing.send")
def resend_mailing(tx: Tx, mailing_id: int, to: Literal["failed", "unsent"] = "failed") -> int:
    """Send again to those whom the letter did not reach; gives how many. Their attempts so far stay in the journal.

    to: "failed" are those that the mail server refused; "unsent", all whom it did not reach for whatever reason.
    Suppressed addresses are left out, and nobody who has the letter gets it again.
    """
    mailing = tx.need(Mailing, mailing_id)
    rules.check_move(mailing.state, rules.FINISHED, rules.STOPPED, rules.PAUSED, rules.SENDING)
    states = [rules.FAILED] if to == "failed" else [rules.FAILED, rules.SKIPPED]
    missed = update(Delivery).where(
        Delivery.mailing_id == mailing_id,
        Delivery.state.in_(states),
        has_card(),
        Delivery.address.not_in(select(Suppression.address)),
    )
    n = tx.run(missed.values(state=rules.QUEUED, reason="", tries=0, next_at=tx.now, closed_at=None)).rowcount
    if to == "unsent":
        waiting = (Delivery.mailing_id == mailing_id, Delivery.state == rules.QUEUED)
        n = tx.scalar(select(func.count()).select_from(Delivery).where(*waiting))
    if n == 0:
        raise RuleBroken("mailings.error.nobody_to_resend")
    mailing.state, mailing.finished_at, mailing.trouble, mailing.updated_at = rules.SENDING, None, {}, tx.now
    _send(tx, mailing)
    tx.record(MailingResent(card_id=mailing_id, n=n))
    return int(n)


@action("mailing.deliver")
def begin_scheduled(tx: Tx, run: Run) -> int:
    """For the job of a planned start: in whose name to start now; 0 where nothing is to be done (yet)."""
    mailing = tx.find(Mailing, run.arguments["mailing_id"])
    if mailing is None or mailing.state != rules.SCHEDULED or mailing.start_at is None:
        run.finish(tx)
        return 0
    if mailing.start_at > tx.now:
        run.postpone(tx, mailing.start_at)
        return 0
    return mailing.started_by_id or 0


@action("mailing.deliver")
def give_up_start(tx: Tx, run: Run, reason: str, params: dict[str, Any]) -> None:
    """Make a mailing that could not start at its time a draft again, and say why."""
    mailing = tx.find(Mailing, run.arguments["mailing_id"])
    if mailing is not None and mailing.state == rules.SCHEDULED:
        _back_to_draft(tx, mailing, reason, params)
        mailing.trouble = {"key": reason, "params": params, "since": tx.now.isoformat()}
    run.finish(tx)


def _back_to_draft(tx: Tx, mailing: Mailing, reason: str = "", params: dict[str, Any] | None = None) -> Mailing:
    mailing.state, mailing.start_at, mailing.updated_at = rules.DRAFT, None, tx.now
    tx.record(MailingUnscheduled(card_id=mailing.id or 0, reason=reason, params=params))
    return mailing


def _send(tx: Tx, mailing: Mailing) -> None:
    """Ask for the jobs that send what is queued."""
    tx.session.flush()
    counts = tally(tx, mailing)
    waiting = counts.get(rules.QUEUED, 0) + counts.get(rules.IN_HAND, 0)
    for part in range(min(PARTS, 1 + waiting // LETTERS_PER_PART)):
        enqueue(tx, "mailing.send", key=f"mailing:{mailing.id}:{part}", mailing_id=mailing.id, part=part)
