"""The work of an import, as the worker does it: each batch is one transaction that also moves the cursor.

A worker that dies leaves whole batches behind; the next one goes on after the last of them, and none is added twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import exists, func, or_, select, update

from crm_app.access.models import Employee
from crm_app.cards.actions.tags import need_tags
from crm_app.cards.custom_fields import definitions, is_written
from crm_app.cards.models import CardEmail, CardPhone, Tagging
from crm_app.clients import importer, rules
from crm_app.clients.actions.cards import learn_words
from crm_app.clients.events import ClientAdded, ClientRemoved, ClientsImported, ImportUndone
from crm_app.clients.importer import CHECKED, CHECKING, DONE, FAILED, LEFT, RUNNING, UNDONE, Options
from crm_app.clients.intake import COLUMNS, Batch, Colleague, Prepared, Terms
from crm_app.clients.intake_rights import refuse_unreached
from crm_app.clients.models import Client, ClientImport, ImportRow
from crm_app.core import search
from crm_app.core.door import Tx, action
from crm_app.core.events import FactLink, FactRow
from crm_app.core.ids import draw_ids
from crm_app.core.jobs import Run
from crm_app.core.policy import reaches

UNDO_BATCH = 300


@dataclass(frozen=True)
class Plan:
    """An import as the worker takes it up."""

    import_id: int
    place: str
    source: str
    mapping: list[str]
    state: str
    terms: Terms

    @property
    def is_dry(self) -> bool:
        """Whether nothing is to be added yet."""
        return self.state == CHECKING


@action("client.import")
def take_up_import(tx: Tx, run: Run) -> Plan:
    """What the worker has to know, in its hands; the job is extended."""
    run.hold(tx)
    row = tx.need(ClientImport, run.arguments["import_id"])
    if row.state == RUNNING:
        search.put_off_order(tx.session)
    people = tx.all(select(Employee.id, Employee.name, Employee.email).where(Employee.disabled_at.is_(None)))
    colleagues = [Colleague(p.id, p.name, p.email, reaches(tx.actor, "client.create", p.id)) for p in people]
    own = [field for field in definitions(tx, "client") if is_written(tx.actor, field)]
    words = {name: rules.keys_by_word(name) for name in rules.WORDS}
    terms = Terms(cast("Options", dict(row.options)), row.cursor, colleagues, own, words)
    return Plan(row.id or 0, row.place, row.source, list(row.mapping), row.state, terms)


@action("client.import")
def put_batch(tx: Tx, run: Run, import_id: int, batch: Batch) -> None:
    """Add the clients of a batch, or only count them where the import is being checked."""
    run.hold(tx, {"row": batch.last_row})
    refuse_unreached(tx.actor, batch)
    row = tx.need(ClientImport, import_id)
    if row.state != CHECKING:
        _add_clients(tx, import_id, batch.prepared)
    tx.add_many(ImportRow, [{"import_id": import_id, **told._asdict()} for told in batch.told])
    counts = batch.counts
    row.counts = {**row.counts, **{name: row.counts.get(name, 0) + count for name, count in counts.items()}}
    row.cursor = batch.last_row
    tx.announce(f"import:{import_id}")


@action("client.import")
def end_import(tx: Tx, run: Run, import_id: int) -> None:
    """All rows are done."""
    row = tx.need(ClientImport, import_id)
    row.rows = max(row.rows, sum(row.counts.get(name, 0) for name in (importer.NEW, importer.DUPLICATE, importer.BAD)))
    row.finished_at = tx.now
    was_check = row.state == CHECKING
    row.state = CHECKED if was_check else DONE
    if was_check:
        row.cursor = 0
        tx.announce(f"import:{import_id}")
    else:
        tx.record(ClientsImported(card_id=import_id, name=row.name, counts=row.counts))
    run.finish(tx, {"row": row.rows})


@action("client.import")
def fail_import(tx: Tx, run: Run, import_id: int, error: str, params: dict[str, Any]) -> None:
    """The file can't be read on: what is in stays, and can be taken back."""
    row = tx.need(ClientImport, import_id)
    row.state, row.error, row.error_params, row.finished_at = FAILED, error, params, tx.now
    run.finish(tx)
    tx.announce(f"import:{import_id}")


@action("client.import")
def undo_batch(tx: Tx, run: Run, import_id: int) -> bool:
    """Take back some of the clients of an import; False where none is left to look at."""
    run.hold(tx)
    row = tx.need(ClientImport, import_id)
    touched = or_(
        exists().where(FactRow.card == "client", FactRow.card_id == Client.id, FactRow.name != ClientAdded.__name__),
        exists().where(FactLink.card == "client", FactLink.card_id == Client.id),
    )
    statement = select(Client.id, Client.name, Client.import_row, touched.label("touched"))
    statement = statement.where(Client.import_id == import_id, Client.id > row.cursor).order_by(Client.id)
    clients = tx.all(statement.limit(UNDO_BATCH))
    if not clients:
        return False
    going = [client.id for client in clients if not client.touched]
    gone = tx.run(
        update(Client).where(Client.id.in_(going)).values(deleted_at=tx.now).returning(Client.id)
    ).scalars()  # the row policy leaves those out that are not the actor's to change
    taken = set(gone)
    search.drop(tx.session, "client", sorted(taken))
    for client_id in sorted(taken):
        tx.record(ClientRemoved(card_id=client_id))
    _note_left(tx, import_id, [client for client in clients if client.id not in taken])
    row.cursor = clients[-1].id
    row.counts = {**row.counts, "taken": row.counts.get("taken", 0) + len(taken)}
    tx.announce(f"import:{import_id}")
    return True


@action("client.import")
def end_undo(tx: Tx, run: Run, import_id: int) -> None:
    """The import is taken back as far as it can be."""
    row = tx.need(ClientImport, import_id)
    left = tx.scalar(
        select(func.count()).select_from(ImportRow).where(ImportRow.import_id == import_id, ImportRow.outcome == LEFT)
    )
    row.state, row.finished_at = UNDONE, tx.now
    row.counts = {**row.counts, LEFT: left}
    tx.record(ImportUndone(card_id=import_id, name=row.name, taken=row.counts.get("taken", 0), left=left))
    run.finish(tx)


def _note_left(tx: Tx, import_id: int, clients: list[Any]) -> None:
    for client in clients:
        code = "clients.import.left_touched" if client.touched else "clients.import.left_others"
        known = tx.find(ImportRow, (import_id, client.import_row))
        told = known or ImportRow(import_id=import_id, row=client.import_row, outcome=LEFT)
        told.outcome, told.name, told.client_id = LEFT, client.name[:200], client.id
        told.problems = [["", "", code, "", "warning", 0]]
        tx.session.add(told)


def _add_clients(tx: Tx, import_id: int, prepared: list[Prepared]) -> None:
    if not prepared:
        return
    alike = {
        "import_id": import_id, "created_by_id": tx.actor.id, "created_at": tx.now, "updated_at": tx.now,
        "source": "import", "version": 1,
    }  # fmt: skip
    ids = draw_ids(tx.session, Client, len(prepared))
    rows = [
        {"id": client_id, **dict(zip(COLUMNS, each.values, strict=True)), **alike}
        for client_id, each in zip(ids, prepared, strict=True)
    ]
    tx.add_many(Client, rows)
    phones = [
        {"card": "client", "card_id": i, "number": number, "extension": "", "position": position}
        for i, each in zip(ids, prepared, strict=True)
        for position, number in enumerate(each.phones)
    ]
    emails = [
        {"card": "client", "card_id": i, "address": address, "position": position}
        for i, each in zip(ids, prepared, strict=True)
        for position, address in enumerate(each.emails)
    ]
    tx.add_many(CardPhone, phones)
    tx.add_many(CardEmail, emails)
    _tag_clients(tx, ids, prepared)
    for field in ("type", "status"):
        learn_words(tx, field, {row[field] for row in rows})
    search.put_new(tx.session, "client", [(i, each.text) for i, each in zip(ids, prepared, strict=True)])
    for client_id, row in zip(ids, rows, strict=True):
        tx.record(ClientAdded(card_id=client_id, name=row["name"]))


def _tag_clients(tx: Tx, ids: list[int], prepared: list[Prepared]) -> None:
    tags = need_tags(tx, {name for each in prepared for name in each.tags})
    taggings = [
        {"card": "client", "card_id": client_id, "tag_id": tag_id}
        for client_id, each in zip(ids, prepared, strict=True)
        for tag_id in {tags[name] for name in each.tags}
    ]
    tx.add_many(Tagging, taggings)
