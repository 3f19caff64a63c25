"""Known clients changed by rows of an import, a batch at a time, with what it takes to take it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from crm_app.cards.actions.changing import assign
from crm_app.cards.actions.tags import need_tags
from crm_app.cards.events import TagsChanged
from crm_app.cards.models import CardEmail, CardPhone, Tag, Tagging
from crm_app.cards.rights import keeping
from crm_app.clients import rules
from crm_app.clients.actions.cards import derive_names, learn_words, search_parts
from crm_app.clients.events import ClientChanged
from crm_app.clients.import_updates import fed_columns
from crm_app.clients.importer import BAD, CHANGED, DUPLICATE
from crm_app.clients.intake import COLUMNS, Batch, Prepared, Told
from crm_app.clients.models import Client, ClientImport, ImportChange
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.core.folding import fold
from crm_app.core.keys import among
from crm_app.core.phones import Phone
from crm_app.core.policy import changeable

_CLIENTS = select(Client).where(among(Client.id, "ids")).order_by(Client.id).with_for_update(key_share=True)
_OURS = select(Client.id).where(among(Client.id, "ids"))
_DONE = select(ImportChange.client_id, ImportChange.row).where(
    ImportChange.import_id == bindparam("import_id"), among(ImportChange.client_id, "ids")
)
_PHONES = (
    select(CardPhone.card_id, CardPhone.number, CardPhone.extension, CardPhone.position)
    .where(CardPhone.card == "client", among(CardPhone.card_id, "ids"))
    .order_by(CardPhone.card_id, CardPhone.position)
)
_EMAILS = (
    select(CardEmail.card_id, CardEmail.address, CardEmail.position)
    .where(CardEmail.card == "client", among(CardEmail.card_id, "ids"))
    .order_by(CardEmail.card_id, CardEmail.position)
)
_TAGS = (
    select(Tagging.card_id, Tag.key)
    .join(Tag, Tag.id == Tagging.tag_id)
    .where(Tagging.card == "client", among(Tagging.card_id, "ids"))
)
_SHARED = select(Tag.id).where(among(Tag.id, "ids"), Tag.owner_id == 0)
_AT = {name: place for place, name in enumerate(COLUMNS)}


@dataclass
class _Change:
    """What a row says that its client does not. values: of columns; fields: custom ones; the rest is added."""

    row: int
    values: dict[str, Any]
    fields: dict[str, Any]
    phones: list[str]
    emails: list[str]
    tags: list[str]

    def __bool__(self) -> bool:
        return bool(self.values or self.fields or self.phones or self.emails or self.tags)


class _Known:
    """The clients that a batch names, as they are. done: client → row that has changed it in this import."""

    def __init__(self, tx: Tx, row: ClientImport, ids: list[int]) -> None:
        self.tx, self.ids = tx, sorted(set(ids))
        self.locked = tx.actor.locked("client")
        self.fed = [(name, place) for name, place in fed_columns(row.mapping) if name not in self.locked]
        self.clients: dict[int, Client] = {client.id: client for client in tx.all(_CLIENTS, ids=self.ids)}
        self.ours = set(tx.all(_OURS.where(changeable(Client, tx.actor)), ids=self.ids))
        self.done: dict[int, int] = dict(tx.all(_DONE, import_id=row.id, ids=self.ids))
        self.phones = _gathered(tx.all(_PHONES, ids=self.ids))
        self.emails = _gathered(tx.all(_EMAILS, ids=self.ids))
        self.tags = _gathered(tx.all(_TAGS, ids=self.ids))

    def compare(self, prepared: Prepared, client: Client) -> _Change:
        """What a row says that the client does not yet. An empty cell says nothing."""
        values = {name: prepared.values[place] for name, place in self.fed if prepared.values[place] not in (None, "")}
        values = {name: value for name, value in values.items() if value != getattr(client, name)}
        if "revenue" in self.locked or prepared.values[_AT["revenue"]] is None:
            values.pop("revenue", None)
        elif prepared.values[_AT["currency"]] != client.currency and dict(self.fed).get("revenue"):
            values |= {name: prepared.values[_AT[name]] for name in ("revenue", "currency")}
        own: dict[str, Any] = prepared.values[_AT["fields"]]
        numbers = {number for number, _, _ in self.phones.get(client.id or 0, [])}
        addresses = {address for address, _ in self.emails.get(client.id or 0, [])}
        keys = {key for (key,) in self.tags.get(client.id or 0, [])}
        return _Change(
            prepared.row,
            values,
            {key: value for key, value in own.items() if client.fields.get(key) != value},
            [] if "phones" in self.locked else [each for each in prepared.phones if each not in numbers],
            [] if "emails" in self.locked else [each for each in prepared.emails if each not in addresses],
            [each for each in prepared.tags if fold(each) not in keys],
        )

    def refusal(self, client: Client, change: _Change) -> list[Any] | None:
        """The problem that keeps a row from changing its client."""
        if client.id not in self.ours:
            return ["", "", "clients.import.not_yours", "", "error", 0]
        word = change.values.get("type", "")
        if word and not keeping(self.tx.actor, "client.change", [client], "type", word):
            return ["", "type", "clients.import.others_type", word, "error", 0]
        return None


def change_clients(tx: Tx, row: ClientImport, batch: Batch, *, is_dry: bool) -> int:
    """Change the clients that rows of a batch name, or, dry, only tell which would change.

    Gives how many rows say nothing new. Telephone numbers, addresses and tags are added, none is taken away.
    """
    known = _Known(tx, row, [client_id for _, client_id in batch.changing])
    told, same = {each.row: each for each in batch.told}, 0
    changes: list[tuple[Client, _Change]] = []
    for prepared, client_id in batch.changing:
        line, change = _judge(known, prepared, client_id)
        if line is None:
            same += 1
            continue
        problems = told[prepared.row].problems if prepared.row in told else []
        told[prepared.row] = line._replace(problems=[*problems, *line.problems])
        if change:
            changes.append((known.clients[client_id], change))
    batch.told = list(told.values())
    if changes and not is_dry:
        _write(tx, row, known, changes)
    return same


def _judge(known: _Known, prepared: Prepared, client_id: int) -> tuple[Told | None, _Change | None]:
    """What becomes of a row, None where it says nothing new; and the change, where there is one."""
    name, client = prepared.values[_AT["name"]][:200], known.clients.get(client_id)
    if client is None:
        return Told(prepared.row, BAD, name, problems=[["", "", "clients.import.not_found", "", "error", 0]]), None
    line = Told(prepared.row, CHANGED, client.name[:200], client_id)
    if client_id in known.done:
        return line._replace(outcome=DUPLICATE, first_row=known.done[client_id]), None
    change = known.compare(prepared, client)
    if not change:
        return None, None
    problem = known.refusal(client, change)
    if problem:
        return line._replace(outcome=BAD, problems=[problem]), None
    known.done[client_id] = prepared.row
    return line, change


def _write(tx: Tx, row: ClientImport, known: _Known, changes: list[tuple[Client, _Change]]) -> None:
    made: list[int] = []
    tags = need_tags(tx, {name for _, change in changes for name in change.tags}, made)
    note_made(row, "tags", made)
    kept = [_change_one(tx, client, change, known, tags) for client, change in changes]
    tx.session.flush()
    for field in rules.WORDS:
        words = {change.values[field] for _, change in changes if field in change.values}
        note_made(row, "words", [[field, word] for word in learn_words(tx, field, words)])
    tx.add_many(ImportChange, [{"import_id": row.id, **each} for each in kept])
    _add_ways(tx, known, changes)
    taggings = [{"card": "client", "card_id": each["client_id"], "tag_id": i} for each in kept for i in each["tags"]]
    tx.add_many(Tagging, taggings)
    found_by = [(client.id or 0, _found_by(tx, known, client, change)) for client, change in changes]
    search.put_many(tx.session, "client", found_by)
    shared = set(tx.all(_SHARED, ids=sorted(set(tags.values()))))
    for client, change in changes:
        added = sorted({name for name in change.tags if tags[name] in shared})
        if added:
            tx.record(TagsChanged(kind="client", card_id=client.id or 0, added=added, removed=[]))


def _change_one(tx: Tx, client: Client, change: _Change, known: _Known, tags: dict[str, int]) -> dict[str, Any]:
    """Give a client its new values; gives the row of ImportChange that takes them back."""
    client_id = client.id or 0
    before = {"version": client.version, "updated_at": client.updated_at.isoformat(), "currency": client.currency}
    client.currency = change.values.pop("currency", client.currency)
    changes = assign(client, change.values)
    changes |= {f"fields.{key}": [client.fields.get(key), value] for key, value in change.fields.items()}
    if change.fields:
        client.fields = {**client.fields, **change.fields}
    if "name" in changes:
        derive_names(client)
    kept = {"client_id": client_id, "row": change.row, "changes": dict(changes), "before": before}
    numbers = [str(Phone(number, extension)) for number, extension, _ in known.phones.get(client_id, [])]
    addresses = [address for address, _ in known.emails.get(client_id, [])]
    if change.phones:
        changes["phones"] = [numbers, numbers + change.phones]
    if change.emails:
        changes["emails"] = [addresses, addresses + change.emails]
    if changes:
        client.version, client.updated_at = client.version + 1, tx.now
        tx.record(ClientChanged(card_id=client_id, changes=changes))
    added = sorted({tags[name] for name in change.tags})
    return {**kept, "version": client.version, "phones": change.phones, "emails": change.emails, "tags": added}


def _add_ways(tx: Tx, known: _Known, changes: list[tuple[Client, _Change]]) -> None:
    """New numbers and addresses, after those that are there."""
    phones: list[dict[str, Any]] = []
    emails: list[dict[str, Any]] = []
    for client, change in changes:
        card = {"card": "client", "card_id": client.id}
        first = 1 + max((position for _, _, position in known.phones.get(client.id or 0, [])), default=-1)
        numbered = enumerate(change.phones, first)
        phones += [{**card, "number": each, "extension": "", "position": position} for position, each in numbered]
        first = 1 + max((position for _, position in known.emails.get(client.id or 0, [])), default=-1)
        emails += [
            {**card, "address": each, "position": position} for position, each in enumerate(change.emails, first)
        ]
    tx.add_many(CardPhone, phones)
    tx.add_many(CardEmail, emails)


def _found_by(tx: Tx, known: _Known, client: Client, change: _Change) -> tuple[str, ...]:
    numbers = [number for number, _, _ in known.phones.get(client.id or 0, [])]
    addresses = [address for address, _ in known.emails.get(client.id or 0, [])]
    return search_parts(tx, client, numbers + change.phones, addresses + change.emails)


def note_made(row: ClientImport, what: str, new: list[Any]) -> None:
    """Remember tags or words that nobody had before an import, so that its undo takes them back too."""
    if new:
        row.made = {**row.made, what: [*row.made.get(what, []), *new]}


def _gathered(rows: list[Any]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for card_id, *rest in rows:
        found.setdefault(card_id, []).append(tuple(rest))
    return found
