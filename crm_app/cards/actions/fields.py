"""Custom fields: defined, changed, put in order, removed and brought back, by whoever sets the company's cards up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as parts_of
from typing import Any, Literal

from sqlalchemy import select

from crm_app.access.actions.roles import set_field_right
from crm_app.cards import field_rules, formulas
from crm_app.cards.actions.field_values import check_references
from crm_app.cards.computed_fields import indexed
from crm_app.cards.custom_fields import WITHIN, all_definitions, definitions, forget, stored_value
from crm_app.cards.events import CustomFieldAdded, CustomFieldChanged, CustomFieldRemoved, CustomFieldRestored
from crm_app.cards.field_rules import WITHOUT_DEFAULT, Definition, FieldValues, Kind
from crm_app.cards.field_values import clean_value
from crm_app.cards.kinds import FIELD_WRITERS, KINDS
from crm_app.cards.models import CustomField
from crm_app.core import json_values
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, RuleBroken
from crm_app.core.folding import fold
from crm_app.core.i18n import LOCALES

Level = Literal["hidden", "read", "write"]


@action("field.define")
def add_field(tx: Tx, card: str, kind: Kind, values: FieldValues) -> CustomField:
    """Give all cards of a kind one field more, behind the others. Its key is made of its name.

    Raises BadInput for what makes no sense, RuleBroken for a name that another field of the card has.
    """
    model = _model(card)
    known = all_definitions(tx, card)
    field_rules.check_count(sum(field.removed_at is None for field in known))
    clean = field_rules.clean_definition(kind, {"currency": "RUB", **values})
    name = clean.get("name_ru") or clean.get("name_en") or ""
    row = CustomField(
        card=card,
        key=field_rules.key_of(name, {*(field.key for field in known), *formulas.FUNCTIONS, *KINDS[card].computed_of}),
        kind=kind,
        position=max((field.position for field in known), default=0) + 1,
        created_at=tx.now,
        **clean,
    )
    _check(tx, row, values)
    tx.add(row)
    json_values.drop_index(tx.session.connection(), row.id or 0)  # of a field that was here in another life
    _put_index(tx, model, _definition(row))
    tx.record(CustomFieldAdded(card_id=row.id or 0, of=card, name=name))
    forget(tx)
    _put_computed(tx, card, {})
    return row


@action("field.define")
def change_field(tx: Tx, field_id: int, values: FieldValues) -> CustomField:
    """Change what is told of a field; its kind and its key stay. An option that cards have may be hidden alone."""
    row = tx.need(CustomField, field_id)
    computed = indexed(definitions(tx, row.card))
    clean = field_rules.clean_definition(_definition(row).kind, values, row.options)
    for option in row.options if "options" in clean else ():
        if option["key"] not in {one["key"] for one in clean["options"]}:
            _check_unused(tx, row, option)
    changes: dict[str, list[Any]] = {}
    for name, value in clean.items():
        if getattr(row, name) != value:
            changes[name] = [getattr(row, name), value]
            setattr(row, name, value)
    was = row.default
    _check(tx, row, values)
    if row.default != was:
        changes["default"] = [was, row.default]
    if changes:
        tx.record(CustomFieldChanged(card_id=field_id, of=row.card, name=_definition(row).name("ru"), changes=changes))
    forget(tx)
    _put_computed(tx, row.card, computed)
    return row


@action("field.define")
def move_field(tx: Tx, field_id: int, place: int) -> None:
    """Put a field on another place among those of its card, 0 being the first."""
    row = tx.need(CustomField, field_id)
    order = select(CustomField).where(CustomField.card == row.card, CustomField.removed_at.is_(None))
    rows = tx.all(order.order_by(CustomField.position, CustomField.id))
    if row not in rows or not 0 <= place < len(rows):
        raise BadInput("cards.error.field_place", field="place")
    rows.remove(row)
    rows.insert(place, row)
    for position, each in enumerate(rows, 1):
        each.position = position
    tx.record(CustomFieldChanged(card_id=field_id, of=row.card, name=_definition(row).name("ru")))
    forget(tx)


@action("field.define")
def remove_field(tx: Tx, field_id: int) -> None:
    """Take a field off all cards; its values stay where they are. Raises RuleBroken where another is computed of it."""
    row = tx.need(CustomField, field_id)
    formulas.check_unused(_definition(row), definitions(tx, row.card))
    if row.removed_at is None:
        row.removed_at = tx.now
        json_values.drop_index(tx.session.connection(), field_id)
        tx.record(CustomFieldRemoved(card_id=field_id, of=row.card, name=_definition(row).name("ru")))
    forget(tx)


@action("field.define")
def restore_field(tx: Tx, field_id: int) -> CustomField:
    """Bring a removed field back, with the values that cards had. Raises RuleBroken where its name is another's now."""
    row = tx.need(CustomField, field_id)
    if row.removed_at is None:
        return row
    known = definitions(tx, row.card)
    field_rules.check_count(len(known))
    row.removed_at, row.position = None, max((field.position for field in known), default=0) + 1
    _check(tx, row, {})
    _put_index(tx, _model(row.card), _definition(row))
    tx.record(CustomFieldRestored(card_id=field_id, of=row.card, name=_definition(row).name("ru")))
    forget(tx)
    _put_computed(tx, row.card, {})
    return row


@action("field.define")
def set_field_level(tx: Tx, field_id: int, role_id: int, level: Level) -> None:
    """Say what a role may do with a field: not see it, read it, or write it."""
    row = tx.need(CustomField, field_id)
    tx.do(set_field_right, role_id, row.card, _definition(row).full, level)


@action(LOGGED_IN)
def write_fields(tx: Tx, card: str, card_id: int, fields: dict[str, Any], version: int | None = None) -> None:
    """Give custom fields of a card other values, by the action of its kind, which asks for its own permission.

    version: of the card that one has seen; another's change since then is a conflict.
    """
    writer = FIELD_WRITERS.get(card)
    if writer is None:
        raise BadInput("cards.error.field_card", field="card")
    writer(tx, card_id, fields, version)


@action("installation.set_up")
def ensure_indexes(tx: Tx) -> None:
    """Make the indexes that are missing: after a migration that copied a table, or a backup that was put in."""
    for card, kind in KINDS.items():
        for field in definitions(tx, card) if kind.has_fields else ():
            _put_index(tx, kind.model, field)
        if kind.has_fields:
            _put_computed(tx, card, {})


def _check(tx: Tx, row: CustomField, values: FieldValues) -> None:
    """What the whole of a definition must be; sets the default in the form in which it is stored."""
    others = definitions(tx, row.card)
    stages_by_way = {way.id: [stage_id for stage_id, _ in way.stages] for way in KINDS[row.card].ways(tx)}
    if row.required != "stage":
        row.stages = []
    elif "stages" not in values:  # those that have been removed meanwhile ask for nothing any more
        known = {stage_id for stages in stages_by_way.values() for stage_id in stages}
        row.stages = [stage_id for stage_id in row.stages if stage_id in known]
    field = _definition(row)
    field_rules.check_whole(field, others)
    if values.keys() & {"pipelines", "stages", "required"}:
        field_rules.check_scope(field, stages_by_way)
    if field.kind == "formula":
        others = [other for other in others if other.id != field.id]
        row.formula = formulas.with_keys(field.formula, _keys_by_name(others))
        formulas.check(_definition(row), others, KINDS[row.card].computed_of)
    if "default" in values:
        row.default = None if field.kind in WITHOUT_DEFAULT else clean_value(field, values["default"])
        check_references(tx, field, row.default)


def _keys_by_name(fields: list[Definition]) -> dict[str, str]:
    return {fold(name): field.key for field in fields for name in (field.name_ru, field.name_en) if name}


def _check_unused(tx: Tx, row: CustomField, option: dict[str, Any]) -> None:
    field, model = _definition(row), _model(row.card)
    column = stored_value(model, field)
    chosen = json_values.has_within(column, option["key"]) if row.kind == "choices" else column == option["key"]
    with tx.with_bin():
        used = tx.one(select(model.id).where(chosen))
    if used is not None:
        name = {locale: field_rules.option_name(option, locale) for locale in LOCALES}
        raise RuleBroken("cards.error.option_in_use", field="options", name=name)


def _model(card: str) -> Any:
    kind = KINDS.get(card)
    if kind is None or not kind.has_fields:
        raise BadInput("cards.error.field_card", field="card")
    return kind.model


def _put_index(tx: Tx, model: Any, field: Definition) -> None:
    within = WITHIN.get(field.kind)
    if within is not None:
        connection = tx.session.connection()
        json_values.create_index(connection, field.id, model.__tablename__, "fields", field.key, within)
    if field.kind == "date":
        json_values.create_yearly_index(tx.session.connection(), field.id, model.__tablename__, "fields", field.key)


def _put_computed(tx: Tx, card: str, was: Mapping[int, str]) -> None:
    """Make the indexes of computed fields that are missing, anew those over something else now. was: see `indexed`."""
    now, connection = indexed(definitions(tx, card)), tx.session.connection()
    for field_id, sql in was.items():
        if now.get(field_id) != sql:
            json_values.drop_index(connection, field_id)
    for field_id, sql in now.items():
        json_values.create_computed_index(connection, field_id, _model(card).__tablename__, sql)


def _definition(row: CustomField) -> Definition:
    return Definition(**{part.name: getattr(row, part.name) for part in parts_of(Definition)} | {"id": row.id or 0})
