"""Known cards changed by rows of an import, a batch at a time, with what it takes to take it back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from crm_app.cards.actions.changing import assign
from crm_app.cards.actions.tags import need_tags
from crm_app.cards.events import TagsChanged
from crm_app.cards.models import CardEmail, CardPhone, Tag, Tagging
from crm_app.clients.import_kinds import ImportKind, kind_of
from crm_app.clients.import_updates import fed_columns
from crm_app.clients.importer import BAD, CHANGED, DUPLICATE
from crm_app.clients.intake import FIELDS, NAME, Batch, Prepared, Told
from crm_app.clients.models import ClientImport, ImportChange
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.core.folding import fold
from crm_app.core.keys import among
from crm_app.core.phones import Phone
from crm_app.core.policy import changeable

_DONE = select(ImportChange.card_id, ImportChange.row).where(
    ImportChange.import_id == bindparam("import_id"), among(ImportChange.card_id, "ids")
)
_PHONES = (
    select(CardPhone.card_id, CardPhone.number, CardPhone.extension, CardPhone.position)
    .where(CardPhone.card == bindparam("card"), among(CardPhone.card_id, "ids"))
    .order_by(CardPhone.card_id, CardPhone.position)
)
_EMAILS = (
    select(CardEmail.card_id, CardEmail.address, CardEmail.position)
    .where(CardEmail.card == bindparam("card"), among(CardEmail.card_id, "ids"))
    .order_by(CardEmail.card_id, CardEmail.position)
)
_TAGS = (
    select(Tagging.card_id, Tag.key)
    .join(Tag, Tag.id == Tagging.tag_id)
    .where(Tagging.card == bindparam("card"), among(Tagging.card_id, "ids"))
)
_SHARED = select(Tag.id).where(among(Tag.id, "ids"), Tag.owner_id == 0)


@dataclass
class _Change:
    """What a row says that its card does not. values: of columns; fields: custom ones; the rest is added."""

    row: int
    values: dict[str, Any]
    fields: dict[str, Any]
    phones: list[str]
    emails: list[str]
    tags: list[str]
    ties: list[int]

    def __bool__(self) -> bool:
        return any((self.values, self.fields, self.phones, self.emails, self.tags, self.ties))


class _Known:
    """The cards that a batch names, as they are. done: card → row that has changed it in this import."""

    def __init__(self, tx: Tx, row: ClientImport, batch: Batch) -> None:
        self.tx, self.kind = tx, kind_of(row.card)
        self.ids = sorted({card_id for _, card_id in batch.changing})
        card, self.locked = self.kind.card, tx.actor.locked(self.kind.card)
        self.fed = [(name, place) for name, place in fed_columns(self.kind, row.mapping) if name not in self.locked]
        self.fed_names = frozenset(name for name, _ in self.fed)
        self.cards: dict[int, Any] = {each.id: each for each in tx.all(whole_cards(self.kind), ids=self.ids)}
        self.ours = our_cards(tx, self.kind, self.ids)
        self.done: dict[int, int] = dict(tx.all(_DONE, import_id=row.id, ids=self.ids))
        self.phones = _gathered(tx.all(_PHONES, card=card, ids=self.ids))
        self.emails = _gathered(tx.all(_EMAILS, card=card, ids=self.ids))
        self.tags = _gathered(tx.all(_TAGS, card=card, ids=self.ids))
        self.ties = batch.ties
        self.rows = {prepared.row: prepared for prepared, _ in batch.changing}

    def compare(self, prepared: Prepared, card: Any) -> _Change:
        """What a row says that the card does not yet. An empty cell says nothing."""
        said = ((name, prepared.values[place]) for name, place in self.fed)
        values = {name: value for name, value in said if value not in (None, "", [])}
        own: dict[str, Any] = prepared.values[FIELDS]
        numbers = {number for number, _, _ in self.phones.get(card.id or 0, [])}
        addresses = {address for address, _ in self.emails.get(card.id or 0, [])}
        keys = {key for (key,) in self.tags.get(card.id or 0, [])}
        return _Change(
            prepared.row,
            self.kind.compare(prepared, values, card, self.locked, self.fed_names),
            {key: value for key, value in own.items() if card.fields.get(key) != value},
            [] if "phones" in self.locked else [each for each in prepared.phones if each not in numbers],
            [] if "emails" in self.locked else [each for each in prepared.emails if each not in addresses],
            [each for each in prepared.tags if fold(each) not in keys],
            self.ties.get(prepared.row, []),
        )

    def refusal(self, card: Any, change: _Change) -> list[Any] | None:
        """The problem that keeps a row from changing its card."""
        if card.id not in self.ours:
            return ["", "", "clients.import.not_yours", "", "error", 0]
        return self.kind.refusal(self.tx, card, change.values)


@cache
def whole_cards(kind: ImportKind) -> Select[Any]:
    """Cards by their ids, held until the transaction ends."""
    model = kind.model
    return select(model).where(among(model.id, "ids")).order_by(model.id).with_for_update(key_share=True)


def our_cards(tx: Tx, kind: ImportKind, ids: list[int]) -> set[int]:
    """Those of some cards that the actor may change."""
    found = select(kind.model.id).where(among(kind.model.id, "ids"), changeable(kind.model, tx.actor))
    return set(tx.all(found, ids=ids))


def change_cards(tx: Tx, row: ClientImport, batch: Batch, *, is_dry: bool) -> int:
    """Change the cards that rows of a batch name, or, dry, only tell which would change.

    Gives how many rows say nothing new. Telephone numbers, addresses, tags and ties are added, none is taken away.
    """
    known = _Known(tx, row, batch)
    told, same = {each.row: each for each in batch.told}, 0
    changes: list[tuple[Any, _Change]] = []
    for prepared, card_id in batch.changing:
        line, change = _judge(known, prepared, card_id)
        if line is None:
            same += 1
            continue
        problems = told[prepared.row].problems if prepared.row in told else []
        told[prepared.row] = line._replace(problems=[*problems, *line.problems])
        if change:
            changes.append((known.cards[card_id], change))
    batch.told = list(told.values())
    if changes and not is_dry:
        _write(tx, row, known, changes)
    return same


def _judge(known: _Known, prepared: Prepared, card_id: int) -> tuple[Told | None, _Change | None]:
    """What becomes of a row, None where it says nothing new; and the change, where there is one."""
    name, card = prepared.values[NAME][:200], known.cards.get(card_id)
    if card is None:
        return Told(prepared.row, BAD, name, problems=[["", "", "clients.import.not_found", "", "error", 0]]), None
    line = Told(prepared.row, CHANGED, card.name[:200], card_id)
    if card_id in known.done:
        return line._replace(outcome=DUPLICATE, first_row=known.done[card_id]), None
    change = known.compare(prepared, card)
    if not change:
        return None, None
    problem = known.refusal(card, change)
    if problem:
        return line._replace(outcome=BAD, problems=[problem]), None
    known.done[card_id] = prepared.row
    return line, change


def _write(tx: Tx, row: ClientImport, known: _Known, changes: list[tuple[Any, _Change]]) -> None:
    made: list[int] = []
    tags = need_tags(tx, {name for _, change in changes for name in change.tags}, made)
    note_made(row, "tags", made)
    kept = [_change_one(tx, card, change, known, tags) for card, change in changes]
    tx.session.flush()
    words = {each: {change.values[each] for _, change in changes if each in change.values} for each in known.kind.words}
    note_made(row, "words", known.kind.learn(tx, words))
    tx.add_many(ImportChange, [{"import_id": row.id, **each} for each in kept])
    _add_ways(tx, known, changes)
    taggings = [
        {"card": known.kind.card, "card_id": each["card_id"], "tag_id": i} for each in kept for i in each["tags"]
    ]
    tx.add_many(Tagging, taggings)
    found_by = [(card.id or 0, _found_by(tx, known, card, change)) for card, change in changes]
    search.put_many(tx.session, known.kind.card, found_by)
    shared = set(tx.all(_SHARED, ids=sorted(set(tags.values()))))
    tied = [(card.id or 0, known.rows[change.row]) for card, change in changes if change.ties]
    if tied:
        known.kind.tie(tx, tied, known.ties)
    known.kind.settled(tx, [card for card, _ in changes])
    for card, change in changes:
        added = sorted({name for name in change.tags if tags[name] in shared})
        if added:
            tx.record(TagsChanged(kind=known.kind.card, card_id=card.id or 0, added=added, removed=[]))


def _change_one(tx: Tx, card: Any, change: _Change, known: _Known, tags: dict[str, int]) -> dict[str, Any]:
    """Give a card its new values; gives the row of ImportChange that takes them back."""
    card_id, kind = card.id or 0, known.kind
    before = {"version": card.version, "updated_at": card.updated_at.isoformat(), **kind.beside(card)}
    values = {name: value for name, value in change.values.items() if name not in kind.kept}
    kind.set_beside(card, values, change.values)
    changes = assign(card, values)
    changes |= {f"fields.{key}": [card.fields.get(key), value] for key, value in change.fields.items()}
    if change.fields:
        card.fields = {**card.fields, **change.fields}
    if changes.keys() & {"name", "last_name", "first_name", "patronymic", "person"}:
        kind.derive(card)
    kept = {"card_id": card_id, "row": change.row, "changes": dict(changes), "before": before}
    numbers = [str(Phone(number, extension)) for number, extension, _ in known.phones.get(card_id, [])]
    addresses = [address for address, _ in known.emails.get(card_id, [])]
    if change.phones:
        changes["phones"] = [numbers, numbers + change.phones]
    if change.emails:
        changes["emails"] = [addresses, addresses + change.emails]
    if changes:
        card.version, card.updated_at = card.version + 1, tx.now
        tx.record(kind.changed_fact(tx, card_id, changes))
    added = sorted({tags[name] for name in change.tags})
    ways = {"phones": change.phones, "emails": change.emails}
    return {**kept, **ways, "version": card.version, "tags": added, "ties": change.ties}


def _add_ways(tx: Tx, known: _Known, changes: list[tuple[Any, _Change]]) -> None:
    """New numbers and addresses, after those that are there."""
    phones: list[dict[str, Any]] = []
    emails: list[dict[str, Any]] = []
    for card, change in changes:
        alike = {"card": known.kind.card, "card_id": card.id}
        first = 1 + max((position for _, _, position in known.phones.get(card.id or 0, [])), default=-1)
        numbered = enumerate(change.phones, first)
        phones += [{**alike, "number": each, "extension": "", "position": position} for position, each in numbered]
        first = 1 + max((position for _, position in known.emails.get(card.id or 0, [])), default=-1)
        emails += [
            {**alike, "address": each, "position": position} for position, each in enumerate(change.emails, first)
        ]
    tx.add_many(CardPhone, phones)
    tx.add_many(CardEmail, emails)


def _found_by(tx: Tx, known: _Known, card: Any, change: _Change) -> tuple[str, ...]:
    numbers = [number for number, _, _ in known.phones.get(card.id or 0, [])]
    addresses = [address for address, _ in known.emails.get(card.id or 0, [])]
    return known.kind.search_parts(tx, card, numbers + change.phones, addresses + change.emails)


def note_made(row: ClientImport, what: str, new: list[Any]) -> None:
    """Remember tags or words that nobody had before an import, so that its undo takes them back too."""
    if new:
        row.made = {**row.made, what: [*row.made.get(what, []), *new]}


def _gathered(rows: list[Any]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for card_id, *rest in rows:
        found.setdefault(card_id, []).append(tuple(rest))
    return found
