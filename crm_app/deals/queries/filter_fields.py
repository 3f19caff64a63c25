"""By what deals can be filtered."""

from __future__ import annotations

from crm_app.cards.custom_fields import with_custom
from crm_app.cards.filter_fields import employee_field, fields_of_every_card, in_index
from crm_app.cards.filters import Fields, Filter, FilterField
from crm_app.core.door import Tx
from crm_app.deals.models import Deal

FIELDS: dict[str, FilterField] = {
    "name": FilterField("text", "field.deal.name", Deal.name, search=in_index("deal", Deal.id)),
    "number": FilterField("text", "field.deal.number", Deal.number),
    "client_id": FilterField("number", "field.deal.client_id", Deal.client_id),
    "pipeline_id": FilterField("number", "field.deal.pipeline_id", Deal.pipeline_id),
    "stage_id": FilterField("number", "field.deal.stage_id", Deal.stage_id),
    "responsible_id": employee_field(Deal.responsible_id),
    "amount": FilterField("money", "field.deal.amount", Deal.amount),
    "currency": FilterField("choice", "field.deal.currency", Deal.currency),
    "payment_method": FilterField("text", "field.deal.payment_method", Deal.payment_method),
    "delivery": FilterField("text", "field.deal.delivery", Deal.delivery),
    "created_at": FilterField("moment", "field.deal.created_at", Deal.created_at),
    "updated_at": FilterField("moment", "field.deal.updated_at", Deal.updated_at),
    "entered_stage_at": FilterField("moment", "field.deal.entered_stage_at", Deal.entered_stage_at),
    **fields_of_every_card("deal", Deal.id),
}


def asked_by(tx: Tx, chosen: Filter) -> Fields:
    """The fields that a filter may ask about, custom ones too."""
    return with_custom(tx, "deal", Deal, FIELDS, chosen)
