"""A deal is added, changed, moved to the bin and taken out of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from crm_app.cards.actions.changing import check_given
from crm_app.cards.actions.field_values import first_values
from crm_app.cards.bins import BinKind, register_bin
from crm_app.cards.custom_fields import own_texts
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.hanging import goes_with, lets_go
from crm_app.cards.kinds import FIELD_WRITERS
from crm_app.cards.rights import check_reached, mark
from crm_app.core import search
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, Forbidden, Reason, RuleBroken
from crm_app.deals import rules
from crm_app.deals.actions.plans import add_plan
from crm_app.deals.actions.ranking import rank_in
from crm_app.deals.actions.stays import begin_stay
from crm_app.deals.actions.values import check_still_filled, clean_values, index, set_values, told
from crm_app.deals.drafts import DealDraft, PlanDraft
from crm_app.deals.events import DealAdded, DealChanged, DealDeleted, DealRestored
from crm_app.deals.models import Deal, DealApproval, DealItem, DealPlan, StageSpan
from crm_app.deals.queries.due_approvals import rules_due
from crm_app.deals.queries.moves import crowds_of, filled_fields
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.policy import PART
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import check_carries, in_order


@action("deal.create")
def create_deal(
    tx: Tx,
    pipeline_id: int,
    values: DealDraft,
    stage_id: int | None = None,
    next_action: PlanDraft | None = None,
) -> Deal:
    """Add a deal on top of a stage: of the pipeline's first, where none is told. Its number is its id."""
    pipeline, stages = tx.need(Pipeline, pipeline_id), stages_of(tx, pipeline_id)
    check_carries(pipeline.card, "deal")
    rules.check_has_stages(len(in_order(stages)))
    stage = tx.need(Stage, stage_id or in_order(stages)[0].id)
    if stage.pipeline_id != pipeline_id:
        raise BadInput("deals.error.other_pipeline", field="stage_id")
    given = values.told()
    check_given(tx, "deal", given | {f"{PREFIX}{key}": each for key, each in given.get("fields", {}).items()}, stage.id)
    deal = _new_deal(tx, stage, values.told())
    if next_action is not None:
        add_plan(tx, deal, next_action)
    _check_start(tx, deal, pipeline, stages, stage)
    begin_stay(tx, deal)
    tx.record(DealAdded(**told(tx, deal), stage=stage.name, responsible_id=deal.responsible_id))
    return deal


def _new_deal(tx: Tx, stage: Stage, values: dict[str, Any]) -> Deal:
    own = first_values(tx, "deal", values.get("fields", {}), stage.pipeline_id, stage.id or 0)
    clean = clean_values({"name": "", **{name: value for name, value in values.items() if name != "fields"}})
    responsible_id = clean.pop("responsible_id", 0) or tx.actor.id
    _check_in_scope(tx, stage.pipeline_id, responsible_id)
    deal = tx.add(
        Deal(
            name=clean.pop("name"),
            pipeline_id=stage.pipeline_id,
            stage_id=stage.id or 0,
            rank=rank_in(tx, stage),
            responsible_id=tx.actor.id or responsible_id,
            fields=own,
            entered_stage_at=tx.now,
            created_by_id=tx.actor.id or None,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    deal.number = str(deal.id)
    set_values(tx, deal, {**clean, "responsible_id": responsible_id})
    index(tx, deal)
    return deal


def _check_in_scope(tx: Tx, pipeline_id: int, responsible_id: int) -> None:
    scope = tx.actor.scope("deal.create", [mark(PART, pipeline_id)])
    if not scope:
        raise Forbidden("deals.error.not_in_this_pipeline", field="pipeline_id")
    reached = {"own": (tx.actor.id,), "department": tx.actor.colleagues}.get(scope)
    if reached is not None and responsible_id not in reached:
        raise Forbidden("deals.error.not_for_others", field="responsible_id")


def _check_start(tx: Tx, deal: Deal, pipeline: Pipeline, stages: list[Stage], stage: Stage) -> None:
    filled = filled_fields(tx, deal, set(stage.required_fields))
    approval = Reason("", params={"stage": stage.name}) if rules_due(tx, deal, pipeline, stage.id or 0, 0) else None
    full = crowds_of(tx, [stage], own=1).get(stage.id or 0)
    verdict = rules.check_start(pipeline, stages, stage, filled, approval, full)
    if verdict.drop == "no":
        raise RuleBroken(verdict.reasons[0].code, **verdict.reasons[0].params)
    if verdict.drop == "needs":
        raise RuleBroken("deals.error.needs_fields", reasons=list(verdict.reasons))


@action("deal.change")
def change_deal(tx: Tx, deal_id: int, values: DealDraft, version: int | None = None) -> Deal:
    """Change fields of a deal: those that are told. version: what one has seen; a change since then is a conflict.

    Raises BadInput, RuleBroken for a conflict and where the deal's stage asks for what would be emptied.
    """
    deal = tx.need(Deal, deal_id)
    if version is not None and version != deal.version:
        raise RuleBroken("core.error.conflict")
    was = deal.responsible_id
    changes = set_values(tx, deal, values.told())
    if not changes:
        return deal
    check_still_filled(tx, deal, {field for field in changes if not getattr(deal, field, True)})
    new_responsible = deal.responsible_id if deal.responsible_id != was else None
    tx.record(DealChanged(**told(tx, deal), changes=changes, responsible_id=new_responsible))
    return deal


def _write_fields(tx: Tx, deal_id: int, fields: dict[str, Any], version: int | None) -> None:
    tx.do(change_deal, deal_id, DealDraft(fields=fields), version=version)


FIELD_WRITERS["deal"] = _write_fields


@action("deal.delete")
def delete_deal(tx: Tx, deal_id: int) -> None:
    """Move a deal to the bin."""
    deal = tx.need(Deal, deal_id)
    check_reached(tx.actor, "deal.delete", deal)
    deal.deleted_at = deal.updated_at = tx.now
    tx.record(DealDeleted(**told(tx, deal)))


@action("deal.delete")
def restore_deal(tx: Tx, deal_id: int) -> Deal:
    """Take a deal out of the bin, to the top of the stage that it was in."""
    with tx.with_bin():
        deal = tx.need(Deal, deal_id)
        check_reached(tx.actor, "deal.delete", deal)
        if deal.deleted_at is None:
            return deal
        deal.rank = rank_in(tx, tx.need(Stage, deal.stage_id), deal_id)
        deal.deleted_at, deal.updated_at = None, tx.now
        tx.session.flush()
    tx.record(DealRestored(**told(tx, deal)))
    return deal


def leave_clients(tx: Tx, client_ids: list[int]) -> None:
    """Deals whose clients are removed for good stay, without a client, and are found by their own texts alone."""
    theirs = tx.all(select(Deal).where(Deal.client_id.in_(client_ids)))
    texts = [(row.id or 0, (row.number, row.name, *own_texts(tx, row))) for row in theirs]
    tx.run(update(Deal).where(Deal.client_id.in_(client_ids)).values(client_id=None))
    search.put_many(tx.session, "deal", texts)
    tx.announce(*(f"deal:{row.id}" for row in theirs))


register_bin("deal", BinKind(restore_deal, delete_deal, DealDeleted))
lets_go(Deal, "client_id", "client", by=leave_clients)
for _model in (DealItem, DealPlan, StageSpan, DealApproval):
    goes_with(_model, "deal_id", "deal")
