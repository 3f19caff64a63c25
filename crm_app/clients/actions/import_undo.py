"""An import taken back: what it added goes to the bin, what it changed becomes as it was, and what can't be is told.

A card that somebody has worked with since stays; of a changed one each field is by itself: those that still have what
the import gave them get back what they had before.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, exists, select, update

from crm_app.cards.custom_fields import definitions
from crm_app.cards.events import TagsChanged
from crm_app.cards.models import CardEmail, CardPhone, Tag, Tagging
from crm_app.clients.actions.import_changes import our_cards, whole_cards
from crm_app.clients.events import ImportUndone
from crm_app.clients.import_kinds import ImportKind
from crm_app.clients.import_rights import need_import
from crm_app.clients.importer import LEFT, OWN, STUCK, TAKEN, UNDONE
from crm_app.clients.models import ClientImport, ImportChange, ImportRow
from crm_app.clients.untouched import as_before
from crm_app.core import i18n, search
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.jobs import Run
from crm_app.core.policy import past_the_policies

UNDO_BATCH = 300
_CHANGED = (
    select(ImportChange)
    .where(ImportChange.import_id == bindparam("import_id"), ImportChange.card_id > bindparam("after"))
    .order_by(ImportChange.card_id)
    .limit(UNDO_BATCH)
)

_Line = dict[str, Any]
"""Values of an ImportRow."""


@cache
def _added(kind: ImportKind) -> Select[Any]:
    model = kind.model
    since = (kind.worked_with.label("worked_with"), kind.changed_in_bulk.label("in_bulk"))
    return (
        select(model.id, model.name, model.import_row, *since)
        .where(model.import_id == bindparam("import_id"), model.id > bindparam("after"))
        .order_by(model.id)
        .limit(UNDO_BATCH)
    )


@action(LOGGED_IN)
def undo_batch(tx: Tx, run: Run, import_id: int) -> bool:
    """Take back some of the cards of an import; False where none is left to look at."""
    run.hold(tx)
    row, kind = need_import(tx, import_id)
    asked = {"import_id": import_id, "after": row.cursor}
    added, changed = tx.all(_added(kind), **asked), tx.all(_CHANGED, **asked)
    ids = sorted({card.id for card in added} | {change.card_id for change in changed})[:UNDO_BATCH]
    if not ids:
        return False
    lines = _remove(tx, kind, [card for card in added if card.id <= ids[-1]])
    lines += _set_back(tx, kind, [change for change in changed if change.card_id <= ids[-1]])
    rows = [line["row"] for line in lines]
    tx.run(delete(ImportRow).where(ImportRow.import_id == import_id, ImportRow.row.in_(rows)))
    tx.add_many(ImportRow, [{"import_id": import_id, "first_row": None, **line} for line in lines])
    row.cursor = ids[-1]
    counts = Counter(line["outcome"] for line in lines)
    row.counts = {**row.counts, **{name: row.counts.get(name, 0) + counts[name] for name in (TAKEN, LEFT, STUCK)}}
    tx.announce(f"import:{import_id}")
    return True


@action(LOGGED_IN)
def end_undo(tx: Tx, run: Run, import_id: int) -> None:
    """The import is taken back as far as it can be."""
    row, kind = need_import(tx, import_id)
    _forget_made(tx, kind, row)
    row.state, row.finished_at = UNDONE, tx.now
    told = {name: row.counts.get(name, 0) for name in (TAKEN, LEFT, STUCK)}
    tx.record(ImportUndone(card_id=import_id, name=row.name, kind=row.card, **told))
    run.finish(tx)


def _remove(tx: Tx, kind: ImportKind, cards: list[Any]) -> list[_Line]:
    """Put cards that the import added into the bin."""
    stays = _worked_with(tx, kind, cards)
    going, model = [card.id for card in cards if card.id not in stays], kind.model
    gone = tx.run(update(model).where(model.id.in_(going)).values(deleted_at=tx.now).returning(model.id)).scalars()
    taken = set(gone)  # the row policy leaves those out that are not the actor's to change
    search.drop(tx.session, kind.card, sorted(taken))
    kind.gone(tx, sorted(taken))
    for card_id in sorted(taken):
        tx.record(kind.removed(card_id=card_id))
    return [_line_of_added(card, card.id in taken, card.id in stays) for card in cards]


def _worked_with(tx: Tx, kind: ImportKind, cards: list[Any]) -> set[int]:
    """Those with which somebody has done something since that still stands."""
    in_bulk = {card.id for card in cards if card.in_bulk and not card.worked_with}
    return {card.id for card in cards if card.worked_with} | (in_bulk - as_before(tx, kind.card, in_bulk))


def _line_of_added(card: Any, is_taken: bool, is_worked_with: bool) -> _Line:
    if is_taken:
        return _line(card.import_row, TAKEN, card.name, card.id)
    outcome = LEFT if is_worked_with else STUCK
    code = "clients.import.left_touched" if is_worked_with else "clients.import.left_others"
    return _line(card.import_row, outcome, card.name, card.id, [["", "", code, "", "warning", 0]])


def _set_back(tx: Tx, kind: ImportKind, changes: list[ImportChange]) -> list[_Line]:
    """Give cards that were there before what they had."""
    if not changes:
        return []
    ids = [change.card_id for change in changes]
    cards = {card.id: card for card in tx.all(whole_cards(kind), ids=ids)}
    ours = our_cards(tx, kind, ids)
    lines = [_set_one_back(tx, kind, each, cards.get(each.card_id), each.card_id in ours) for each in changes]
    kind.settled(tx, list(cards.values()))
    return lines


def _set_one_back(tx: Tx, kind: ImportKind, change: ImportChange, card: Any, is_ours: bool) -> _Line:
    if card is None or not is_ours:
        code = "clients.import.left_others" if card else "clients.import.left_gone"
        name = card.name if card else ""
        return _line(change.row, STUCK, name, change.card_id, [["", "", code, "", "warning", 0]])
    locked = tx.actor.locked(kind.card)
    kept = [name for name, (_, given) in change.changes.items() if _now(card, name) != given or name in locked]
    back = {name: pair for name, pair in change.changes.items() if name not in kept}
    is_as_it_was = not kept and card.version == change.version
    told = _write_back(kind, card, back, change) | _drop_ways(tx, kind, change)
    if is_as_it_was or told:
        card.version += 1  # never back: a card that was opened before must not fit once more
        card.updated_at = datetime.fromisoformat(change.before["updated_at"]) if is_as_it_was else tx.now
    tx.session.flush()
    _drop_tags(tx, kind, change)
    if change.ties:
        kind.untie(tx, change.card_id, change.ties)
    kind.index(tx, card)
    if told:
        tx.record(kind.changed_fact(tx, change.card_id, told))
    if kept:
        return _line(change.row, LEFT, card.name, change.card_id, [_kept(tx, kind, name, locked) for name in kept])
    tx.remove(change)
    return _line(change.row, TAKEN, card.name, change.card_id)


def _now(card: Any, name: str) -> Any:
    """What a field holds, in plain JSON."""
    if name.startswith(OWN):
        return card.fields.get(name.removeprefix(OWN))
    value = getattr(card, name)
    return value.isoformat() if isinstance(value, date) else value


def _write_back(kind: ImportKind, card: Any, back: dict[str, Any], change: ImportChange) -> dict[str, list[Any]]:
    """Set fields to what they were; gives what has changed as [old, new]."""
    for name, (before, _) in back.items():
        if name.startswith(OWN):
            own = {**card.fields, name.removeprefix(OWN): before}
            card.fields = {key: value for key, value in own.items() if value is not None}
        else:
            setattr(card, name, date.fromisoformat(before) if before and name in kind.dates else before)
    kind.set_beside(card, back, change.before)
    if back:
        kind.derive(card)
    return {name: [given, before] for name, (before, given) in back.items()}


def _drop_ways(tx: Tx, kind: ImportKind, change: ImportChange) -> dict[str, list[Any]]:
    """Take away numbers and addresses that the import added and that are still there."""
    gone: dict[str, list[Any]] = {}
    for name, model, column, added in (
        ("phones", CardPhone, CardPhone.number, change.phones),
        ("emails", CardEmail, CardEmail.address, change.emails),
    ):
        if not added or name in tx.actor.locked(kind.card):
            continue
        mine: Any = (model.card == kind.card, model.card_id == change.card_id)
        old = tx.all(select(column).where(*mine).order_by(model.position))
        tx.run(delete(model).where(*mine, column.in_(added)))
        new = [each for each in old if each not in added]
        if new != old:
            gone[name] = [old, new]
    return gone


def _drop_tags(tx: Tx, kind: ImportKind, change: ImportChange) -> None:
    if not change.tags:
        return
    on_card: Any = (Tagging.card == kind.card, Tagging.card_id == change.card_id, Tagging.tag_id.in_(change.tags))
    there = tx.all(select(Tag.name, Tag.owner_id).join(Tagging, Tagging.tag_id == Tag.id).where(*on_card))
    tx.run(delete(Tagging).where(*on_card))
    removed = sorted(name for name, owner_id in there if owner_id == 0)
    if removed:
        tx.record(TagsChanged(kind=kind.card, card_id=change.card_id, added=[], removed=removed))


def _forget_made(tx: Tx, kind: ImportKind, row: ClientImport) -> None:
    """Take back tags and words that nobody had before the import, where no card has them now."""
    model = kind.model
    gone = select(model.id).where(model.import_id == row.id, model.deleted_at.is_not(None))
    with tx.with_bin(), past_the_policies(tx.session):
        used = exists().where(Tagging.tag_id == Tag.id, ~and_(Tagging.card == kind.card, Tagging.card_id.in_(gone)))
        unused = tx.all(select(Tag.id).where(Tag.id.in_(row.made.get("tags", [])), ~used))
        tx.run(delete(Tagging).where(Tagging.tag_id.in_(unused)))
        tx.run(delete(Tag).where(Tag.id.in_(unused)))
        kind.unlearn(tx, row.made.get("words", []))
    row.made = {}


def _kept(tx: Tx, kind: ImportKind, name: str, locked: frozenset[str]) -> list[Any]:
    """Why a field keeps what the import gave it, or what it was given since."""
    code = "clients.import.left_locked" if name in locked else "clients.import.left_field"
    own = {field.full: field.name(tx.actor.locale) for field in definitions(tx, kind.card)}
    label = own[name] if name in own else i18n.text(f"field.{kind.card}.{name}", tx.actor.locale)
    return ["", name, code, label, "warning", 0]


def _line(row: int, outcome: str, name: str, card_id: int, problems: list[Any] | None = None) -> _Line:
    return {"row": row, "outcome": outcome, "name": name[:200], "card_id": card_id, "problems": problems or []}
