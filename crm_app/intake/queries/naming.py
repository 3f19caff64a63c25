"""What of intake names a pipeline: forms that bring leads into it, rules of distribution that ask for its stages."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from crm_app.core.door import Tx
from crm_app.intake.models import LeadForm, LeadRule
from crm_app.pipelines.carried import NAMED_BY
from crm_app.pipelines.models import LEAD, Pipeline
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.touches import speaks_of


def _named(tx: Tx, pipeline: Pipeline) -> Iterable[tuple[str, str]]:
    for name in tx.all(select(LeadForm.name).where(LeadForm.pipeline_id == pipeline.id).order_by(LeadForm.id)):
        yield "form", name
    if pipeline.card == LEAD:
        ids = [stage.id or 0 for stage in stages_of(tx, pipeline.id or 0)]
        for rule in tx.all(select(LeadRule).order_by(LeadRule.position)):
            if speaks_of(rule.conditions, ids):
                yield "rule", rule.name


NAMED_BY.append(_named)
