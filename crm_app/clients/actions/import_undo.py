"""An import taken back: what it added goes to the bin, what it changed becomes as it was, and what can't be is told.

A card that somebody has worked with since stays; of a changed one each field is by itself: those that still have what
the import gave them get back what they had before.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select, update

from crm_app.cards.custom_fields import definitions
from crm_app.cards.events import TagsChanged
from crm_app.cards.models import CardEmail, CardPhone, Tag, Tagging
from crm_app.clients.actions.cards import derive_names, index_client
from crm_app.clients.events import ClientAdded, ClientChanged, ClientRemoved, ImportUndone
from crm_app.clients.importer import LEFT, OWN, STUCK, TAKEN, UNDONE
from crm_app.clients.models import Client, ClientImport, ClientWord, ImportChange, ImportRow
from crm_app.core import i18n, search
from crm_app.core.door import Tx, action
from crm_app.core.events import FactLink, FactRow
from crm_app.core.jobs import Run
from crm_app.core.keys import among
from crm_app.core.policy import changeable, past_the_policies

UNDO_BATCH = 300
_DATES = ("first_contact", "birthday")

_WORKED_WITH = or_(
    exists().where(ImportChange.client_id == Client.id),
    exists().where(
        FactRow.card == "client",
        FactRow.card_id == Client.id,
        FactRow.name != ClientAdded.__name__,
        # a later import that stands has its ImportChange; one that was taken back leaves no trace but its facts
        ~and_(FactRow.name == ClientChanged.__name__, FactRow.via == "import"),
    ),
    exists().where(FactLink.card == "client", FactLink.card_id == Client.id),
)
_ADDED = (
    select(Client.id, Client.name, Client.import_row, _WORKED_WITH.label("worked_with"))
    .where(Client.import_id == bindparam("import_id"), Client.id > bindparam("after"))
    .order_by(Client.id)
    .limit(UNDO_BATCH)
)
_CHANGED = (
    select(ImportChange)
    .where(ImportChange.import_id == bindparam("import_id"), ImportChange.client_id > bindparam("after"))
    .order_by(ImportChange.client_id)
    .limit(UNDO_BATCH)
)
_CLIENTS = select(Client).where(among(Client.id, "ids")).order_by(Client.id).with_for_update(key_share=True)
_OURS = select(Client.id).where(among(Client.id, "ids"))

_Line = dict[str, Any]
"""Values of an ImportRow."""


@action("client.import")
def undo_batch(tx: Tx, run: Run, import_id: int) -> bool:
    """Take back some of the clients of an import; False where none is left to look at."""
    run.hold(tx)
    row = tx.need(ClientImport, import_id)
    asked = {"import_id": import_id, "after": row.cursor}
    added, changed = tx.all(_ADDED, **asked), tx.all(_CHANGED, **asked)
    ids = sorted({client.id for client in added} | {change.client_id for change in changed})[:UNDO_BATCH]
    if not ids:
        return False
    lines = _remove(tx, [client for client in added if client.id <= ids[-1]])
    lines += _set_back(tx, [change for change in changed if change.client_id <= ids[-1]])
    rows = [line["row"] for line in lines]
    tx.run(delete(ImportRow).where(ImportRow.import_id == import_id, ImportRow.row.in_(rows)))
    tx.add_many(ImportRow, [{"import_id": import_id, "first_row": None, **line} for line in lines])
    row.cursor = ids[-1]
    counts = Counter(line["outcome"] for line in lines)
    row.counts = {**row.counts, **{name: row.counts.get(name, 0) + counts[name] for name in (TAKEN, LEFT, STUCK)}}
    tx.announce(f"import:{import_id}")
    return True


@action("client.import")
def end_undo(tx: Tx, run: Run, import_id: int) -> None:
    """The import is taken back as far as it can be."""
    row = tx.need(ClientImport, import_id)
    _forget_made(tx, row)
    row.state, row.finished_at = UNDONE, tx.now
    told = {name: row.counts.get(name, 0) for name in (TAKEN, LEFT, STUCK)}
    tx.record(ImportUndone(card_id=import_id, name=row.name, **told))
    run.finish(tx)


def _remove(tx: Tx, clients: list[Any]) -> list[_Line]:
    """Put clients that the import added into the bin."""
    going = [client.id for client in clients if not client.worked_with]
    gone = tx.run(update(Client).where(Client.id.in_(going)).values(deleted_at=tx.now).returning(Client.id)).scalars()
    taken = set(gone)  # the row policy leaves those out that are not the actor's to change
    search.drop(tx.session, "client", sorted(taken))
    for client_id in sorted(taken):
        tx.record(ClientRemoved(card_id=client_id))
    return [_line_of_added(client, client.id in taken) for client in clients]


def _line_of_added(client: Any, is_taken: bool) -> _Line:
    if is_taken:
        return _line(client.import_row, TAKEN, client.name, client.id)
    outcome = LEFT if client.worked_with else STUCK
    code = "clients.import.left_touched" if client.worked_with else "clients.import.left_others"
    return _line(client.import_row, outcome, client.name, client.id, [["", "", code, "", "warning", 0]])


def _set_back(tx: Tx, changes: list[ImportChange]) -> list[_Line]:
    """Give clients that were there before what they had."""
    if not changes:
        return []
    ids = [change.client_id for change in changes]
    clients = {client.id: client for client in tx.all(_CLIENTS, ids=ids)}
    ours = set(tx.all(_OURS.where(changeable(Client, tx.actor)), ids=ids))
    return [_set_one_back(tx, change, clients.get(change.client_id), change.client_id in ours) for change in changes]


def _set_one_back(tx: Tx, change: ImportChange, client: Client | None, is_ours: bool) -> _Line:
    if client is None or not is_ours:
        code = "clients.import.left_others" if client else "clients.import.left_gone"
        name = client.name if client else ""
        return _line(change.row, STUCK, name, change.client_id, [["", "", code, "", "warning", 0]])
    locked = tx.actor.locked("client")
    kept = [name for name, (_, given) in change.changes.items() if _now(client, name) != given or name in locked]
    back = {name: pair for name, pair in change.changes.items() if name not in kept}
    is_as_it_was = not kept and client.version == change.version
    told = _write_back(client, back, change) | _drop_ways(tx, change)
    if is_as_it_was or told:
        client.version += 1  # never back: a card that was opened before must not fit once more
        client.updated_at = datetime.fromisoformat(change.before["updated_at"]) if is_as_it_was else tx.now
    tx.session.flush()
    _drop_tags(tx, change)
    index_client(tx, client)
    if told:
        tx.record(ClientChanged(card_id=change.client_id, changes=told))
    if kept:
        return _line(change.row, LEFT, client.name, change.client_id, [_kept(tx, name, locked) for name in kept])
    tx.remove(change)
    return _line(change.row, TAKEN, client.name, change.client_id)


def _now(client: Client, name: str) -> Any:
    """What a field holds, in plain JSON."""
    if name.startswith(OWN):
        return client.fields.get(name.removeprefix(OWN))
    value = getattr(client, name)
    return value.isoformat() if isinstance(value, date) else value


def _write_back(client: Client, back: dict[str, Any], change: ImportChange) -> dict[str, list[Any]]:
    """Set fields to what they were; gives what has changed as [old, new]."""
    for name, (before, _) in back.items():
        if name.startswith(OWN):
            own = {**client.fields, name.removeprefix(OWN): before}
            client.fields = {key: value for key, value in own.items() if value is not None}
        else:
            setattr(client, name, date.fromisoformat(before) if before and name in _DATES else before)
    if "revenue" in back:
        client.currency = change.before["currency"]
    if "name" in back:
        derive_names(client)
    return {name: [given, before] for name, (before, given) in back.items()}


def _drop_ways(tx: Tx, change: ImportChange) -> dict[str, list[Any]]:
    """Take away numbers and addresses that the import added and that are still there."""
    gone: dict[str, list[Any]] = {}
    for name, model, column, added in (
        ("phones", CardPhone, CardPhone.number, change.phones),
        ("emails", CardEmail, CardEmail.address, change.emails),
    ):
        if not added or name in tx.actor.locked("client"):
            continue
        mine: Any = (model.card == "client", model.card_id == change.client_id)
        old = tx.all(select(column).where(*mine).order_by(model.position))
        tx.run(delete(model).where(*mine, column.in_(added)))
        new = [each for each in old if each not in added]
        if new != old:
            gone[name] = [old, new]
    return gone


def _drop_tags(tx: Tx, change: ImportChange) -> None:
    if not change.tags:
        return
    on_card: Any = (Tagging.card == "client", Tagging.card_id == change.client_id, Tagging.tag_id.in_(change.tags))
    there = tx.all(select(Tag.name, Tag.owner_id).join(Tagging, Tagging.tag_id == Tag.id).where(*on_card))
    tx.run(delete(Tagging).where(*on_card))
    removed = sorted(name for name, owner_id in there if owner_id == 0)
    if removed:
        tx.record(TagsChanged(kind="client", card_id=change.client_id, added=[], removed=removed))


def _forget_made(tx: Tx, row: ClientImport) -> None:
    """Take back tags and words that nobody had before the import, where no card has them now."""
    gone = select(Client.id).where(Client.import_id == row.id, Client.deleted_at.is_not(None))
    with tx.with_bin(), past_the_policies(tx.session):
        used = exists().where(Tagging.tag_id == Tag.id, ~and_(Tagging.card == "client", Tagging.card_id.in_(gone)))
        unused = tx.all(select(Tag.id).where(Tag.id.in_(row.made.get("tags", [])), ~used))
        tx.run(delete(Tagging).where(Tagging.tag_id.in_(unused)))
        tx.run(delete(Tag).where(Tag.id.in_(unused)))
        for field, word in row.made.get("words", []):
            having = select(func.count()).select_from(Client)
            if not tx.scalar(having.where(getattr(Client, field) == word, Client.deleted_at.is_(None))):
                tx.run(delete(ClientWord).where(ClientWord.field == field, ClientWord.word == word))
    row.made = {}


def _kept(tx: Tx, name: str, locked: frozenset[str]) -> list[Any]:
    """Why a field keeps what the import gave it, or what it was given since."""
    code = "clients.import.left_locked" if name in locked else "clients.import.left_field"
    own = {field.full: field.name(tx.actor.locale) for field in definitions(tx, "client")}
    label = own[name] if name in own else i18n.text(f"field.client.{name}", tx.actor.locale)
    return ["", name, code, label, "warning", 0]


def _line(row: int, outcome: str, name: str, client_id: int, problems: list[Any] | None = None) -> _Line:
    return {"row": row, "outcome": outcome, "name": name[:200], "client_id": client_id, "problems": problems or []}
