"""Which custom fields have to be filled in when a card is added: asked anew each time its dialog opens."""

from __future__ import annotations

from crm_app.access.screens.base import Part
from crm_app.cards.field_queries import list_own_fields
from crm_app.cards.screens.custom_lines import OwnFieldLine, asked_lines


async def fields_to_fill(screen: Part, card: str, pipeline_id: int = 0) -> list[OwnFieldLine]:
    """For `asked_fields` of custom_panel.py. pipeline_id: which the card will go through, 0 for none."""
    own = await screen._ask(list_own_fields, card=card)
    own = [each for each in own if not pipeline_id or each.field.is_of(pipeline_id)]
    with_people = any(each.field.kind == "employee" for each in own)
    employees = await screen._choose_from_employees() if with_people else []
    return asked_lines(own, screen._locale, {"employee": employees})
