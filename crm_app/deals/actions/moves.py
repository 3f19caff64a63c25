"""A deal goes from stage to stage, and from place to place in its column."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from crm_app.cards.rights import check_reached
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden, NotFound, RuleBroken
from crm_app.deals import rules
from crm_app.deals.actions.approving import ask_for_approval, close_with_move
from crm_app.deals.actions.plans import add_plan
from crm_app.deals.actions.ranking import rank_in
from crm_app.deals.actions.stays import change_stay
from crm_app.deals.actions.values import Changes, set_values, told
from crm_app.deals.drafts import EntryDraft
from crm_app.deals.events import DealChanged, DealMoved, DealOrderOverridden
from crm_app.deals.models import Deal
from crm_app.deals.queries.moves import Crossroads, abilities, crossroads
from crm_app.pipelines.models import Stage
from crm_app.pipelines.rules import HOLD, LOST, Verdict, return_stage_after, return_step


@action("deal.move")
def move_deal(
    tx: Tx,
    deal_id: int,
    stage_id: int,
    fields: EntryDraft | None = None,
    reason: str = "",
    before_id: int | None = None,
    after_id: int | None = None,
    from_stage_id: int | None = None,
    override: bool = False,
    asks: bool = True,
) -> Deal:
    """Move a deal to another stage of its pipeline, or to another place in its column.

    fields: what is filled in on the way. before_id, after_id: the deal next to which it is put, else it goes on top.
    from_stage_id: where the person saw it: if it has gone elsewhere meanwhile, nothing is moved.
    override: past the order of the pipeline and past approvals, which takes a right of its own and a reason.
    asks: where others have to approve it, they are asked, and the deal stays where it is until they have.
    """
    deal = tx.need(Deal, deal_id)
    check_reached(tx.actor, "deal.move", deal)
    if deal.stage_id == stage_id:
        return _reordered(tx, deal, before_id, after_id) if from_stage_id in (None, stage_id) else deal
    if from_stage_id not in (None, deal.stage_id):
        raise RuleBroken("deals.error.moved_meanwhile", title=deal.name)
    changes = _fill_in(tx, deal, fields or EntryDraft())
    at = crossroads(tx, deal, (stage_id,))
    there = at.stage(stage_id)
    if there is None:
        raise NotFound("deals.error.other_pipeline")
    verdict = _check_entry(tx, at, there, reason, override)
    if verdict.drop == "approval":
        return _asked_for(tx, deal, at, there, reason, changes, verdict, asks)
    is_forced = override and verdict.is_overridable
    _enter(tx, deal, at, there, rank_in(tx, tx.need(Stage, stage_id), deal_id, before_id, after_id), reason, changes)
    if is_forced:
        tx.record(_override_fact(tx, deal, at, there, reason))
    return deal


def _asked_for(
    tx: Tx, deal: Deal, at: Crossroads, there: Stage, reason: str, changes: Changes, verdict: Verdict, asks: bool
) -> Deal:
    """The deal as it stays: what was filled in on the way is kept, and approvers are asked."""
    if not asks:
        raise RuleBroken(verdict.reasons[0].code, **verdict.reasons[0].params)
    if changes:
        tx.record(DealChanged(**told(tx, deal), changes=changes))
    ask_for_approval(tx, deal, at.pipeline, there, rules.clean_text(reason, "reason"))
    return deal


@action("deal.move")
def hold_deal(tx: Tx, deal_id: int, reason: str = "") -> Deal:
    """Put a deal on hold; it remembers where it was."""
    at = crossroads(tx, tx.need(Deal, deal_id))
    stage = next((stage for stage in at.stages if stage.kind == HOLD), None)
    if stage is None:
        raise RuleBroken("deals.error.no_hold_stage")
    return tx.do(move_deal, deal_id, stage.id or 0, reason=reason)


@action("deal.move")
def return_deal(tx: Tx, deal_id: int, fields: EntryDraft | None = None) -> Deal:
    """Bring a deal that is on hold, or closed, back to the stage where it was."""
    at = crossroads(tx, tx.need(Deal, deal_id))
    back = return_step(at.standing.return_stage_id, at.stages)
    return tx.do(move_deal, deal_id, back.id or 0, fields=fields)


def _reordered(tx: Tx, deal: Deal, before_id: int | None, after_id: int | None) -> Deal:
    deal.rank = rank_in(tx, tx.need(Stage, deal.stage_id), deal.id or 0, before_id, after_id)
    tx.announce(f"stage:{deal.stage_id}")
    return deal


def _fill_in(tx: Tx, deal: Deal, fields: EntryDraft) -> Changes:
    values = fields.told()
    plan = values.pop("next_action", None)
    changes = set_values(tx, deal, values)
    if plan is not None:
        add_plan(tx, deal, plan)
    return changes


def _check_entry(tx: Tx, at: Crossroads, there: Stage, reason: str, override: bool) -> Verdict:
    """What lets the deal in: nothing more, an approval, or, `is_overridable`, only going past order and approvals.

    Raises RuleBroken where nothing does.
    """
    ask = partial(rules.check_entry, at.standing, at.pipeline, at.stages, there, reason=reason)
    verdict = ask(abilities(tx.actor))
    is_forced = override and verdict.is_overridable
    if is_forced:
        if not tx.actor.may("deal.override"):
            raise Forbidden("deals.error.may_not_override")
        rules.check_override_reason(reason)
        verdict = replace(ask(abilities(tx.actor, overrides=True)), is_overridable=True)
    if verdict.drop == "no":
        raise RuleBroken(verdict.reasons[0].code, reasons=list(verdict.reasons), **verdict.reasons[0].params)
    if verdict.drop == "needs":
        only = verdict.reasons[0] if len(verdict.reasons) == 1 else None
        if only and not only.key:
            raise RuleBroken(only.code, reasons=[only], **only.params)
        raise RuleBroken("deals.error.needs_fields", reasons=list(verdict.reasons))
    return verdict


def _override_fact(tx: Tx, deal: Deal, at: Crossroads, there: Stage, reason: str) -> DealOrderOverridden:
    here = at.stage(at.standing.stage_id)
    assert here is not None
    return DealOrderOverridden(**told(tx, deal), from_stage=here.name, to_stage=there.name, reason=reason.strip())


def _enter(tx: Tx, deal: Deal, at: Crossroads, there: Stage, rank: str, reason: str, changes: Changes) -> None:
    here = at.stage(deal.stage_id)
    assert here is not None
    reason = rules.clean_text(reason, "reason")
    deal.return_stage_id = return_stage_after(at.standing.return_stage_id, here, there)
    deal.lost_reason = reason if there.kind == LOST else ""
    deal.stage_id, deal.rank = there.id or 0, rank
    deal.entered_stage_at = deal.updated_at = tx.now
    deal.version += 1
    change_stay(tx, deal)
    tx.record(moved_fact(tx, deal, here, there, reason, changes))
    if at.pipeline.approvals:
        close_with_move(tx, deal, there)


def moved_fact(
    tx: Tx, deal: Deal, here: Stage, there: Stage, reason: str = "", changes: Changes | None = None
) -> DealMoved:
    """What is told of a deal that has come from one stage to another."""
    return DealMoved(
        **told(tx, deal),
        from_stage_id=here.id or 0,
        to_stage_id=there.id or 0,
        from_stage=here.name,
        to_stage=there.name,
        to_kind=there.kind,
        reason=reason,
        responsible_id=deal.responsible_id,
        changes=changes or None,
    )
