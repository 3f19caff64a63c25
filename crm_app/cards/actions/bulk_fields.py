"""One value for a field of many cards: of the card itself, or a custom one."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, select, update

from crm_app.cards.actions.bulk_operations import (
    OPERATIONS,
    Arguments,
    Back,
    Before,
    Done,
    Operation,
    ids_in,
    outcome,
    refused,
    sort_out,
)
from crm_app.cards.actions.field_values import check_value
from crm_app.cards.bulk_cards import BulkCards
from crm_app.cards.bulk_rules import NOT_YOURS, REFUSED, SINCE
from crm_app.cards.custom_fields import seen_definitions
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.field_values import is_empty
from crm_app.cards.kinds import KINDS, locked_on
from crm_app.cards.rights import keeping, measured
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, Forbidden, Reason


class SetField(Operation):
    """Give cards one value of a field."""

    right = "change"

    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        name, value = str(arguments.get("field", "")), arguments.get("value")
        _check_written(tx, cards, name)
        if name.startswith(PREFIX) and cards.has_fields:
            return {"field": name, "value": check_value(tx, cards.card, name.removeprefix(PREFIX), value)}
        if name not in cards.fields:
            raise BadInput("core.error.bad_arguments", fields=name[:60])
        return {"field": name, "value": _plain(cards.clean(tx, name, value))}

    def do(self, tx: Tx, cards: BulkCards, arguments: Arguments, ids: list[int]) -> Done:
        name, value = arguments["field"], arguments["value"]
        _check_written(tx, cards, name)
        mine, counts = sort_out(tx, cards, self.right, ids)
        kept = _keeping(tx, cards, name, dict.fromkeys(mine, value))
        counts[NOT_YOURS] += len(mine) - len(kept)
        no = _refused(tx, cards, name, value, sorted(kept))
        counts[REFUSED] += len(no)
        now = _values(tx, cards, name, sorted(kept - no.keys()))
        before = {card_id: old for card_id, old in now.items() if old != value}
        _give(tx, cards, name, dict.fromkeys(before, value), before)
        done = outcome(before, len(now) - len(before), counts)
        done.refused = no
        return done

    def undo(self, tx: Tx, cards: BulkCards, arguments: Arguments, before: Before) -> Back:
        name, value = arguments["field"], arguments["value"]
        _check_written(tx, cards, name)
        wanted = {card_id: old for old, ids in before for card_id in ids}
        left = refused(tx, cards, self.right, ids_in(before))
        left |= dict.fromkeys(locked_on(tx, cards.card, name, wanted.keys() - left.keys()), NOT_YOURS)
        now = _values(tx, cards, name, sorted(wanted.keys() - left.keys()))
        left |= {card_id: SINCE for card_id, current in now.items() if current != value}
        back = {card_id: old for card_id, old in wanted.items() if card_id not in left}
        left |= dict.fromkeys(back.keys() - _keeping(tx, cards, name, back), NOT_YOURS)
        back = {card_id: old for card_id, old in wanted.items() if card_id not in left}
        emptied = [card_id for card_id, old in back.items() if is_empty(old)]
        left |= dict.fromkeys(_refused(tx, cards, name, None, emptied), SINCE)
        back = {card_id: old for card_id, old in wanted.items() if card_id not in left}
        _give(tx, cards, name, back, dict.fromkeys(back, value))
        return Back(len(back), left)


OPERATIONS["set"] = SetField()


def _check_written(tx: Tx, cards: BulkCards, name: str) -> None:
    if name in tx.actor.locked(cards.card):
        raise Forbidden("core.error.field_read_only", field=name)


def _refused(tx: Tx, cards: BulkCards, name: str, value: Any, ids: list[int]) -> dict[int, list[Reason]]:
    """Cards that may not have the value: a rule of their kind says no, or their pipeline does not have the field."""
    no = cards.refuses(tx, name, value, ids) | _withheld(tx, cards, name, ids)
    field = next((each for each in seen_definitions(tx, cards.card) if each.full == name), None)
    if field is not None and field.pipelines and ids:
        rows = tx.all(select(cards.model.id, cards.model.pipeline_id).where(cards.model.id.in_(ids)))
        reason = Reason("cards.error.no_field", name, {"name": field.name(tx.actor.locale)})
        no |= {row.id: [reason] for row in rows if not field.is_of(row.pipeline_id)}
    return no


def _withheld(tx: Tx, cards: BulkCards, name: str, ids: list[int]) -> dict[int, list[Reason]]:
    """Cards on which the actor may not change the field, because of where they stand."""
    return {card_id: [Reason("core.error.field_read_only", name)] for card_id in locked_on(tx, cards.card, name, ids)}


def _keeping(tx: Tx, cards: BulkCards, name: str, values: dict[int, Any]) -> set[int]:
    """Those of the cards that stay within the actor's reach when a field gets these values: their type may decide."""
    if name not in KINDS[cards.card].parted_by or not values:
        return set(values)
    rows = tx.all(select(cards.model.id, *measured(cards.card)).where(cards.model.id.in_(values)))
    return {r.id for r in rows if keeping(tx.actor, f"{cards.card}.change", [r], name, values[r.id])}


def _values(tx: Tx, cards: BulkCards, name: str, ids: list[int]) -> dict[int, Any]:
    """What cards have in a field, as plain JSON, by id."""
    is_own, model = name.startswith(PREFIX), cards.model
    if not ids:
        return {}
    column = model.fields if is_own else getattr(model, name)
    rows = tx.all(select(model.id, column.label("held")).where(model.id.in_(ids)))
    if is_own:
        return {row.id: row.held.get(name.removeprefix(PREFIX)) for row in rows}
    return {row.id: _plain(row.held) for row in rows}


def _give(tx: Tx, cards: BulkCards, name: str, values: dict[int, Any], before: dict[int, Any]) -> None:
    """Give cards values by id, and tell of each; before: what they have."""
    if not values:
        return
    if name.startswith(PREFIX):
        _give_own(tx, cards, name.removeprefix(PREFIX), values)
    else:
        _give_standard(tx, cards, name, values)
    told, shown = cards.tells(tx, values), _shown(tx, cards, name, [*values.values(), *before.values()])
    for card_id, value in sorted(values.items()):
        changes = {name: [shown[repr(before[card_id])], shown[repr(value)]]}
        tx.record(cards.changed(card_id=card_id, changes=changes, **told.get(card_id, {})))
    if name in cards.searched or name.startswith(PREFIX):
        cards.index(tx, sorted(values))


def _shown(tx: Tx, cards: BulkCards, name: str, values: list[Any]) -> dict[str, Any]:
    """Values as facts tell them, each asked for once."""
    shown: dict[str, Any] = {}
    for value in values:
        if repr(value) not in shown:
            shown[repr(value)] = cards.shows(tx, name, value)
    return shown


def _give_standard(tx: Tx, cards: BulkCards, name: str, values: dict[int, Any]) -> None:
    model = cards.model
    alike: dict[Any, list[int]] = {}
    for card_id, value in values.items():
        alike.setdefault(_stored(getattr(model, name), value), []).append(card_id)
    for stored, ids in alike.items():
        changed = {name: stored, "version": model.version + 1, "updated_at": tx.now}
        tx.run(update(model).where(model.id.in_(ids)).values(changed).execution_options(synchronize_session=False))


def _give_own(tx: Tx, cards: BulkCards, key: str, values: dict[int, Any]) -> None:
    for row in tx.all(select(cards.model).where(cards.model.id.in_(values))):
        held = {**row.fields, key: values[row.id]}
        row.fields = {name: value for name, value in held.items() if not is_empty(value)}
        row.version += 1
        row.updated_at = tx.now
    tx.session.flush()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _stored(column: Any, value: Any) -> Any:
    return date.fromisoformat(value) if value and isinstance(column.type, Date) else value
