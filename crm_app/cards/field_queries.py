"""What can be asked of custom fields: those of a card, and what their editor shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crm_app.access.models import FieldRight
from crm_app.cards.custom_fields import (
    all_definitions,
    is_seen,
    is_written,
    names_of,
    referred,
    seen_definitions,
    values_of,
)
from crm_app.cards.field_rules import Definition
from crm_app.cards.kinds import KINDS, Way, need_card
from crm_app.cards.models import CustomField
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.errors import NotFound
from crm_app.core.fields import unseen


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


@dataclass(frozen=True)
class OwnFields:
    """The custom fields of one card. values: by key, computed ones too; names: of what they refer to; version: of the
    card, None for one of a kind without.
    """

    fields: list[OwnField]
    values: dict[str, Any]
    names: dict[tuple[str, int], str]
    version: int | None = None


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
def see_own_fields(tx: Tx, card: str, card_id: int) -> OwnFields:
    """The custom fields of one card, as the actor may see and change them. Raises NotFound."""
    row, kind = need_card(tx, card, card_id), KINDS[card]
    if not kind.has_fields:
        return OwnFields([], {}, {})
    pipeline_id = getattr(row, "pipeline_id", 0)
    may_change = tx.may_change(row)
    hidden = unseen(tx.actor, card, row)
    mine = [field for field in seen_definitions(tx, card) if field.full not in hidden]
    fields = [field for field in mine if not pipeline_id or field.is_of(pipeline_id)]
    values = values_of(tx, card, row)
    own = [OwnField(field, may_change and is_written(tx.actor, field, row)) for field in fields]
    return OwnFields(own, values, names_of(tx, referred(fields, [values])), getattr(row, "version", None))


@query(LOGGED_IN)
def told_fields(
    tx: Tx, cards: list[str], values: list[dict[str, Any]]
) -> tuple[list[Definition], dict[tuple[str, int], str]]:
    """The custom fields that a history may tell of, removed ones too and hidden ones not; what values refer to."""
    fields = [field for card in cards for field in all_definitions(tx, card) if is_seen(tx.actor, field)]
    return fields, names_of(tx, referred(fields, values))


@query("field.define")
def list_ways(tx: Tx, card: str) -> list[Way]:
    """The pipelines to which a field of this kind of card can be bound."""
    return KINDS[card].ways(tx) if card in KINDS else []


@query("field.define")
def list_field_settings(tx: Tx, card: str) -> list[FieldSetting]:
    """All custom fields of a kind of card with their rights, removed ones too."""
    levels: dict[str, dict[int, str]] = {}
    for row in tx.all(select(FieldRight).where(FieldRight.card == card, FieldRight.level != "write")):
        levels.setdefault(row.field, {})[row.role_id] = row.level
    return [FieldSetting(field, levels.get(field.full, {})) for field in all_definitions(tx, card)]
