"""Requests for approval are decided and withdrawn by people; the worker carries out what was approved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.access.passwords import token_hash
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, Forbidden, NotFound, RuleBroken
from crm_app.core.jobs import Run
from crm_app.core.policy import past_the_policies
from crm_app.deals import rules
from crm_app.deals.actions.approving import (
    GRANTED,
    OPEN,
    REJECTED,
    WITHDRAWN,
    close,
    close_asks,
    end_because,
    fact_of,
    open_asks,
    settle,
    step_is_late,
    steps_of,
    tell,
)
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.events import DealApprovalGiven, DealApprovalRefused, DealApprovalWithdrawn
from crm_app.deals.models import Deal, DealApproval, DealApprovalAsk, DealApprovalStep
from crm_app.pipelines.approval_rules import APPROVED, ASKED, tally
from crm_app.pipelines.approval_rules import REJECTED as NO


@action("deal.approve")
def decide_approval(tx: Tx, approval_id: int, approves: bool, word: str = "", round: int | None = None) -> str:  # noqa: A002  the word of the table
    """Approve a move, or reject it with a word; gives what has become of the request. round: as one has seen it.

    Raises NotFound for who is not asked, RuleBroken where what is to be approved has changed, or is over.
    """
    word = rules.clean_text(word, "word")
    if not approves and not word:
        raise BadInput("deals.error.rejection_needs_word", field="word")
    with past_the_policies(tx.session):
        approval = tx.find(DealApproval, approval_id)
        if approval is None or not _was_asked(tx, approval_id):
            raise NotFound()
        was = approval.round if round is None else round
        settle(tx, approval)
        if (approval.state, approval.round) != (OPEN, was):
            tx.refuse_yet_keep(RuleBroken("deals.error.approval_over" if approval.state != OPEN else _CHANGED))
            return approval.state
        _decide(tx, approval, approves, word)
        tx.session.flush()
        return approval.state


_CHANGED = "deals.error.approval_changed"


@action("deal.approve")
def decide_by_link(tx: Tx, token: str, approves: bool, word: str = "", round: int | None = None) -> str:  # noqa: A002
    """The same by the link of a letter, which works once and for the one it was written to. Raises NotFound."""
    ask = open_link(tx, token)
    if ask is None or ask.employee_id != tx.actor.id:
        raise NotFound("deals.error.approval_over")
    return tx.do(decide_approval, ask.approval_id, approves, word, round)


def open_link(tx: Tx, token: str) -> DealApprovalAsk | None:
    """What a link is about; None where it is spent, too late, or none."""
    row: Any = DealApprovalAsk
    with past_the_policies(tx.session):
        ask: DealApprovalAsk | None = tx.one(select(row).where(row.token_hash == token_hash(token), row.is_open))
    if ask is None or ask.token_expires_at is None or ask.token_expires_at < tx.now:
        return None
    return ask


def _was_asked(tx: Tx, approval_id: int) -> bool:
    row: Any = DealApprovalAsk
    asked = select(row.id).where(row.approval_id == approval_id, row.employee_id == tx.actor.id)
    return tx.one(asked) is not None


def _decide(tx: Tx, approval: DealApproval, approves: bool, word: str) -> None:
    mine = {ask.step_id for ask in open_asks(tx, approval) if ask.employee_id == tx.actor.id}
    steps = [step for step in steps_of(tx, approval) if step.id in mine and step.state == ASKED]
    if not steps or tx.actor.id == approval.asked_by_id:
        raise RuleBroken("deals.error.approval_not_yours")
    for step in steps:
        step.state = APPROVED if approves else NO
        step.decided_by_id, step.decided_at, step.word = tx.actor.id, tx.now, word
    done = {step.id for step in steps}
    for ask in open_asks(tx, approval):
        ask.is_open = ask.is_open and ask.step_id not in done
        tx.announce(f"approvals:{ask.employee_id}")
    tx.session.flush()
    with tx.reading():
        deal = tx.need(Deal, approval.deal_id)
    tx.record(fact_of(DealApprovalGiven if approves else DealApprovalRefused, tx, approval, deal, word=word))
    if _is_lost(tx, approval):
        close_asks(tx, approval)
        close(
            tx,
            approval,
            REJECTED,
            {"key": "deals.approval.end.rejected", "params": {"who": tx.actor.name, "word": word}},
        )
        tell(tx, approval, deal, approval.asked_by_id, "rejected", word=word)
        return
    settle(tx, approval)


def _is_lost(tx: Tx, approval: DealApproval) -> bool:
    steps = steps_of(tx, approval)
    return any(
        tally([step for step in steps if step.rule == rule["key"]], rule["needs"]).is_lost for rule in approval.rules
    )


@action("deal.move")
def withdraw_approval(tx: Tx, approval_id: int) -> None:
    """Take a request back, which only who asked may do. Raises NotFound, Forbidden, RuleBroken where it is over."""
    tx.need(Deal, tx.need(DealApproval, approval_id).deal_id)
    with past_the_policies(tx.session):
        approval = tx.need(DealApproval, approval_id)
        if approval.asked_by_id != tx.actor.id:
            raise Forbidden("deals.error.approval_not_yours")
        if approval.state not in (OPEN, GRANTED):
            raise RuleBroken("deals.error.approval_over")
        with tx.reading():
            deal = tx.need(Deal, approval.deal_id)
        end_because(tx, approval, deal, "deals.approval.end.withdrawn", {}, WITHDRAWN)
        tx.record(fact_of(DealApprovalWithdrawn, tx, approval, deal))
        tx.session.flush()


# ---- the worker's side -----------------------------------------------------------------------------------------------


@action("approval.keep")
def settle_approval(tx: Tx, approval_id: int) -> None:
    """Bring a request in line with the world."""
    approval = tx.find(DealApproval, approval_id)
    if approval is not None:
        settle(tx, approval)


@action("approval.keep")
def note_late_step(tx: Tx, run: Run, step_id: int) -> None:
    """The time of an approver is over, if the step still waits; done once, with the note that it was."""
    run.finish(tx)
    step = tx.find(DealApprovalStep, step_id)
    approval = None if step is None else tx.find(DealApproval, step.approval_id)
    if step is None or approval is None:
        return
    settle(tx, approval)
    if (approval.state, approval.round, step.state) == (OPEN, step.round, ASKED) and not step.is_late:
        step_is_late(tx, approval, step)


@action("approval.keep")
def who_moves(tx: Tx, run: Run, approval_id: int) -> int:
    """Who asked for a move that was approved; 0 where there is nothing to be moved any more."""
    approval = tx.find(DealApproval, approval_id)
    if approval is not None:
        settle(tx, approval)
    if approval is None or approval.state != GRANTED:
        run.finish(tx)
        return 0
    run.hold(tx)
    return approval.asked_by_id


@action("deal.move")
def carry_out_move(tx: Tx, run: Run, approval_id: int) -> None:
    """Do a move that was approved, for who asked for it, by the same rule as every other one."""
    run.finish(tx)
    with past_the_policies(tx.session):
        approval = tx.need(DealApproval, approval_id)
        where = (approval.deal_id, approval.to_stage_id, approval.from_stage_id, approval.reason)
    tx.do(move_deal, where[0], where[1], from_stage_id=where[2], reason=where[3])


@action("approval.keep")
def end_unmoved(tx: Tx, run: Run, approval_id: int, key: str, params: dict[str, Any]) -> None:
    """A move that was approved does not fit any more: it ends with the reason."""
    run.finish(tx)
    approval = tx.find(DealApproval, approval_id)
    if approval is not None and approval.state == GRANTED:
        with tx.with_bin(), tx.reading():
            deal = tx.need(Deal, approval.deal_id)
        end_because(tx, approval, deal, key, params)
        for step in steps_of(tx, approval):
            if step.decided_by_id and step.state == APPROVED:
                tell(tx, approval, deal, step.decided_by_id, "unmoved")
