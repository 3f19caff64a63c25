"""What the worker does with a mailing: takes letters in hand, puts them down, and knows when it is done.

A part of a mailing is a job, and a job is one worker's at a time. What a part has in hand is therefore its run's alone:
a new run of the part takes over what the last one left, whether that ended or died.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from crm_app.access.queries import actor_of_employee
from crm_app.core import installation
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, action
from crm_app.core.jobs import MOST_TRIES, Run
from crm_app.mailings import letter, rules
from crm_app.mailings.events import MailingFinished, MailingPaused
from crm_app.mailings.models import Attempt, Delivery, Mailing, SenderIdentity, Suppression
from crm_app.mailings.own_fields import OwnValues
from crm_app.mailings.queries.deliveries import tally
from crm_app.mailings.recipients import RECIPIENTS
from crm_app.messages.channel import Text


@dataclass(frozen=True)
class Task:
    """What one run of a part is to do. holder: by which its deliveries are known; used: merge fields of the letter.

    card: the kind of its recipients; started_by: in whose name the letters are filled.
    """

    mailing_id: int
    part: int
    holder: str
    text: Text
    used: frozenset[str]
    installation_id: str
    card: rules.Card
    started_by: Actor


@dataclass(frozen=True, slots=True)
class InHand:
    """One letter to be sent. attempts, tries: before this one."""

    delivery_id: int
    address: str
    attempts: int
    tries: int
    values: dict[str, str]


@action("mailing.deliver")
def take_up(tx: Tx, run: Run, holder: str) -> Task | None:
    """Begin a run of a part; None where its mailing is not to be sent now: the job is over then.

    A part that has stumbled too often without sending anything pauses the mailing instead of trying for ever.
    """
    mailing = tx.find(Mailing, run.arguments["mailing_id"])
    if mailing is None:
        run.finish(tx)
        return None
    part = run.arguments["part"]
    _take_over(tx, mailing.id or 0, part)
    before = (mailing.sent, mailing.failed, mailing.skipped)
    _count(tx, mailing)
    if before != (mailing.sent, mailing.failed, mailing.skipped):
        run.hold(tx, progress={})  # whatever ended the last run, it had got on: that is no stumbling
    sender = tx.find(SenderIdentity, mailing.sender_id)
    if mailing.state == rules.SENDING and (sender is None or run.tries >= MOST_TRIES):
        _pause(tx, mailing, "mailings.trouble.stumbled" if sender else "mailings.problem.no_sender", {})
    if mailing.state != rules.SENDING:
        run.finish(tx)
        return None
    run.hold(tx)
    company, installation_id = (str(installation.get(tx, key, "")) for key in ("company", "installation_id"))
    text, used = letter.text_of(mailing, sender, company), frozenset(letter.used_fields(mailing))
    started_by = actor_of_employee(tx, mailing.started_by_id or 0, via="worker")
    card = rules.card_of(mailing.audience)
    return Task(mailing.id or 0, part, holder, text, used, installation_id, card, started_by)


@action("mailing.deliver")
def take_in_hand(tx: Tx, run: Run, task: Task, limit: int, is_well: bool) -> list[InHand]:
    """The next letters of the mailing, now this run's alone; none where it was paused or nothing is due.

    is_well: whether letters have been leaving: a trouble that was noted is over then.
    """
    mailing = tx.one(select(Mailing).where(Mailing.id == task.mailing_id, Mailing.state == rules.SENDING))
    if mailing is None:
        return []
    run.hold(tx, progress={} if is_well else None)
    _count(tx, mailing)
    if is_well and mailing.trouble:
        mailing.trouble = {}
    due = (
        select(Delivery.id)
        .where(Delivery.mailing_id == mailing.id, Delivery.state == rules.QUEUED, Delivery.next_at <= tx.now)
        .order_by(Delivery.next_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = tx.all(due)
    if not ids:
        return []
    _mark(tx, Delivery.id.in_(ids), state=rules.IN_HAND, part=task.part, holder=task.holder)
    tx.announce(f"mailing:{mailing.id}")
    return _read(tx, ids, task)


@action("mailing.deliver")
def put_down(tx: Tx, run: Run, task: Task) -> None:
    """End a run: what it has not sent is queued again; the last part to end finishes the mailing."""
    mailing = tx.find(Mailing, task.mailing_id)
    _release(tx, task)
    if mailing is None or mailing.state != rules.SENDING:
        if mailing is not None:
            _count(tx, mailing)
        run.finish(tx)
        return
    counts = _count(tx, mailing)
    if counts.get(rules.QUEUED):
        waiting = (Delivery.mailing_id == mailing.id, Delivery.state == rules.QUEUED)
        run.postpone(tx, max(tx.scalar(select(func.min(Delivery.next_at)).where(*waiting)), tx.now))
        return
    if not counts.get(rules.IN_HAND):
        mailing.state, mailing.finished_at, mailing.trouble = rules.FINISHED, tx.now, {}
        mailing.updated_at = tx.now
        tx.record(MailingFinished(card_id=mailing.id or 0, sent=mailing.sent, failed=mailing.failed))
    run.finish(tx)


@action("mailing.deliver")
def wait_for_channel(tx: Tx, run: Run, task: Task, reason: str, params: dict[str, Any], needs_person: bool) -> None:
    """The channel can't send, whoever the recipient: try later, or pause and ask for a person."""
    mailing = tx.find(Mailing, task.mailing_id)
    _release(tx, task)
    if mailing is None or mailing.state != rules.SENDING:
        run.finish(tx)
        return
    _count(tx, mailing)
    since = datetime.fromisoformat(mailing.trouble["since"]) if mailing.trouble else tx.now
    mailing.trouble = {"key": reason, "params": params, "since": since.isoformat()}
    at = None if needs_person else rules.wait_for_channel(since, tx.now)
    if at is None:
        _pause(tx, mailing, reason, params)
        run.finish(tx)
    else:
        run.postpone(tx, at)
    tx.announce(f"mailing:{mailing.id}")


@action("mailing.deliver")
def pause_by_itself(tx: Tx, run: Run, task: Task, reason: str, params: dict[str, Any], not_theirs: list[int]) -> None:
    """Pause a mailing that is being refused. not_theirs: refused deliveries whose recipients are not to blame."""
    mailing = tx.find(Mailing, task.mailing_id)
    _release(tx, task)
    if not_theirs:
        mine = Delivery.id.in_(not_theirs) & (Delivery.state == rules.FAILED)
        _mark(tx, mine, state=rules.QUEUED, tries=0, next_at=tx.now, closed_at=None)
    if mailing is not None:
        _count(tx, mailing)
        if mailing.state == rules.SENDING:
            _pause(tx, mailing, reason, params)
    run.finish(tx)


def _pause(tx: Tx, mailing: Mailing, reason: str, params: dict[str, Any]) -> None:
    mailing.state, mailing.updated_at = rules.PAUSED, tx.now
    mailing.trouble = {"key": reason, "params": params, "since": tx.now.isoformat()}
    tx.record(MailingPaused(card_id=mailing.id or 0, reason=reason, params=params))


def _take_over(tx: Tx, mailing_id: int, part: int) -> None:
    """Queue what a dead run of this part had in hand. Letters are sent in the order of their ids, so that only the
    first of those that are not closed can have been under way: its interruption stands in the journal."""
    theirs = (Delivery.mailing_id == mailing_id) & (Delivery.part == part) & (Delivery.state == rules.IN_HAND)
    first = tx.one(select(Delivery.id, Delivery.attempts).where(theirs).order_by(Delivery.id))
    if first is None:
        return
    n = first.attempts + 1
    tx.run(insert(Attempt).values(delivery_id=first.id, n=n, at=tx.now, outcome=rules.INTERRUPTED))
    _mark(tx, Delivery.id == first.id, attempts=n)
    _mark(tx, theirs, state=rules.QUEUED, part=None, holder=None)


def _release(tx: Tx, task: Task) -> None:
    mine = (Delivery.mailing_id == task.mailing_id) & (Delivery.part == task.part) & (Delivery.holder == task.holder)
    _mark(tx, mine & (Delivery.state == rules.IN_HAND), state=rules.QUEUED, part=None, holder=None)


def _mark(tx: Tx, which: Any, **values: Any) -> None:
    tx.run(update(Delivery).where(which).values(**values).execution_options(synchronize_session=False))


def _count(tx: Tx, mailing: Mailing) -> dict[str, int]:
    """Write the mailing's figures down; gives them by state."""
    counts = tally(tx, mailing)
    mailing.sent, mailing.failed, mailing.skipped = (
        counts.get(state, 0) for state in (rules.SENT, rules.FAILED, rules.SKIPPED)
    )
    return counts


def _read(tx: Tx, ids: list[int], task: Task) -> list[InHand]:
    """The letters of deliveries, by id; those who must not get theirs any more are skipped on the way."""
    kind = RECIPIENTS[task.card]
    own_values = OwnValues(tx, kind, task.used, task.text.locale)
    card_id = kind.model.id.label("card_id")
    own = (Delivery.id, Delivery.address, Delivery.attempts, Delivery.tries)
    values = (*kind.values_for(task.started_by), *own_values.columns)
    statement = kind.with_values(
        select(*own, Suppression.at.label("suppressed_at"), card_id, *values)
        .select_from(Delivery)
        .outerjoin(Suppression, Suppression.address == Delivery.address)
        .outerjoin(kind.model, kind.model.id == kind.delivery)
    )
    reached, skipped = [], {}
    gone = rules.CLIENT_GONE if task.card == "client" else rules.CARD_GONE
    for row in tx.all(statement.where(Delivery.id.in_(ids)).order_by(Delivery.id)):
        if row.suppressed_at is not None or row.card_id is None:
            skipped[row.id] = rules.SUPPRESSED if row.suppressed_at is not None else gone
        else:
            reached.append(row)
    for reason in set(skipped.values()):
        theirs = Delivery.id.in_([i for i, why in skipped.items() if why == reason])
        _mark(tx, theirs, state=rules.SKIPPED, reason=reason, part=None, holder=None, closed_at=tx.now)
    return [
        InHand(row.id, row.address, row.attempts, row.tries, {**kind.merge_values(row, row.address), **more})
        for row, more in zip(reached, own_values.read(reached), strict=True)
    ]
