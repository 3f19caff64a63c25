"""The rights of roles by stage: looked up for who acts, and checked where they are set."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from crm_app.access.models import Role
from crm_app.access.queries import PLACED_RIGHTS, Placed
from crm_app.access.roles import ADMINISTRATOR, SHOWN_AS
from crm_app.cards.custom_fields import all_definitions
from crm_app.cards.kinds import KINDS
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, Forbidden, Reason
from crm_app.core.policy import past_the_policies
from crm_app.pipelines.drafts import PipelinePlan
from crm_app.pipelines.field_rights import kept_from, told
from crm_app.pipelines.models import Pipeline, Stage

_PIPELINE: Any = Pipeline
_STAGE: Any = Stage
_PIPELINES = select(_PIPELINE.id, _PIPELINE.card, _PIPELINE.rights)
_ROLE: Any = Role
_ROLES = select(_ROLE.key)
_STAGES = select(_STAGE.id).where(_STAGE.pipeline_id == bindparam("pipeline"))


def _rights_of(tx: Tx, role: Role) -> Placed:
    """By kind of card and stage, what a role does not see there, and what it may not change."""
    hidden: dict[str, dict[int, frozenset[str]]] = {}
    locked: dict[str, dict[int, frozenset[str]]] = {}
    with past_the_policies(tx.session):
        found = [row for row in tx.all(_PIPELINES) if any(right["role"] == role.key for right in row.rights)]
        for row in found:
            with tx.with_bin():  # deals are found in stages that went, too
                stages = tx.all(_STAGES, pipeline=row.id)
            unseen, unchanged = kept_from(row.rights, role.key, stages, SHOWN_AS)
            hidden.setdefault(row.card, {}).update(unseen)
            locked.setdefault(row.card, {}).update(unchanged)
    return hidden, locked


PLACED_RIGHTS.append(_rights_of)


def check_rights(tx: Tx, plan: PipelinePlan, before: PipelinePlan, card: str) -> None:
    """Raises BadInput for roles and fields that are not there, Forbidden for who may not set rights.

    What was there before is not asked about again: a role or a field may have gone since.
    """
    known, wanted = told(before), told(plan)
    if known == wanted:
        return
    if not tx.actor.may("role.manage"):
        raise Forbidden("pipelines.error.rights_not_yours", field="rights")
    roles = {key for key in tx.all(_ROLES) if key != ADMINISTRATOR}
    fields = rightful_fields(tx, card)
    reasons = []
    for place, right in enumerate(plan.rights):
        if (right.stage_key, right.role, right.field) in known:
            continue
        if right.role not in roles:
            reasons.append(Reason("pipelines.error.right_role", f"rights.{place}.role"))
        if right.field not in fields:
            reasons.append(Reason("pipelines.error.right_field", f"rights.{place}.field"))
    if reasons:
        raise BadInput(reasons[0].code, reasons=reasons, **reasons[0].params)


def rightful_fields(tx: Tx, card: str) -> list[str]:
    """The fields of a kind of card that a role may be kept from: its own, then the company's."""
    return [*KINDS[card].guarded, *(field.full for field in all_definitions(tx, card))]


def without_gone(before: PipelinePlan, plan: PipelinePlan) -> PipelinePlan:
    """A plan as it was, without the rights of stages that go: that these go too is no change of rights."""
    stages = {0, *(each.key for each in plan.stages)}
    return before.model_copy(update={"rights": [each for each in before.rights if each.stage_key in stages]})
