"""Sends one part of a mailing, letter by letter, and notes the outcome of each before the next one leaves.

So a process that is killed leaves one letter whose outcome nobody knows. It goes again under the same Message-ID.
"""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import suppress
from itertools import zip_longest

from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import OperationalError

from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.jobs import LeaseLost, Run
from crm_app.core.journal import Journal, open_journal
from crm_app.mailings import channels, letter, rules
from crm_app.mailings.actions.delivering import (
    InHand,
    Task,
    pause_by_itself,
    put_down,
    take_in_hand,
    take_up,
    wait_for_channel,
)
from crm_app.mailings.actions.suppressions import suppress_bounced
from crm_app.mailings.models import Attempt, Delivery
from crm_app.mailings.tokens import delivery_key
from crm_app.messages.channel import Answer, ChannelAway, Deferred, Letter, Recipient, Sender, Stencil, Undeliverable
from crm_app.messages.merge import UNSUBSCRIBE

log = logging.getLogger("crm.mailings")

SLICE_SECONDS = 10.0
"""After so long a run ends and queues up again, so that all mailings get on."""
BATCH_SECONDS = 0.5
"""What is taken in hand at once lasts about so long: a pause takes effect after it."""
FIRST_BATCH, LARGEST_BATCH = 20, 500
NOTE_SECONDS = 20.0
"""How long to wait for a database that is away with the outcome of a letter that has left."""

_CLOSE = (
    update(Delivery.__table__)  # type: ignore[attr-defined]
    .where(
        Delivery.__table__.c.id == bindparam("delivery_id"),  # type: ignore[attr-defined]
        Delivery.__table__.c.holder == bindparam("by"),  # type: ignore[attr-defined]
    )
    .values(
        state=bindparam("new_state"), part=None, holder=None, attempts=bindparam("n"), tries=bindparam("new_tries"),
        next_at=bindparam("due"), closed_at=bindparam("at"),
    )
)  # fmt: skip
_NOTE = insert(Attempt.__table__).inline()  # type: ignore[attr-defined]


class Refused(Exception):
    """The mail server refuses us, not the recipients: a person has to look. answer: its words."""

    def __init__(self, answer: str, not_theirs: list[int]) -> None:
        super().__init__(answer)
        self.answer = answer
        self.not_theirs = not_theirs


def send_part(run: Run) -> None:
    """One run of a part of a mailing."""
    task = perform(SYSTEM, take_up, run=run, holder=secrets.token_hex(8))
    if task is None:
        return
    channel = channels.email()
    unready = channel.unready()
    try:
        if unready is not None:
            raise ChannelAway(unready.code, **unready.params)
        with open_journal(database()) as journal, channel.open() as sender:
            Postman(run, task, journal, sender, channel.prepare(task.text)).work()
    except ChannelAway as away:
        needs_person = unready is not None or (away.answer is not None and away.answer.code >= 500)
        perform(
            SYSTEM, wait_for_channel, run=run, task=task, reason=away.key, params=away.params, needs_person=needs_person
        )
    except Refused as refused:
        reason, params = "mailings.trouble.refused", {"answer": refused.answer}
        perform(
            SYSTEM, pause_by_itself, run=run, task=task, reason=reason, params=params, not_theirs=refused.not_theirs
        )
    else:
        perform(SYSTEM, put_down, run=run, task=task)


class Postman:
    """Works for one slice of time over one connection."""

    def __init__(self, run: Run, task: Task, journal: Journal, sender: Sender, stencil: Stencil) -> None:
        self._run = run
        self._task = task
        self._journal = journal
        self._sender = sender
        self._stencil = stencil
        self._streak = rules.Streak()
        self._is_well = False
        self._filled: tuple[InHand, Letter | Undeliverable] | None = None

    def work(self) -> None:
        """Send until the time is up or nothing is due. Raises ChannelAway, Refused, LeaseLost."""
        end, limit = time.monotonic() + SLICE_SECONDS, FIRST_BATCH
        while time.monotonic() < end and not self._run.stopping.is_set():
            letters = perform(SYSTEM, take_in_hand, run=self._run, task=self._task, limit=limit, is_well=self._is_well)
            if not letters:
                return
            started = time.monotonic()
            for one, following in zip_longest(letters, letters[1:]):
                if self._run.stopping.is_set():
                    return
                self._send(one, following)
            seconds = max(time.monotonic() - started, 0.001)
            limit = max(1, min(LARGEST_BATCH, 2 * limit, int(len(letters) * BATCH_SECONDS / seconds)))

    def _send(self, one: InHand, following: InHand | None) -> None:
        def fill_following() -> None:
            with suppress(Exception):  # it comes again in its own turn, when no letter is under way
                self._filled = (following, self._fill(following)) if following else None

        try:
            receipt = self._sender.send(self._letter(one), meanwhile=fill_following)
        except Undeliverable as refusal:
            answer = refusal.answer or Answer(0, str(refusal))
            self._close(one, rules.FAILED, rules.REFUSED, answer)
            self._after_refusal(one, answer)
        except Deferred as later:
            self._put_off(one, later.answer or Answer(0, str(later)))
        else:
            self._is_well = True
            self._close(one, rules.SENT, rules.ACCEPTED, receipt.answer)
            self._streak.note(one.delivery_id, "", was_refused=False)

    def _letter(self, one: InHand) -> Letter:
        """The letter, made already while the one before it was taken in. Raises Undeliverable."""
        filled, self._filled = self._filled, None
        made = filled[1] if filled and filled[0] is one else self._fill(one)
        if isinstance(made, Undeliverable):
            raise made
        return made

    def _fill(self, one: InHand) -> Letter | Undeliverable:
        """The letter, or why it can't be made: it must not hold up the others."""
        try:
            return self._stencil.fill(self._recipient(one), clock.now())
        except Undeliverable as refusal:
            return refusal
        except (AssertionError, ValueError):
            log.exception("the letter of delivery %s can't be made", one.delivery_id)
            return Undeliverable("mailings.error.letter")

    def _recipient(self, one: InHand) -> Recipient:
        key = delivery_key(self._task.installation_id, one.delivery_id)
        values = {**one.values, UNSUBSCRIBE: letter.unsubscribe_url(one.delivery_id)}
        return Recipient(key, one.address, one.values["name"], values)

    def _put_off(self, one: InHand, answer: Answer) -> None:
        due = rules.next_try(one.tries + 1, clock.now())
        self._close(one, rules.QUEUED if due else rules.FAILED, rules.DEFERRED, answer, due)

    def _after_refusal(self, one: InHand, answer: Answer) -> None:
        if answer.blames_address:
            perform(SYSTEM, suppress_bounced, delivery_id=one.delivery_id, note=str(answer))
        if self._streak.note(one.delivery_id, answer.status, was_refused=True):
            raise Refused(str(answer), self._streak.refused_alike)

    def _close(self, one: InHand, state: str, outcome: str, answer: Answer, due: object = None) -> None:
        """Note the outcome in a transaction of its own. Raises LeaseLost where another run has the letter by now."""
        at, n = clock.now(), one.attempts + 1
        close = {
            "delivery_id": one.delivery_id, "by": self._task.holder, "new_state": state, "n": n,
            "new_tries": one.tries + 1, "due": due or at, "at": at,
        }  # fmt: skip
        note = {
            "delivery_id": one.delivery_id, "n": n, "at": at, "outcome": outcome,
            "code": answer.code, "status": answer.status, "answer": answer.text,
        }  # fmt: skip
        give_up = time.monotonic() + NOTE_SECONDS
        while True:
            try:
                if not self._journal.write((_CLOSE, close), (_NOTE, note)):
                    raise LeaseLost
                return
            except OperationalError:
                if time.monotonic() > give_up:
                    raise
                log.warning("the outcome of a letter can't be noted yet", exc_info=True)
                time.sleep(0.2)
