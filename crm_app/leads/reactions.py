"""What follows from what happened to leads: people are told, the timer starts and stops, a company has a pipeline."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from crm_app.access.events import CompanySetUp
from crm_app.access.models import Employee
from crm_app.cards.actions.notifications import notify
from crm_app.cards.events import CommentAdded
from crm_app.cards.followed import News, of_change, of_move, of_removal
from crm_app.cards.models import Comment
from crm_app.cards.reactions import tell_followers_of
from crm_app.core import jobs
from crm_app.core.door import Tx
from crm_app.core.events import reaction
from crm_app.leads.actions.lateness import COUNT_ANEW, watch_for_touch
from crm_app.leads.actions.moves import note_touch
from crm_app.leads.events import LeadAdded, LeadChanged, LeadMoved, LeadRemoved
from crm_app.leads.models import Lead
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from crm_app.pipelines.models import LEAD, Pipeline
from crm_app.worktime.events import WorktimeChanged


@reaction(LeadAdded)
def tell_of_new_lead(tx: Tx, fact: LeadAdded) -> None:
    """Tell the employee for whom a lead has come."""
    _tell(tx, fact, "leads.notice.assigned", fact.responsible_id)


@reaction(LeadAdded)
def start_the_timer(tx: Tx, fact: LeadAdded) -> None:
    """Somebody has to get in touch by then, or those concerned are told."""
    lead = tx.find(Lead, fact.card_id)
    if lead is not None:
        watch_for_touch(tx, lead)


@reaction(WorktimeChanged)
def count_the_timers_anew(tx: Tx, fact: WorktimeChanged) -> None:
    """Who gets a day off gets more time for the leads that wait."""
    jobs.enqueue(tx, COUNT_ANEW)  # without a key: one that is under way may have passed a lead by already


@reaction(LeadChanged)
def tell_of_new_responsible(tx: Tx, fact: LeadChanged) -> None:
    """Tell the employee to whom a lead was passed on."""
    pair = (fact.changes or {}).get("responsible_id")
    if pair:
        _tell(tx, fact, "leads.notice.assigned", pair[1])


@reaction(LeadMoved)
def tell_of_move(tx: Tx, fact: LeadMoved) -> None:
    """Tell the responsible employee that somebody else moved their lead."""
    _tell(tx, fact, "leads.notice.moved", fact.responsible_id, stage=fact.to_stage)


@reaction(CommentAdded)
def stop_the_timer(tx: Tx, fact: CommentAdded) -> None:
    """Whoever writes on a lead has looked into it: the first comment of an employee is its first touch."""
    lead = tx.find(Lead, fact.card_id) if fact.kind == LEAD else None
    comment = tx.find(Comment, fact.comment_id) if lead is not None else None
    if lead is not None and comment is not None and comment.author_kind == "employee" and note_touch(tx, lead):
        tx.announce(f"stage:{lead.stage_id}")


@reaction(CompanySetUp)
def give_lead_pipeline(tx: Tx, fact: CompanySetUp) -> None:
    """A new company has a pipeline of leads; samples bring their own."""
    if not fact.samples and tx.one(select(Pipeline.id).where(Pipeline.card == LEAD)) is None:
        create_pipeline_from_preset(tx, "leads", fact.locale)


def _of_change(fact: LeadChanged) -> News | None:
    """Whoever is responsible now is told by another notice."""
    news, pair = of_change(fact), (fact.changes or {}).get("responsible_id")
    return replace(news, others=frozenset({pair[1]})) if news and pair else news


tell_followers_of("lead", {LeadChanged: _of_change, LeadMoved: of_move, LeadRemoved: of_removal})


def _tell(tx: Tx, fact: LeadAdded | LeadChanged | LeadMoved, key: str, employee_id: int | None, **words: str) -> None:
    lead = tx.find(Lead, fact.card_id)
    if employee_id in (None, fact.by_id) or lead is None or tx.find(Employee, employee_id) is None:
        return
    notify(tx, employee_id or 0, key, LEAD, fact.card_id, who=fact.by_name, title=lead.name, **words)
