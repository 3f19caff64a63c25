"""The custom fields of a kind of card, as they are at the moment: what they are called, filter and sort by, refer to.

They are asked anew in each transaction, by one short statement: no process remembers fields that another has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from crm_app.access.models import Employee
from crm_app.cards import formulas
from crm_app.cards.computed_fields import value_of
from crm_app.cards.field_rules import PREFIX, WITHOUT_ORDER, Definition
from crm_app.cards.field_values import REFERENCES, choosable, search_texts, value_json
from crm_app.cards.filter_fields import employee_field, in_index
from crm_app.cards.filters import Fields, Filter, FilterField, fields_of
from crm_app.cards.kinds import KINDS, unseen_on
from crm_app.cards.models import CustomField, StoredFile
from crm_app.core import json_values
from crm_app.core.actor import Actor
from crm_app.core.door import Tx
from crm_app.core.fields import PLACES, place_of
from crm_app.core.fields import unseen as unseen_fields
from crm_app.core.keys import among

_ALL = select(
    CustomField.id, CustomField.card, CustomField.key, CustomField.kind, CustomField.name_ru, CustomField.name_en,
    CustomField.help_ru, CustomField.help_en, CustomField.options, CustomField.currency, CustomField.formula,
    CustomField.pipelines, CustomField.required, CustomField.stages, CustomField.default, CustomField.position,
    CustomField.removed_at,
).order_by(CustomField.position, CustomField.id)  # fmt: skip
_OF_CARD = _ALL.where(CustomField.card == bindparam("card"))
_IN_USE = _OF_CARD.where(CustomField.removed_at.is_(None))
_ASKED = "custom fields"

WITHIN: dict[str, type[json_values.Within]] = {
    "text": json_values.TextWithin, "long_text": json_values.HeadWithin, "number": json_values.NumberWithin,
    "money": json_values.NumberWithin, "date": json_values.TextWithin, "datetime": json_values.TextWithin,
    "yes_no": json_values.FlagWithin, "choice": json_values.TextWithin, "choices": json_values.ListWithin,
    "employee": json_values.NumberWithin, "client": json_values.NumberWithin, "file": json_values.NumberWithin,
    "link": json_values.TextWithin,
}  # fmt: skip
"""How the values of each kind are read inside SQL, by its index too. A computed field has an expression of its own."""
_TYPES = {"date": json_values.Day(), "datetime": json_values.Instant()}


def definitions(tx: Tx, card: str) -> list[Definition]:
    """The fields of a kind of card, in their order; without removed ones."""
    asked: dict[str, list[Definition]] = tx.session.info.setdefault(_ASKED, {})
    if card not in asked:
        asked[card] = [Definition(*row) for row in tx.all(_IN_USE, card=card)]
    return asked[card]


def all_definitions(tx: Tx, card: str) -> list[Definition]:
    """The fields of a kind of card, those that were removed among them."""
    return [Definition(*row) for row in tx.all(_OF_CARD, card=card)]


def forget(tx: Tx) -> None:
    """Ask anew within this transaction: a field has been changed in it."""
    tx.session.info.pop(_ASKED, None)


def seen_definitions(tx: Tx, card: str) -> list[Definition]:
    """The fields of a kind of card that the actor may see."""
    return [field for field in definitions(tx, card) if is_seen(tx.actor, field)]


def is_seen(actor: Actor, field: Definition) -> bool:
    """Whether a field is not hidden from an actor."""
    return field.full not in actor.hidden.get(field.card, frozenset())


def telling(tx: Tx, fields: Sequence[Definition], row: Any = None) -> set[str]:
    """Keys of the computed ones among all fields of a kind of card that would tell what is hidden from the actor.

    row: the card, else what is hidden on any.
    """
    unseen = {name.removeprefix(PREFIX) for name in unseen_fields(tx.actor, fields[0].card, row)} if fields else set()
    return {f.key for f in fields if unseen and f.kind == "formula" and formulas.depends_on(f, fields, unseen)}


def is_written(actor: Actor, field: Definition, row: Any = None) -> bool:
    """Whether an actor may give a field a value: on some card, or on that one."""
    locked = actor.locked(field.card) if row is None else actor.locked_in(field.card, place_of(field.card, row))
    return field.kind != "formula" and field.full not in locked


def values_of(tx: Tx, card: str, row: Any) -> dict[str, Any]:
    """What the custom fields of a card hold, by key; computed ones too, without those that show what is hidden.

    row: with the fields of its kind that formulas may use; those of other pipelines than its own are left out.
    """
    fields = definitions(tx, card)
    if not fields:
        return {}
    stored = {field.key: row.fields[field.key] for field in fields if field.key in row.fields}
    found = stored | _computed(tx, fields, stored, row)
    pipeline_id = getattr(row, "pipeline_id", 0)
    hidden = unseen_fields(tx.actor, card, row)
    shown = [field for field in fields if field.full not in hidden and (not pipeline_id or field.is_of(pipeline_id))]
    return {field.key: found[field.key] for field in shown if field.key in found}


def _computed(tx: Tx, fields: list[Definition], stored: dict[str, Any], row: Any) -> dict[str, Any]:
    if not any(field.kind == "formula" for field in fields):
        return {}
    of = KINDS[fields[0].card].computed_of
    found = formulas.compute(fields, stored, {name: getattr(row, name) for name in of}, of)
    gone = telling(tx, fields, row)
    return {key: value for key, value in found.items() if key not in gone}


def needed_columns(tx: Tx, card: str, known: Collection[str]) -> list[Any]:
    """Columns that `values_of` asks of rows that are no whole cards; known: names of those that they have anyway."""
    kind = KINDS[card]
    if not definitions(tx, card):
        return []
    place = [PLACES[card].key] if card in PLACES else []
    names = dict.fromkeys(("fields", "pipeline_id", *place, *kind.computed_of))
    return [getattr(kind.model, name) for name in names if name not in known and hasattr(kind.model, name)]


def own_texts(tx: Tx, row: Any) -> list[str]:
    """What a card is found by, of its custom fields."""
    return search_texts(definitions(tx, row.__card__), row.fields) if row.fields else []


def values_json(tx: Tx, card: str, values: Mapping[str, Any], pipeline_id: int = 0) -> dict[str, Any]:
    """Custom fields as programs get them: each that the actor may see, null where it is empty."""
    fields = [field for field in seen_definitions(tx, card) if not pipeline_id or field.is_of(pipeline_id)]
    return {field.key: value_json(field, values.get(field.key)) for field in fields}


def stored_json(tx: Tx, card: str, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Custom fields of the cards of a list as programs get them, by id; computed ones are told by each card alone."""
    model: Any = KINDS[card].model
    fields = [field for field in seen_definitions(tx, card) if field.kind != "formula"]
    rows = tx.all(select(model.id, model.fields).where(among(model.id, "ids")), ids=ids) if fields and ids else []
    unseen = unseen_on(tx, card, ids)
    found = {row[0]: {f.key: value_json(f, row[1].get(f.key)) for f in fields} for row in rows}
    found = {
        card_id: {f.key: None if f.full in unseen.get(card_id, ()) else told[f.key] for f in fields}
        for card_id, told in found.items()
    }
    return {card_id: found.get(card_id, {}) for card_id in ids}


# ---- in lists --------------------------------------------------------------------------------------------------------


def with_custom(tx: Tx, card: str, model: Any, fields: Fields, filter_: Filter | None) -> Fields:
    """The fields that a filter may ask about: those of the card, and its custom ones where it asks about any."""
    if not any(name.startswith(PREFIX) for name in fields_of(filter_)):
        return fields
    return {**fields, **custom_filters(tx, card, model)}


def custom_filters(tx: Tx, card: str, model: Any) -> dict[str, FilterField]:
    """What a list can be filtered by, "fields.size" and the like. Each is served by an index."""
    fields = definitions(tx, card)
    gone = telling(tx, fields)
    found = {
        field.full: _computed_filter(field, fields, model, tx.actor.locale)
        if field.kind == "formula"
        else _filter_field(field, card, model, tx.actor.locale)
        for field in fields
        if field.key not in gone
    }
    return {name: field for name, field in found.items() if field is not None}


def custom_sorts(tx: Tx, card: str, model: Any, sort: str) -> Mapping[str, tuple[Any, ...]]:
    """The order that a list is asked for, where it is one by a custom field that the actor may see."""
    name = sort.removeprefix("-")
    if not name.startswith(PREFIX):
        return {}
    fields = [each for each in seen_definitions(tx, card) if each.full == name and is_ordered(tx, each)]
    values = {each.full: _ordered_value(tx, model, each) for each in fields}
    return {full: (value.label("sorted_by"),) for full, value in values.items()}


def is_ordered(tx: Tx, field: Definition) -> bool:
    """Whether lists can be sorted by a field that the actor sees."""
    if field.kind != "formula":
        return field.kind not in WITHOUT_ORDER
    fields = definitions(tx, field.card)
    return field.key not in telling(tx, fields) and value_of(KINDS[field.card].model, field, fields) is not None


def _ordered_value(tx: Tx, model: Any, field: Definition) -> Any:
    found = value_of(model, field, definitions(tx, field.card)) if field.kind == "formula" else None
    return stored_value(model, field) if found is None else found[0]


def stored_value(model: Any, field: Definition) -> Any:
    """A field's value in SQL."""
    return WITHIN[field.kind](model.fields, field.key, _TYPES.get(field.kind))


def _filter_field(field: Definition, card: str, model: Any, locale: str) -> FilterField:
    column, label = stored_value(model, field), field.name(locale)
    if field.kind in ("text", "link"):
        return FilterField("text", label, column, blank=None, search=in_index(card, model.id))
    if field.kind == "long_text":
        whole = json_values.TextWithin(model.fields, field.key)
        return FilterField("words", label, whole, blank=None, known_by=column, search=in_index(card, model.id))
    if field.kind == "choice":
        return FilterField("choice", label, column, blank=None, **_options_of(field))
    if field.kind == "choices":
        return FilterField("set", label, holds=partial(_has_option, column), **_options_of(field))
    if field.kind == "yes_no":
        return FilterField("flag", label, holds=partial(_is_yes, column))
    if field.kind == "employee":
        return employee_field(column, label)
    plain: Any = {"number": "number", "money": "money", "date": "date", "datetime": "moment"}.get(field.kind, "card")
    return FilterField(plain, label, column, name_of=partial(_card_name, field) if field.kind == "client" else None)


def _computed_filter(field: Definition, fields: list[Definition], model: Any, locale: str) -> FilterField | None:
    found = value_of(model, field, fields)
    if found is None:
        return None
    column, kind = found
    if kind == "flag":
        return FilterField("flag", field.name(locale), holds=partial(_is_yes, column))
    return FilterField("date" if kind == "day" else "number", field.name(locale), column)


def _options_of(field: Definition) -> dict[str, Any]:
    return {"name_of": partial(_option_name, field), "options": partial(_options, field)}


def _options(field: Definition, tx: Tx) -> list[tuple[str, str]]:
    keys = [option["key"] for option in field.options]
    return choosable(field, tx.actor.locale, keys)


def _option_name(field: Definition, tx: Tx, value: Any) -> str:
    return field.option_name(value, tx.actor.locale)


def _has_option(column: Any, _tx: Tx, key: str | None) -> ColumnElement[bool]:
    return column.is_not(None) if key is None else json_values.has_within(column, key)


def _is_yes(column: Any, _tx: Tx, _value: Any) -> ColumnElement[bool]:
    return and_(column.is_not(None), column == 1)


def _card_name(field: Definition, tx: Tx, value: Any) -> str:
    number = int(value) if str(value).isascii() and str(value).isdigit() else 0
    return names_of(tx, {field.kind: [number]}).get((field.kind, number), str(value))


# ---- what values refer to --------------------------------------------------------------------------------------------


def names_of(tx: Tx, wanted: Mapping[str, Collection[int]]) -> dict[tuple[str, int], str]:
    """What people call employees, clients and files, those that the actor sees. wanted: kind → ids."""
    return {(kind, row[0]): row[1] for kind, ids in wanted.items() if ids for row in tx.all(_names(kind, ids))}


def referred(fields: Iterable[Definition], rows: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """What the custom fields of some cards refer to: kind → ids. rows: their values."""
    wanted: dict[str, set[int]] = {}
    references = [field for field in fields if field.kind in REFERENCES]
    for values in rows if references else ():
        for field in references:
            if isinstance(values.get(field.key), int):
                wanted.setdefault(field.kind, set()).add(values[field.key])
    return {kind: sorted(ids) for kind, ids in wanted.items()}


def _names(kind: str, ids: Collection[int]) -> Select[Any]:
    if kind == "employee":
        return select(Employee.id, Employee.name).where(Employee.id.in_(ids))
    if kind == "file":
        return select(StoredFile.id, StoredFile.name).where(StoredFile.id.in_(ids))
    model: Any = KINDS[kind].model
    return select(model.id, KINDS[kind].title).where(model.id.in_(ids))
