"""Which custom fields a form asks for: asked anew each time it opens."""

from __future__ import annotations

from crm_app.access.screens.base import Screen
from crm_app.cards.field_queries import OwnField, list_own_fields
from crm_app.cards.queries.every_card import list_files
from crm_app.cards.screens.custom_lines import Choices, OwnFieldLine, asked_lines, default_line


async def fields_to_fill(screen: Screen, card: str, pipeline_id: int = 0, stage_id: int = 0) -> list[OwnFieldLine]:
    """What is asked for when a card is added, for `asked_fields` of custom_panel.py.

    pipeline_id: which the card will go through, 0 for none; stage_id: where it begins.
    """
    own = await screen._ask(list_own_fields, card=card)
    own = [each for each in own if not pipeline_id or each.field.is_of(pipeline_id)]
    return asked_lines(own, screen._locale, await _choices(screen, own), stage_id)


async def fields_on_the_way(screen: Screen, card: str, card_id: int, names: list[str]) -> list[OwnFieldLine]:
    """What a stage wants before a card enters it. names: as reasons name them, those of other fields among them."""
    own = [each for each in await screen._ask(list_own_fields, card=card) if each.field.full in names]
    choices = await _choices(screen, own)
    if any(each.field.kind == "file" for each in own):
        files = await screen._ask(list_files, card=card, card_id=card_id)
        choices["file"] = [{"id": str(row.id), "label": row.name, "hint": ""} for row in files]
    return [default_line(each, screen._locale, choices, is_required=True) for each in own]


async def _choices(screen: Screen, own: list[OwnField]) -> Choices:
    with_people = any(each.field.kind == "employee" for each in own)
    return {"employee": await screen._choose_from_employees()} if with_people else {}
