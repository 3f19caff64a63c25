"""A move that waits for approval: who is asked when, and what becomes of a request when the world goes on.

`settle` is the one place that decides: it looks at a request and at its deal as both are now. It is called before each
decision, after each change that may matter, and by the worker; called twice it does no more than once. Requests are
read and changed past the row policies, since whoever approves need not see the deal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from crm_app.cards.actions.notifications import notify
from crm_app.core.door import Tx
from crm_app.core.errors import RuleBroken
from crm_app.core.i18n import text
from crm_app.core.jobs import enqueue
from crm_app.core.policy import past_the_policies
from crm_app.core.settings import settings
from crm_app.deals.actions.values import told
from crm_app.deals.events import (
    DealApprovalAsked,
    DealApprovalEnded,
    DealApprovalFact,
    DealApprovalLate,
    DealApprovalVoided,
)
from crm_app.deals.models import Deal, DealApproval, DealApprovalAsk, DealApprovalStep
from crm_app.deals.queries.due_approvals import Staff, rules_due, staff_of, stamp_of, under_way, waits_for
from crm_app.pipelines.approval_rules import ASKED, DAYS, HEAD, LATER, VOID, tally, to_be_asked
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.worktime.queries import calendar_of
from crm_app.worktime.rules import add_working, add_working_days

LETTER, LATE, MOVE = "deals.approval_letter", "deals.approval_late", "deals.approved_move"
"""Jobs: a letter to whoever is asked, an approver whose time is over, a move that was approved."""

OPEN, GRANTED, DONE, REJECTED, WITHDRAWN, ENDED = "open", "granted", "done", "rejected", "withdrawn", "ended"


def ask_for_approval(tx: Tx, deal: Deal, pipeline: Pipeline, there: Stage, reason: str) -> None:
    """Ask for what a move needs, or say for whom it waits already. The move is not done, and the actor is told so."""
    with past_the_policies(tx.session):
        known = next((each for each in under_way(tx, deal.id or 0) if each.to_stage_id == there.id), None)
        if known is not None:
            known = tx.need(DealApproval, known.id)
            settle(tx, known)
        if known is None or known.state not in (OPEN, GRANTED):
            known = _request(tx, deal, pipeline, there, reason)
        tx.session.flush()
        whom = ", ".join(waits_for(tx, [known.id or 0]).get(known.id or 0, []))
    tx.refuse_yet_keep(RuleBroken("deals.error.approval_asked", whom=whom))


def _request(tx: Tx, deal: Deal, pipeline: Pipeline, there: Stage, reason: str) -> DealApproval:
    made = tx.add(
        DealApproval(
            deal_id=deal.id or 0, pipeline_id=deal.pipeline_id, from_stage_id=deal.stage_id, to_stage_id=there.id or 0,
            asked_by_id=tx.actor.id or deal.responsible_id, reason=reason, stamp="", asked_at=tx.now,
            open_key=f"{deal.id}:{there.id}",
        )
    )  # fmt: skip
    if not _begin(tx, made, deal, rules_due(tx, deal, pipeline, there.id or 0), staff_of(tx)):
        raise RuleBroken("deals.error.nobody_approves")
    return made


def settle(tx: Tx, approval: DealApproval) -> None:
    """Bring a request in line with what has become of its deal, its rules and the people in it."""
    if approval.state not in (OPEN, GRANTED):
        return
    tx.session.flush()
    with tx.with_bin(), tx.reading():
        deal = tx.find(Deal, approval.deal_id)
        pipeline = tx.find(Pipeline, approval.pipeline_id)
        there = tx.find(Stage, approval.to_stage_id)
    staff = staff_of(tx)
    if deal is None or pipeline is None:
        return
    if deal.deleted_at is not None:
        end(tx, approval, deal, "deleted")
    elif deal.stage_id != approval.from_stage_id:
        end(tx, approval, deal, "moved")
    elif there is None or there.deleted_at is not None or there.leaving_to_id:
        end(tx, approval, deal, "stage_gone")
    elif approval.asked_by_id not in staff.all_departments or approval.asked_by_id in staff.closed:
        end(tx, approval, deal, "asker_gone")
    else:
        _settle_rules(tx, approval, deal, pipeline, staff)


def _settle_rules(tx: Tx, approval: DealApproval, deal: Deal, pipeline: Pipeline, staff: Staff) -> None:
    rules = rules_due(tx, deal, pipeline, approval.to_stage_id)
    if not rules:
        end(tx, approval, deal, "needless")
    elif stamp_of(deal, rules) != approval.stamp:
        _ask_anew(tx, approval, deal, rules, staff)
    elif approval.state == OPEN:
        _replace_leavers(tx, approval, deal, staff)
        if not _go_on(tx, approval, deal, staff):
            end(tx, approval, deal, "nobody")


def _ask_anew(tx: Tx, approval: DealApproval, deal: Deal, rules: Sequence[Any], staff: Staff) -> None:
    """What was to be approved is another thing now: all that was said of it is void."""
    close_asks(tx, approval)
    steps = DealApprovalStep.approval_id == approval.id, DealApprovalStep.round == approval.round
    tx.run(update(DealApprovalStep).where(*steps).values(state=VOID))
    approval.round += 1
    tx.record(DealApprovalVoided(**_told(tx, approval, deal)))
    if not _begin(tx, approval, deal, rules, staff):
        end(tx, approval, deal, "nobody")


def _begin(tx: Tx, approval: DealApproval, deal: Deal, rules: Sequence[Any], staff: Staff) -> bool:
    """Begin a round; False where there is nobody to ask."""
    approval.rules, approval.stamp, approval.state = [*rules], stamp_of(deal, rules), OPEN
    for rule in rules:
        for place, who in enumerate(rule["approvers"]):
            tx.session.add(
                DealApprovalStep(
                    approval_id=approval.id or 0, round=approval.round, rule=rule["key"], place=place, who=who,
                    state=LATER,
                )
            )  # fmt: skip
    tx.session.flush()
    return _go_on(tx, approval, deal, staff)


def steps_of(tx: Tx, approval: DealApproval) -> list[DealApprovalStep]:
    """The steps of a request's round, in order."""
    row: Any = DealApprovalStep
    wanted = select(row).where(row.approval_id == approval.id, row.round == approval.round)
    return tx.all(wanted.order_by(row.rule, row.place, row.id))


def _go_on(tx: Tx, approval: DealApproval, deal: Deal, staff: Staff) -> bool:
    """Ask whoever's turn it is; have the move done where all have approved. False where there is nobody to ask."""
    steps, asked, is_met = steps_of(tx, approval), [], True
    for rule in approval.rules:
        of_rule = [step for step in steps if step.rule == rule["key"]]
        is_met = is_met and tally(of_rule, rule["needs"]).is_met
        for step in to_be_asked(of_rule, rule["needs"], in_turn=rule["in_turn"]):
            people = staff.whom(step.who, rule, deal, approval.asked_by_id)
            if not people:
                return False
            asked += _ask(tx, approval, deal, step, rule, people)
    if is_met:
        approval.state = GRANTED
        close_asks(tx, approval)
        enqueue(tx, MOVE, key=f"{MOVE}:{approval.id}:{approval.round}", approval_id=approval.id)
    elif asked:
        _tell_asked(tx, approval, deal, staff, asked)
    return True


def _ask(
    tx: Tx, approval: DealApproval, deal: Deal, step: DealApprovalStep, rule: Any, people: Sequence[int]
) -> list[int]:
    step.state, step.due_at = ASKED, due_at(tx, rule)
    if step.due_at is not None:
        enqueue(tx, LATE, key=f"{LATE}:{step.id}", run_at=step.due_at, step_id=step.id)
    return add_asks(tx, approval, deal, step, people)


def add_asks(
    tx: Tx, approval: DealApproval, deal: Deal, step: DealApprovalStep, people: Sequence[int], key: str = "asked"
) -> list[int]:
    """Let people decide a step, and tell them, by a letter too."""
    for employee_id in people:
        made = tx.add(
            DealApprovalAsk(
                approval_id=approval.id or 0, step_id=step.id or 0, employee_id=employee_id, asked_at=tx.now
            )
        )
        enqueue(tx, LETTER, key=f"{LETTER}:{made.id}", ask_id=made.id)
        tell(tx, approval, deal, employee_id, key)
    return [*people]


def due_at(tx: Tx, rule: Any) -> datetime | None:
    """When the time of an approver who is asked now is over."""
    if not rule["limit"]:
        return None
    calendar = calendar_of(tx)
    if rule["unit"] == DAYS:
        return add_working_days(calendar, tx.now, rule["limit"])
    return add_working(calendar, tx.now, timedelta(hours=rule["limit"]))


def _replace_leavers(tx: Tx, approval: DealApproval, deal: Deal, staff: Staff) -> None:
    """Whoever does not work here any more is not waited for: where nobody else may decide, others are asked."""
    asks = open_asks(tx, approval)
    rules = {rule["key"]: rule for rule in approval.rules}
    for step in steps_of(tx, approval):
        mine = [ask for ask in asks if ask.step_id == step.id]
        left = [ask for ask in mine if ask.employee_id in staff.names]
        if step.state != ASKED or len(left) == len(mine):
            continue
        for ask in mine:
            ask.is_open = ask in left
        if not left:
            step.state = LATER
            people = staff.whom(step.who, rules[step.rule], deal, approval.asked_by_id)
            if people:
                _tell_asked(tx, approval, deal, staff, _ask(tx, approval, deal, step, rules[step.rule], people))
    tx.session.flush()


def step_is_late(tx: Tx, approval: DealApproval, step: DealApprovalStep) -> None:
    """An approver's time is over: the substitute may decide too; whoever asked is told."""
    with tx.reading():
        deal = tx.need(Deal, approval.deal_id)
    rule, staff = next(rule for rule in approval.rules if rule["key"] == step.rule), staff_of(tx)
    step.is_late = True
    known = {ask.employee_id for ask in open_asks(tx, approval) if ask.step_id == step.id}
    people = [] if not rule["substitute"] else _substitutes(staff, step, rule, deal, approval)
    people = [each for each in people if each not in known]
    add_asks(tx, approval, deal, step, people, "substitute")
    for employee_id in known:
        tell(tx, approval, deal, employee_id, "late")
    tell(tx, approval, deal, approval.asked_by_id, "late_asked")
    names = ", ".join(staff.names[each] for each in (*sorted(known), *people) if each in staff.names)
    tx.record(DealApprovalLate(**_told(tx, approval, deal), whom=names))


def _substitutes(staff: Staff, step: DealApprovalStep, rule: Any, deal: Deal, approval: DealApproval) -> list[int]:
    """ "head" is the head of the one who is late, where that is one person."""
    if rule["substitute"] == HEAD and step.who.startswith("employee:"):
        mine = [each for each in staff.heads_of(int(step.who.partition(":")[2])) if each != approval.asked_by_id]
        if mine:
            return mine
    return staff.whom(rule["substitute"], rule, deal, approval.asked_by_id)


def open_asks(tx: Tx, approval: DealApproval) -> list[DealApprovalAsk]:
    """Who may decide now."""
    row: Any = DealApprovalAsk
    return tx.all(select(row).where(row.approval_id == approval.id, row.is_open).order_by(row.id))


def close_asks(tx: Tx, approval: DealApproval) -> None:
    """Nobody may decide any more, by whatever link."""
    for ask in open_asks(tx, approval):
        ask.is_open = False
        tx.announce(f"approvals:{ask.employee_id}")
    tx.session.flush()


def end(tx: Tx, approval: DealApproval, deal: Deal, why: str, state: str = ENDED) -> None:
    """End a request without a move. why: a word of "deals.approval.end."; all who were in it are told."""
    end_because(tx, approval, deal, f"deals.approval.end.{why}", {}, state)


def end_because(
    tx: Tx, approval: DealApproval, deal: Deal, key: str, params: dict[str, Any], state: str = ENDED
) -> None:
    """The same, for a reason that is a sentence of the dictionaries."""
    concerned = {approval.asked_by_id, *(ask.employee_id for ask in open_asks(tx, approval))} - {tx.actor.id}
    close_asks(tx, approval)
    close(tx, approval, state, {"key": key, "params": params})
    locale = settings().locale
    for employee_id in sorted(concerned):
        tell(tx, approval, deal, employee_id, "ended", why=text(key, locale, **params))
    if state == ENDED:
        tx.record(DealApprovalEnded(**_told(tx, approval, deal), why=text(key, locale, **params)))


def close(tx: Tx, approval: DealApproval, state: str, outcome: dict[str, Any]) -> None:
    """A request is over."""
    approval.state, approval.outcome, approval.ended_at, approval.open_key = state, outcome, tx.now, None
    tx.session.flush()


def close_with_move(tx: Tx, deal: Deal, there: Stage) -> None:
    """A deal has gone to a stage: what it was to be approved for is done, or is no more."""
    with past_the_policies(tx.session):
        for known in under_way(tx, deal.id or 0):
            approval = tx.need(DealApproval, known.id)
            if approval.to_stage_id == there.id and approval.state == GRANTED:
                close(tx, approval, DONE, {})
                tell(tx, approval, deal, approval.asked_by_id, "done")
            elif approval.to_stage_id == there.id:
                end(tx, approval, deal, "overridden")
            else:
                end(tx, approval, deal, "moved")
        tx.session.flush()


def tell(tx: Tx, approval: DealApproval, deal: Deal, employee_id: int, key: str, **words: str) -> None:
    """Tell somebody something of a request."""
    names = _stage_name(tx, approval)
    said = {"title": deal.name, "stage": names, "who": tx.actor.name, **words}
    notify(tx, employee_id, f"deals.notice.approval_{key}", "deal", deal.id or 0, **said)
    tx.announce(f"approvals:{employee_id}")


def _tell_asked(tx: Tx, approval: DealApproval, deal: Deal, staff: Staff, asked: Sequence[int]) -> None:
    whom = ", ".join(dict.fromkeys(staff.names[each] for each in asked))
    tx.record(DealApprovalAsked(**_told(tx, approval, deal), whom=whom))


def _stage_name(tx: Tx, approval: DealApproval) -> str:
    with tx.with_bin(), tx.reading():
        return tx.scalar(select(Stage.name).where(Stage.id == approval.to_stage_id)) or ""


def _told(tx: Tx, approval: DealApproval, deal: Deal) -> dict[str, Any]:
    return {**told(tx, deal), "stage": _stage_name(tx, approval), "stage_id": deal.stage_id}


def fact_of(kind: type[DealApprovalFact], tx: Tx, approval: DealApproval, deal: Deal, **details: Any) -> Any:
    """A fact about a request."""
    return kind(**_told(tx, approval, deal), **details)
