"""A lead goes from stage to stage, and somebody gets in touch with it for the first time."""

from __future__ import annotations

from typing import Any

from crm_app.cards.actions.changing import assign
from crm_app.cards.actions.field_values import set_values
from crm_app.core.door import Tx, action
from crm_app.core.errors import NotFound, RuleBroken
from crm_app.leads import rules
from crm_app.leads.actions.cards import doer, index_lead, rank_in
from crm_app.leads.actions.lateness import watch_for_touch
from crm_app.leads.events import LeadMoved, LeadTouched
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import standing
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import LOST, return_stage_after, return_step


@action("lead.change")
def move_lead(
    tx: Tx,
    lead_id: int,
    stage_id: int,
    reason: str = "",
    before_id: int | None = None,
    after_id: int | None = None,
    from_stage_id: int | None = None,
    fields: dict[str, Any] | None = None,
) -> Lead:
    """Move a lead to another stage of its pipeline, or to another place in its column. It has been touched by that.

    reason: why it is disqualified. before_id, after_id: the lead next to which it is put, else it goes on top.
    from_stage_id: where the person saw it: if it has gone elsewhere meanwhile, nothing is moved. fields: custom ones
    that are filled in on the way. Raises RuleBroken where the stage may not be entered, or wants something.
    """
    lead = tx.need(Lead, lead_id)
    tx.check_change(lead)
    if lead.stage_id == stage_id:
        return _reordered(tx, lead, before_id, after_id) if from_stage_id in (None, stage_id) else lead
    if from_stage_id not in (None, lead.stage_id):
        raise RuleBroken("leads.error.moved_meanwhile", title=lead.name)
    steps = stages_of(tx, lead.pipeline_id)
    there = next((step for step in steps if step.id == stage_id), None)
    if there is None:
        raise NotFound("leads.error.other_pipeline")
    filled = set_values(tx, lead, fields or {}, lead.pipeline_id)
    _check_entry(tx, lead, steps, there, reason)
    lead.rank = rank_in(tx, tx.need(Stage, stage_id), lead_id, before_id, after_id)
    _enter(tx, lead, steps, there, rules.clean_reason(reason), filled)
    if filled:
        index_lead(tx, lead)
    return lead


@action("lead.change")
def disqualify_lead(tx: Tx, lead_id: int, reason: str) -> Lead:
    """Put a lead among those that come to nothing, and say why. Raises RuleBroken without a reason."""
    lead = tx.need(Lead, lead_id)
    lost = next((step for step in stages_of(tx, lead.pipeline_id) if step.kind == LOST), None)
    if lost is None:
        raise RuleBroken("leads.error.no_lost_stage")
    return tx.do(move_lead, lead_id, lost.id or 0, reason=reason)


@action("lead.change")
def take_back_lead(tx: Tx, lead_id: int) -> Lead:
    """Bring a closed lead back to the stage where it was. Raises RuleBroken for an open one."""
    lead = tx.need(Lead, lead_id)
    steps = stages_of(tx, lead.pipeline_id)
    if not rules.is_closed(next(step.kind for step in steps if step.id == lead.stage_id)):
        raise RuleBroken("leads.error.still_open")
    return tx.do(move_lead, lead_id, return_step(lead.return_stage_id, steps).id or 0)


@action("lead.change")
def touch_lead(tx: Tx, lead_id: int) -> Lead:
    """Note that somebody has got in touch, for the first time: a second one changes nothing."""
    lead = tx.need(Lead, lead_id)
    tx.check_change(lead)
    if note_touch(tx, lead):
        lead.updated_at = tx.now
        tx.announce(f"stage:{lead.stage_id}")
    return lead


@action("lead.change")
def untouch_lead(tx: Tx, lead_id: int) -> Lead:
    """Take the note back: nobody has been in touch after all."""
    lead = tx.need(Lead, lead_id)
    tx.check_change(lead)
    lead.touched_at = None
    watch_for_touch(tx, lead)
    tx.announce(f"lead:{lead_id}", "leads", f"stage:{lead.stage_id}")
    return lead


def note_touch(tx: Tx, lead: Lead) -> bool:
    """Stop the timer of a lead's first touch; whether it was still running."""
    if lead.touched_at is not None:
        return False
    lead.touched_at = tx.now
    in_time = rules.touch_state(lead.touch_due_at, tx.now, tx.now) == "touched"
    tx.record(LeadTouched(card_id=lead.id or 0, in_time=in_time))
    return True


def _reordered(tx: Tx, lead: Lead, before_id: int | None, after_id: int | None) -> Lead:
    lead.rank = rank_in(tx, tx.need(Stage, lead.stage_id), lead.id or 0, before_id, after_id)
    tx.announce(f"stage:{lead.stage_id}")
    return lead


def _check_entry(tx: Tx, lead: Lead, steps: list[Stage], there: Stage, reason: str) -> None:
    way, may_pass = tx.need(Pipeline, lead.pipeline_id), tx.actor.may("lead.pass")
    verdict = rules.check_entry(standing(tx, lead), way, steps, there, reason=reason, may_pass=may_pass)
    if verdict.drop != "free":
        raise RuleBroken(verdict.reasons[0].code, reasons=list(verdict.reasons), **verdict.reasons[0].params)


def _enter(tx: Tx, lead: Lead, steps: list[Stage], there: Stage, reason: str, filled: dict[str, list[Any]]) -> None:
    here = next(step for step in steps if step.id == lead.stage_id)
    note_touch(tx, lead)
    lead.return_stage_id = return_stage_after(lead.return_stage_id, here, there)
    changes = filled | assign(lead, {"disqualified_reason": reason if there.kind == LOST else ""})
    lead.stage_id = there.id or 0
    lead.version += 1
    lead.entered_stage_at = lead.updated_at = tx.now
    tx.record(moved_fact(tx, lead, here, there, changes))


def moved_fact(tx: Tx, lead: Lead, here: Stage, there: Stage, changes: dict[str, list[Any]] | None = None) -> LeadMoved:
    """What is told of a lead that stands in another stage by now."""
    return LeadMoved(
        card_id=lead.id or 0, title=lead.name, from_stage_id=here.id or 0, to_stage_id=lead.stage_id,
        from_stage=here.name, to_stage=there.name, to_kind=there.kind, reason=lead.disqualified_reason,
        responsible_id=lead.responsible_id, changes=changes or None, **doer(tx),
    )  # fmt: skip
