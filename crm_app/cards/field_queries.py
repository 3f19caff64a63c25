"""What can be asked of custom fields: those of a card, and what their editor shows of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from crm_app.access.models import FieldRight
from crm_app.cards.custom_fields import all_definitions, is_seen, is_written, names_of, seen_definitions
from crm_app.cards.field_rules import Definition
from crm_app.cards.models import CustomField
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.errors import NotFound


@dataclass(frozen=True)
class FieldSetting:
    """A custom field as its editor shows it. levels: role's id → "hidden" or "read"; other roles may write it."""

    field: Definition
    levels: dict[int, str]


@dataclass(frozen=True)
class OwnField:
    """A custom field as it is for whoever asks."""

    field: Definition
    is_written: bool


@query(LOGGED_IN)
def list_fields(tx: Tx, card: str) -> list[Definition]:
    """The custom fields of a kind of card that the actor may see, in their order."""
    return seen_definitions(tx, card)


@query(LOGGED_IN)
def see_field(tx: Tx, field_id: int) -> Definition:
    """One custom field, a removed one too. Raises NotFound."""
    row = tx.need(CustomField, field_id)
    found = next(field for field in all_definitions(tx, row.card) if field.id == field_id)
    if not is_seen(tx.actor, found):
        raise NotFound()
    return found


@query(LOGGED_IN)
def list_own_fields(tx: Tx, card: str) -> list[OwnField]:
    """The custom fields of a kind of card that the actor may see, and which of them they may give values."""
    return [OwnField(field, is_written(tx.actor, field)) for field in seen_definitions(tx, card)]


@query(LOGGED_IN)
def told_fields(tx: Tx, card: str) -> list[Definition]:
    """The custom fields that a history may tell of: those that were removed too, hidden ones not."""
    return [field for field in all_definitions(tx, card) if is_seen(tx.actor, field)]


@query(LOGGED_IN)
def name_references(tx: Tx, values: dict[str, list[int]]) -> dict[str, dict[int, str]]:
    """What people call employees, clients and files, those that the actor sees: kind → id → name."""
    found: dict[str, dict[int, str]] = {kind: {} for kind in values}
    for (kind, row_id), name in names_of(tx, values).items():
        found[kind][row_id] = name
    return found


@query("field.define")
def list_field_settings(tx: Tx, card: str) -> list[FieldSetting]:
    """All custom fields of a kind of card with their rights, removed ones too."""
    levels: dict[str, dict[int, str]] = {}
    for row in tx.all(select(FieldRight).where(FieldRight.card == card, FieldRight.level != "write")):
        levels.setdefault(row.field, {})[row.role_id] = row.level
    return [FieldSetting(field, levels.get(field.full, {})) for field in all_definitions(tx, card)]
