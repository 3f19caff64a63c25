"""Makes leads and the pipeline that they go through, each in one line."""

from __future__ import annotations

from typing import Any

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.leads.actions.cards import add_lead
from crm_app.leads.models import Lead
from crm_app.pipelines.actions.arranging import change_pipeline, create_pipeline_from_preset
from crm_app.pipelines.queries import PipelineRow, see_pipeline


def way(adam: Actor, locale: str = "ru", **changes: Any) -> PipelineRow:
    """The pipeline of leads: Новый, Связались, Квалификация; Квалифицирован, Дисквалифицирован, Отложен."""
    made = perform(adam, create_pipeline_from_preset, preset="leads", locale=locale)
    if changes:
        perform(adam, change_pipeline, pipeline_id=made.id, values=changes)
    return perform(adam, see_pipeline, pipeline_id=made.id)


def lead(owner: Actor, name: str = "Насосы для Вектора", pipeline_id: int | None = None, **values: Any) -> Lead:
    """A lead whom an employee is responsible for; there is a pipeline already."""
    return perform(owner, add_lead, values={"name": name, **values}, force=True, pipeline_id=pipeline_id)
