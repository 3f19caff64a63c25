"""Custom fields of one card: given values when it is added, changed afterwards, required where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from crm_app.access.models import Employee
from crm_app.cards.custom_fields import definitions, is_seen, is_written
from crm_app.cards.field_rules import CHOICES, Definition
from crm_app.cards.field_values import bad_value, clean_value, is_empty
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import StoredFile
from crm_app.cards.moments import zone_of
from crm_app.cards.stage_fields import field_required
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, Forbidden, Reason
from crm_app.core.i18n import LOCALES

Values = Mapping[str, Any]
_UNASKED = "cards are made of what is known"


@contextmanager
def of_what_is_known(tx: Tx) -> Iterator[None]:
    """Within, nothing has to be filled in on new cards: nobody is there to be asked, or the card is made of another."""
    info = tx.session.info
    before = info.get(_UNASKED, False)
    info[_UNASKED] = True
    try:
        yield
    finally:
        info[_UNASKED] = before


def first_values(tx: Tx, card: str, given: Values, pipeline_id: int = 0, stage_id: int = 0) -> dict[str, Any]:
    """The custom fields of a new card, as they are stored: what is given, and the defaults of the others.

    stage_id: where the card begins, which may ask for some. A field that is given empty has no default either. Raises
    BadInput with a reason for each wrong one and for each one that has to be filled.
    """
    fields = fields_for(tx, card, pipeline_id)
    cleaned = _cleaned(tx, fields, given, {})
    values = {field.key: field.default for field in fields if not is_empty(field.default)}
    values = {key: value for key, value in (values | cleaned).items() if not is_empty(value)}
    _refuse(missing(tx, fields, values, stage_id))
    return values


def set_values(tx: Tx, row: Any, given: Values, pipeline_id: int = 0) -> dict[str, list[Any]]:
    """Give custom fields of a card other values; gives "fields.key" → [old, new]. An empty value empties a field.

    Raises BadInput with a reason for each wrong one, Forbidden for one that the actor may only read.
    """
    if not given:
        return {}
    fields = {field.key: field for field in fields_for(tx, row.__card__, pipeline_id)}
    cleaned = _cleaned(tx, fields.values(), given, row.fields, row.id)
    changes = {key: [row.fields.get(key), value] for key, value in cleaned.items() if row.fields.get(key) != value}
    emptied = [fields[key] for key, (_, value) in changes.items() if is_empty(value)]
    here = getattr(row, "stage_id", 0)
    _refuse([field_required(field) for field in emptied if field.required == "creation" or field.is_asked_at(here)])
    if changes:
        kept = {key: value for key, value in {**row.fields, **cleaned}.items() if not is_empty(value)}
        row.fields = kept
    return {fields[key].full: pair for key, pair in changes.items()}


def check_value(tx: Tx, card: str, key: str, value: Any) -> Any:
    """A value for a custom field of many cards, as it is stored; None empties it.

    Raises BadInput for a wrong one, and for a file, which is one card's; Forbidden for a field that may only be read.
    """
    fields = {field.key: field for field in definitions(tx, card)}
    cleaned = _cleaned(tx, fields.values(), {key: value}, {})[key]
    if fields[key].kind == "file":
        raise bad_value(fields[key], value)
    if is_empty(cleaned) and fields[key].required != "never":
        _refuse([field_required(fields[key])])
    return cleaned


def missing(tx: Tx, fields: Iterable[Definition], values: Values, stage_id: int = 0) -> list[Reason]:
    """A reason for each field that has to be filled when a card is added, by who may fill it, and is empty."""
    if tx.session.info.get(_UNASKED):
        return []
    asked = [field for field in fields if field.required == "creation" or field.is_asked_at(stage_id)]
    lacking = [field for field in asked if is_empty(values.get(field.key)) and is_written(tx.actor, field)]
    return [field_required(field) for field in lacking]


def fields_for(tx: Tx, card: str, pipeline_id: int = 0) -> list[Definition]:
    """The fields that a card has; of a deal, those of its pipeline."""
    fields = definitions(tx, card)
    return [field for field in fields if field.is_of(pipeline_id)] if pipeline_id else fields


def check_references(tx: Tx, field: Definition, value: Any, card_id: int | None = None) -> None:
    """Raises BadInput where a value names an employee, a client or a file that is not there for the actor."""
    if is_empty(value):
        return
    is_there = True
    if field.kind == "employee":
        is_there = tx.one(select(Employee.id).where(Employee.id == value, Employee.disabled_at.is_(None))) is not None
    elif field.kind == "client":
        model: Any = KINDS["client"].model
        is_there = tx.one(select(model.id).where(model.id == value)) is not None
    elif field.kind == "file":
        of_card = (StoredFile.card == field.card, StoredFile.card_id == (card_id or 0))
        is_there = tx.one(select(StoredFile.id).where(StoredFile.id == value, *of_card)) is not None
    if not is_there:
        raise bad_value(field, value)


def _cleaned(
    tx: Tx, fields: Iterable[Definition], given: Values, was: Values, card_id: int | None = None
) -> dict[str, Any]:
    known = {field.key: field for field in fields}
    cleaned: dict[str, Any] = {}
    reasons: list[Reason] = []
    for key, value in given.items():
        try:
            cleaned[key] = _clean(tx, _known(tx, known, key), value, was.get(key), card_id)
        except BadInput as error:
            reasons += error.reasons
    _refuse(reasons)
    return cleaned


def _known(tx: Tx, fields: Mapping[str, Definition], key: str) -> Definition:
    field = fields.get(key)
    if field is None or not is_seen(tx.actor, field):
        raise BadInput("cards.error.no_field", field=f"fields.{key[:60]}", name=key[:60])
    if field.kind == "formula":
        raise bad_value(field, "")
    if not is_written(tx.actor, field):
        raise Forbidden("core.error.field_read_only", field=field.full)
    return field


def _clean(tx: Tx, field: Definition, value: Any, old: Any, card_id: int | None) -> Any:
    cleaned = clean_value(field, value, zone_of(tx.actor))
    if cleaned == old:
        return cleaned
    if field.kind in CHOICES:
        _check_offered(field, cleaned, old)
    check_references(tx, field, cleaned, card_id)
    return cleaned


def _check_offered(field: Definition, value: Any, old: Any) -> None:
    """Raises BadInput for an option that is not offered any more, unless the card has it already."""
    chosen, had = ({each} if isinstance(each, str) else set(each or ()) for each in (value, old))
    gone = {option["key"] for option in field.options if option.get("is_hidden")}
    for key in sorted((chosen - had) & gone):
        raise BadInput(
            "cards.error.option_hidden", field=field.full, name={each: field.option_name(key, each) for each in LOCALES}
        )


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        first = reasons[0]
        raise BadInput(first.code, field=first.field, reasons=reasons, **first.params)
