"""What follows from a new company: it has pipelines to start with."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_app.access.events import CompanySetUp
from crm_app.core.door import Tx
from crm_app.core.events import reaction
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from crm_app.pipelines.models import Pipeline

FIRST = ("goods", "services")


@reaction(CompanySetUp)
def give_first_pipelines(tx: Tx, fact: CompanySetUp) -> None:
    """Add a pipeline for goods and one for services; samples bring their own."""
    if fact.samples or tx.scalar(select(func.count()).select_from(Pipeline)):
        return
    for preset in FIRST:
        create_pipeline_from_preset(tx, preset, fact.locale)
