"""Who sees pipelines (every employee, but for those whose cards a role may not see) and who arranges them."""

from __future__ import annotations

from typing import Any

from crm_app.access.roles import grant
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, Rule, employees, holders, policy
from crm_app.pipelines.models import DEAL, LEAD, Pipeline, PipelineVersion, Stage

grant("pipeline.change", head="all")

PART = "pipeline_id"
"""By what the rights to deals and leads are told apart: of which pipeline they are, see cards/rights.py."""


def hidden_from(actor: Actor) -> list[int]:
    """Ids of the pipelines whose cards the actor's role may not see at all. Who arranges pipelines knows of each."""
    if actor.may("pipeline.change"):
        return []
    told = [exceptions for card in (DEAL, LEAD) if (exceptions := actor.exceptions.get(f"{card}.see"))]
    marks = [mark for each in told for mark, scope in each.items() if not scope and mark.startswith(f"{PART}:")]
    return sorted(int(mark.partition(":")[2]) for mark in marks)


def _not_hidden(column: Any) -> Rule:
    def rule(actor: Actor) -> Condition:
        hidden = hidden_from(actor) if actor.is_employee else []
        return column.not_in(hidden) if hidden else employees(actor)

    return rule


policy(Pipeline, see=_not_hidden(Pipeline.id), change=holders("pipeline.change"))
policy(Stage, see=_not_hidden(Stage.pipeline_id), change=holders("pipeline.change"))
policy(PipelineVersion, see=holders("pipeline.change"), change=holders("pipeline.change"))
