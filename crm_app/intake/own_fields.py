"""The company's own fields of leads that a form may ask strangers for, as they are at the moment."""

from __future__ import annotations

from crm_app.cards.custom_fields import definitions
from crm_app.cards.field_rules import Definition
from crm_app.core.door import Tx
from crm_app.pipelines.choices import pipelines_of
from crm_app.pipelines.models import LEAD

ASKABLE = frozenset({"text", "long_text", "number", "money", "date", "datetime", "yes_no", "choice", "choices", "link"})
"""Kinds that a stranger can fill in: none that name our people, other cards or files, and none that is computed."""


def askable(tx: Tx) -> dict[str, Definition]:
    """Full name → field, in their order: those in use."""
    return {field.full: field for field in definitions(tx, LEAD) if field.kind in ASKABLE}


def asked_of(tx: Tx, asks: dict[str, str], pipeline_id: int | None) -> dict[str, Definition]:
    """Those of them that a form asks for, and that leads of its pipeline have; pipeline_id: None for the first one."""
    known = askable(tx) if any("." in name for name in asks) else {}
    if not known:
        return {}
    ways = [pipeline_id or int(way) for way, _ in pipelines_of(tx, LEAD)[:1]]
    return {name: field for name, field in known.items() if name in asks and all(field.is_of(way) for way in ways)}
