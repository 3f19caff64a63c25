"""Forms are added, changed and removed."""

from __future__ import annotations

import secrets
from typing import Any

from crm_app.cards.actions.changing import assign
from crm_app.cards.field_rules import PREFIX
from crm_app.core.door import Tx, action
from crm_app.intake import rules
from crm_app.intake.drafts import LeadFormDraft
from crm_app.intake.events import LeadFormAdded, LeadFormChanged, LeadFormRemoved
from crm_app.intake.models import LeadForm
from crm_app.intake.own_fields import askable
from crm_app.pipelines.models import LEAD, Pipeline
from crm_app.pipelines.rules import check_carries

ASKED_AT_FIRST = {"person": "required", "phones": "asked", "emails": "asked", "interest": "asked"}


@action("intake.change")
def add_form(tx: Tx, values: LeadFormDraft) -> LeadForm:
    """Add a form; unless told, it asks for a name, a phone, an e-mail and what it is about. Raises BadInput."""
    cleaned = _own_in_order(tx, rules.clean_form({"name": "", "asks": ASKED_AT_FIRST, **_told(values)}))
    _check_pipeline(tx, cleaned.get("pipeline_id"))
    form = LeadForm(key=secrets.token_urlsafe(12), name="", created_at=tx.now, updated_at=tx.now)
    assign(form, cleaned)
    tx.add(form)
    tx.record(LeadFormAdded(card_id=form.id or 0, name=form.name))
    return form


@action("intake.change")
def change_form(tx: Tx, form_id: int, values: LeadFormDraft) -> LeadForm:
    """Change a form: its page, also where other sites show it, changes at once. Raises BadInput."""
    form = tx.need(LeadForm, form_id)
    cleaned = _own_in_order(tx, rules.clean_form(_told(values)))
    _check_pipeline(tx, cleaned.get("pipeline_id"))
    changes = assign(form, cleaned)
    if changes:
        form.updated_at = tx.now
        tx.record(LeadFormChanged(card_id=form_id, name=form.name, changes=changes))
    return form


@action("intake.change")
def remove_form(tx: Tx, form_id: int) -> None:
    """Take a form away for good; the leads that came by it stay."""
    form = tx.need(LeadForm, form_id)
    tx.record(LeadFormRemoved(card_id=form_id, name=form.name))
    tx.remove(form)


def _told(values: LeadFormDraft) -> dict[str, object]:
    return {field: value for field, value in values.told().items() if value is not None}


def _own_in_order(tx: Tx, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Own fields are asked for last, in their order. Raises BadInput for one that can't be asked for."""
    asks: dict[str, str] = cleaned.get("asks", {})
    own = {name for name in asks if name.startswith(PREFIX)}
    if not own:
        return cleaned
    known = askable(tx)
    if own - known.keys():
        raise rules.bad_asks((*rules.FIELDS, *known))
    order = [*rules.FIELDS, *known]
    return {**cleaned, "asks": {name: asks[name] for name in order if name in asks}}


def _check_pipeline(tx: Tx, pipeline_id: int | None) -> None:
    """Raises NotFound for no pipeline, RuleBroken for one that leads don't go through."""
    if pipeline_id is not None:
        check_carries(tx.need(Pipeline, pipeline_id).card, LEAD)
