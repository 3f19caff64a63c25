"""What follows from a first start that asked for samples."""

from __future__ import annotations

from crm_app.access.events import CompanySetUp
from crm_app.core.door import Tx
from crm_app.core.events import reaction
from crm_app.core.jobs import enqueue


@reaction(CompanySetUp)
def fill_new_company(tx: Tx, fact: CompanySetUp) -> None:
    """Have the worker fill the new company, if that was asked for."""
    if fact.samples:
        enqueue(tx, "demo.samples", key="demo.samples", administrator_id=fact.card_id, locale=fact.locale)
