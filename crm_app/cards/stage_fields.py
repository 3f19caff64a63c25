"""Custom fields that stages ask for: which of them a card lacks, and who may fill them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_app.cards.custom_fields import definitions, is_seen, is_written
from crm_app.cards.field_rules import Definition, Lacks
from crm_app.cards.field_values import is_empty
from crm_app.core.door import Tx
from crm_app.core.errors import Reason


def lacks_by_stage(tx: Tx, card: str, values: Mapping[str, Any], pipeline_id: int, row: Any = None) -> dict[int, Lacks]:
    """What the stages of a pipeline ask for and a card does not have; stages that miss nothing are not there.

    values: the card's own fields; row: the card, where what may be filled in depends on where it stands.
    Who does not see a field is not asked for it.
    """
    empty: dict[int, list[Definition]] = {}
    for field in definitions(tx, card):
        is_lacking = field.required == "stage" and field.is_of(pipeline_id) and is_empty(values.get(field.key))
        for stage_id in field.stages if is_lacking and is_seen(tx.actor, field) else ():
            empty.setdefault(stage_id, []).append(field)
    return {stage_id: _lacks(tx, fields, row) for stage_id, fields in empty.items()}


def field_required(field: Definition) -> Reason:
    """The reason that a field has to be filled in."""
    return Reason("cards.error.field_required", field=field.full, params={"name": field.names})


def _lacks(tx: Tx, fields: list[Definition], row: Any) -> Lacks:
    mine = tuple(field_required(field) for field in fields if is_written(tx.actor, field, row))
    others = tuple(
        Reason("cards.error.field_withheld", field=field.full, params={"name": field.names})
        for field in fields
        if not is_written(tx.actor, field, row)
    )
    return Lacks(mine, others)
