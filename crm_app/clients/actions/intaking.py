"""The work of an import, as the worker does it: each batch is one transaction that also moves the cursor.

A worker that dies leaves whole batches behind; the next one goes on after the last of them, and none is added twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import bindparam, exists, select

from crm_app.access.models import Employee
from crm_app.cards.actions.tags import need_tags
from crm_app.cards.custom_fields import definitions, is_written
from crm_app.cards.models import CardEmail, CardPhone, Tagging
from crm_app.clients import importer
from crm_app.clients.actions.import_changes import change_cards, note_made
from crm_app.clients.events import ClientsImported
from crm_app.clients.import_kinds import ImportKind, kind_of
from crm_app.clients.import_queries import find_by_key, find_known, find_unseen
from crm_app.clients.import_rights import need_import
from crm_app.clients.import_updates import NewRows, good_defaults, set_apart, with_own_defaults, without_defaults
from crm_app.clients.importer import (
    CHECKED,
    CHECKING,
    CREATE,
    DONE,
    FAILED,
    READY,
    RUNNING,
    SAME,
    STOPPED,
    STOPPING,
    Options,
)
from crm_app.clients.intake import Batch, Colleague, Prepared, Terms, Told
from crm_app.clients.models import ClientImport, ImportCells, ImportChange, ImportRow
from crm_app.core import search
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.ids import draw_ids
from crm_app.core.jobs import Run
from crm_app.core.keys import among
from crm_app.core.policy import reaches

_MENDED = select(ImportCells.row, ImportCells.cells).where(
    ImportCells.import_id == bindparam("import_id"), ImportCells.is_mended
)
_KEPT = select(ImportCells.row).where(ImportCells.import_id == bindparam("import_id"), among(ImportCells.row, "rows"))


@dataclass(frozen=True)
class Plan:
    """An import as the worker takes it up. new_rows: how rows become new cards that the terms give no defaults."""

    import_id: int
    place: str
    source: str
    mapping: list[str]
    state: str
    terms: Terms
    new_rows: NewRows
    kind: ImportKind

    @property
    def is_dry(self) -> bool:
        """Whether nothing is to be added yet."""
        return self.state == CHECKING

    @property
    def changes_known(self) -> bool:
        """Whether cards that are there already are changed."""
        return self.terms.options.get("mode", CREATE) != CREATE


@action(LOGGED_IN)
def take_up_import(tx: Tx, run: Run) -> Plan:
    """What the worker has to know, in its hands; the job is extended."""
    run.hold(tx)
    row, _ = need_import(tx, run.arguments["import_id"])
    if row.state == RUNNING:
        search.put_off_order(tx.session)
    return plan_of(tx, row)


def plan_of(tx: Tx, row: ClientImport) -> Plan:
    """What an import asks for, with the rights that its owner has now."""
    kind = kind_of(row.card)
    people = tx.all(select(Employee.id, Employee.name, Employee.email).where(Employee.disabled_at.is_(None)))
    colleagues = [Colleague(p.id, p.name, p.email, reaches(tx.actor, f"{kind.card}.create", p.id)) for p in people]
    own = [field for field in kind.definitions(definitions(tx, kind.card)) if is_written(tx.actor, field)]
    words = {name: kind.keys_by_word(name) for name in kind.words}
    mended = dict(tx.all(_MENDED, import_id=row.id))
    options = cast("Options", dict(row.options))
    if told := options.get("defaults"):
        locked = tx.actor.locked(kind.card)
        options["defaults"] = good_defaults(kind, own, told, [name for name in told if name not in locked])
    own = with_own_defaults(kind, own, options)
    terms = Terms(options, row.cursor, colleagues, own, words, mended, kind.form)
    new_rows = NewRows.of(kind, terms)
    if terms.options.get("mode", CREATE) != CREATE:
        terms = without_defaults(terms)
    return Plan(row.id or 0, row.place, row.source, list(row.mapping), row.state, terms, new_rows, kind)


@action(LOGGED_IN)
def put_batch(tx: Tx, run: Run, import_id: int, batch: Batch) -> bool:
    """Add and change the cards of a batch, or only count them where the import is being checked.

    False where the person wants it stopped: nothing is done then.
    """
    run.hold(tx, {"row": batch.last_row})
    row, kind = need_import(tx, import_id)
    kind.look_over(tx, batch, row.options)
    if row.state == STOPPING:
        return False
    put_rows(tx, row, batch, is_dry=row.state == CHECKING)
    row.cursor = batch.last_row
    tx.announce(f"import:{import_id}")
    return True


def settle(ask: Callable[..., Any], plan: Plan, batch: Batch) -> None:
    """Compare a batch with the cards that are there. ask: passes the door, as the owner of the import."""
    card, like = plan.kind.card, plan.kind.intake.like
    likes = [(each.row, like(each)) for each in batch.prepared]
    if plan.changes_known:
        key = plan.terms.options.get("key", "")
        found = ask(find_by_key, likes=likes, key=key, card=card) if key else ask(find_known, likes=likes, card=card)
        ids = found if key else {row: [card_id] for row, card_id in found.items()}
        set_apart(batch, ids, plan.terms.options, plan.new_rows)
        likes = [(each.row, like(each)) for each in batch.prepared]
    elif plan.new_rows.is_asked:
        batch.prepared = [plan.new_rows.filled(each) for each in batch.prepared]
    known, adds_all = ask(find_known, likes=likes, card=card), bool(plan.terms.options.get("duplicates"))
    batch.take_out(known, add_all=adds_all)
    unseen = ask(find_unseen, likes=[(row, each) for row, each in likes if row not in known], card=card)
    batch.take_out_unseen(unseen, add_all=adds_all)


def put_rows(tx: Tx, row: ClientImport, batch: Batch, *, is_dry: bool) -> None:
    """Add and change cards, or, dry, only tell what would become of each row; and count."""
    same = change_cards(tx, row, batch, is_dry=is_dry) if batch.changing else 0
    if not is_dry:
        _add_cards(tx, kind_of(row.card), row, batch)
    tx.add_many(ImportRow, [{"import_id": row.id, **told.stored} for told in batch.told])
    _keep_cells(tx, row, [told for told in batch.told if told.cells])
    counts = batch.counts
    if batch.changing:
        counts[SAME] = same
    row.counts = {**row.counts, **{name: row.counts.get(name, 0) + count for name, count in counts.items()}}


def _keep_cells(tx: Tx, row: ClientImport, told: list[Told]) -> None:
    """Keep what bad rows say; a mended one is there already."""
    if told:
        there = set(tx.all(_KEPT, import_id=row.id, rows=[each.row for each in told]))
        new = [each for each in told if each.row not in there]
        alike = {"import_id": row.id, "is_mended": False}
        tx.add_many(ImportCells, [{**alike, "row": each.row, "cells": each.cells} for each in new])


@action(LOGGED_IN)
def end_import(tx: Tx, run: Run, import_id: int) -> None:
    """All rows are done."""
    row, _ = need_import(tx, import_id)
    row.rows = max(row.rows, sum(row.counts.get(name, 0) for name in importer.COUNTED))
    row.finished_at = tx.now
    was_check = row.state == CHECKING
    row.state = CHECKED if was_check else DONE
    if was_check:
        row.cursor = 0
        tx.announce(f"import:{import_id}")
    else:
        tx.record(ClientsImported(card_id=import_id, name=row.name, counts=row.counts, kind=row.card))
    run.finish(tx, {"row": row.rows})


@action(LOGGED_IN)
def halt_import(tx: Tx, run: Run, import_id: int) -> None:
    """Stopped by the person: what is in stays, and what was only checked is forgotten."""
    row, _ = need_import(tx, import_id)
    row.state = STOPPED if has_begun(tx, row) else READY
    run.finish(tx)
    tx.announce(f"import:{import_id}")


def has_begun(tx: Tx, row: ClientImport) -> bool:
    """Whether an import has added or changed a card."""
    with tx.with_bin():
        added = tx.scalar(select(exists().where(kind_of(row.card).model.import_id == row.id)))
    return bool(added or tx.scalar(select(exists().where(ImportChange.import_id == row.id))))


@action(LOGGED_IN)
def fail_import(tx: Tx, run: Run, import_id: int, error: str, params: dict[str, Any]) -> None:
    """The file can't be read on: what is in stays, and can be taken back."""
    row, _ = need_import(tx, import_id)
    row.state, row.error, row.error_params, row.finished_at = FAILED, error, params, tx.now
    run.finish(tx)
    tx.announce(f"import:{import_id}")


def _add_cards(tx: Tx, kind: ImportKind, row: ClientImport, batch: Batch) -> None:
    prepared = batch.prepared
    if not prepared:
        return
    alike = {
        "import_id": row.id, "created_by_id": tx.actor.id, "created_at": tx.now, "updated_at": tx.now, "version": 1,
        **kind.came_by(),
    }  # fmt: skip
    ids = draw_ids(tx.session, kind.model, len(prepared))
    rows = kind.as_rows(tx, prepared, row.options)
    for card_id, each in zip(ids, rows, strict=True):
        each["id"] = card_id
        each.update(alike)
    tx.add_many(kind.model, rows)
    _add_ways(tx, kind.card, ids, prepared)
    _tag_cards(tx, kind.card, row, ids, prepared)
    note_made(row, "words", kind.learn(tx, {field: {each[field] for each in rows} for field in kind.words}))
    if batch.ties:
        tx.session.flush()
        kind.tie(tx, list(zip(ids, prepared, strict=True)), batch.ties)
    search.put_new(tx.session, kind.card, [(i, each.text) for i, each in zip(ids, prepared, strict=True)])
    for card_id, each in zip(ids, rows, strict=True):
        tx.record(kind.fact_of(tx, card_id, each))
    kind.settled(tx, rows)


def _add_ways(tx: Tx, card: str, ids: list[int], prepared: list[Prepared]) -> None:
    phones = [
        {"card": card, "card_id": i, "number": number, "extension": "", "position": position}
        for i, each in zip(ids, prepared, strict=True)
        for position, number in enumerate(each.phones)
    ]
    emails = [
        {"card": card, "card_id": i, "address": address, "position": position}
        for i, each in zip(ids, prepared, strict=True)
        for position, address in enumerate(each.emails)
    ]
    tx.add_many(CardPhone, phones)
    tx.add_many(CardEmail, emails)


def _tag_cards(tx: Tx, card: str, row: ClientImport, ids: list[int], prepared: list[Prepared]) -> None:
    made: list[int] = []
    tags = need_tags(tx, {name for each in prepared for name in each.tags}, made)
    note_made(row, "tags", made)
    taggings = [
        {"card": card, "card_id": card_id, "tag_id": tag_id}
        for card_id, each in zip(ids, prepared, strict=True)
        for tag_id in {tags[name] for name in each.tags}
    ]
    tx.add_many(Tagging, taggings)
