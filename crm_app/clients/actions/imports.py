"""Imports as a person steers them: uploaded, set up, checked, started, taken back; the work is in intaking.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from crm_app.access.models import Employee
from crm_app.cards.custom_fields import definitions, is_written
from crm_app.cards.field_rules import Definition
from crm_app.cards.sources import check_source
from crm_app.clients import importer
from crm_app.clients.actions.import_habits import recall, remember
from crm_app.clients.actions.intaking import has_begun
from crm_app.clients.import_kinds import ImportKind
from crm_app.clients.import_rights import need_import, need_kind
from crm_app.clients.import_updates import given_values
from crm_app.clients.importer import (
    AT_WORK,
    CHECKED,
    CHECKING,
    CLIENT,
    CREATE,
    DONE,
    FAILED,
    OWN,
    READY,
    RUNNING,
    STOPPED,
    STOPPING,
    UNDOING,
    UNDONE,
    UPDATE,
)
from crm_app.clients.models import ClientImport, ImportCells, ImportRow
from crm_app.core import jobs
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, Forbidden, RuleBroken
from crm_app.core.folding import fold
from crm_app.core.policy import reaches

JOB = "clients.import"


@action(LOGGED_IN)
def add_import(
    tx: Tx, name: str, place: str, source: str, preview: importer.Preview, card: str = CLIENT
) -> ClientImport:
    """Note an uploaded file whose columns were recognised. place: where its bytes are kept.

    A column that is called as a custom field feeds that one. The last file with the same headings decides, if there was
    one and a person, not a program, brings this one. card: what its rows are.
    """
    kind = need_kind(tx.actor, card)
    own, locked = own_targets(tx, kind), _locked(tx, card)
    habit = recall(tx, source, preview, _feedable(tx, kind, source), kind)
    proposed = [
        own.get(fold(column["heading"]), "" if column["field"] in locked else column["field"])
        for column in preview["columns"]
    ]
    row = ClientImport(
        employee_id=tx.actor.id,
        card=card,
        state=READY,
        name=name[:200],
        place=place,
        source=source,
        mapping=habit.mapping if habit else proposed,
        options={"sheet": preview["sheet"], "responsible_id": tx.actor.id, **(habit.options if habit else {})},
        preview=dict(preview),
        rows=max(preview["last_row"] - 1, 0),
        created_at=tx.now,
    )
    return tx.add(row)


@action(LOGGED_IN)
def set_up_import(
    tx: Tx, import_id: int, mapping: list[str] | None = None, options: importer.Options | None = None
) -> ClientImport:
    """Say what each column feeds, and how the import is wanted. What was checked has to be checked again."""
    row, kind = _at_rest(tx, import_id, READY, CHECKED, FAILED)
    if mapping is not None:
        row.mapping = _checked_mapping(tx, kind, row, mapping)
    if options is not None:
        merged = {**row.options, **options}
        _check_responsible(tx, kind, merged.get("responsible_id"))
        _check_mode(tx, kind, merged)
        _check_defaults(tx, kind, row, merged.get("defaults", {}))
        if merged.get("pipeline_id") is not None:
            kind.check_options(tx, merged)
        row.options = merged
    row.state, row.error = READY, ""
    tx.announce(f"import:{import_id}")
    return row


@action(LOGGED_IN)
def check_import(tx: Tx, import_id: int) -> ClientImport:
    """Have the worker count what would become of each row; nothing is added."""
    row, _ = _at_rest(tx, import_id, READY, CHECKED, FAILED)
    return _hand_over(tx, row, CHECKING)


@action(LOGGED_IN)
def start_import(tx: Tx, import_id: int) -> ClientImport:
    """Have the worker add the cards."""
    row, kind = _at_rest(tx, import_id, READY, CHECKED, FAILED, STOPPED)
    check_source(tx, kind.card, "import")
    if row.options.get("pipeline_id") is not None:  # of rights that one had when it was set up
        kind.check_options(tx, row.options)
    if not row.options.get("mode") == UPDATE and not kind.named_by.intersection(row.mapping):
        raise RuleBroken("clients.import.no_name_column", field="mapping")
    key = row.options.get("key", "")
    if key and not (kind.named_by if key == "name" else {key}).intersection(row.mapping):
        raise RuleBroken("clients.import.no_key_column", field="key")
    remember(tx, row)
    return _hand_over(tx, row, RUNNING)


@action(LOGGED_IN)
def stop_import(tx: Tx, import_id: int) -> ClientImport:
    """Have the worker stop after the rows that it has in hand. What is in stays; the import can go on or be undone."""
    row, _ = need_import(tx, import_id)
    if row.state not in (CHECKING, RUNNING, STOPPING):
        raise RuleBroken("clients.import.not_at_work")
    row.state = STOPPING
    tx.announce(f"import:{import_id}")
    return row


@action(LOGGED_IN)
def undo_import(tx: Tx, import_id: int) -> ClientImport:
    """Have the worker take back what the import has added and changed, and nobody has touched since."""
    row, _ = _at_rest(tx, import_id, DONE, UNDONE, FAILED, STOPPED)
    return _hand_over(tx, row, UNDOING)


def _hand_over(tx: Tx, row: ClientImport, state: str) -> ClientImport:
    if state != UNDOING:
        has_cards = has_begun(tx, row)
        if has_cards and state == CHECKING:
            raise RuleBroken("clients.import.begun")
        if not has_cards:  # a failed one goes on where it stopped
            tx.run(delete(ImportRow).where(ImportRow.import_id == row.id))
            tx.run(delete(ImportCells).where(ImportCells.import_id == row.id, ~ImportCells.is_mended))
            row.cursor, row.counts = 0, {}
    else:
        row.cursor = 0
    row.state, row.error, row.error_params, row.finished_at = state, "", {}, None
    tx.session.flush()
    jobs.enqueue(tx, JOB, key=f"{JOB}:{row.id}", import_id=row.id, employee_id=tx.actor.id)
    tx.announce(f"import:{row.id}")
    return row


def _at_rest(tx: Tx, import_id: int, *states: str) -> tuple[ClientImport, ImportKind]:
    row, kind = need_import(tx, import_id)
    if row.state in AT_WORK:
        raise RuleBroken("clients.import.at_work")
    if row.state not in states:
        raise RuleBroken("clients.import.over")
    return row, kind


def own_fields(tx: Tx, kind: ImportKind) -> list[Definition]:
    """The company's own fields of every card of a kind."""
    return kind.definitions(definitions(tx, kind.card))


def own_targets(tx: Tx, kind: ImportKind) -> dict[str, str]:
    """Custom fields that columns can feed: folded name → "fields.key"."""
    fields = [f for f in own_fields(tx, kind) if is_written(tx.actor, f) and f.kind not in importer.NOT_IMPORTED]
    return {fold(name): field.full for field in fields for name in (field.name_ru, field.name_en) if name}


def _checked_mapping(tx: Tx, kind: ImportKind, row: ClientImport, mapping: list[str]) -> list[str]:
    known = {"", *_feedable(tx, kind, row.source)}
    if len(mapping) != len(row.mapping) or not known.issuperset(mapping):
        raise BadInput("clients.import.bad_mapping", field="mapping")
    return mapping


def _check_mode(tx: Tx, kind: ImportKind, options: Mapping[str, Any]) -> None:
    if options.get("mode", CREATE) != CREATE and not tx.actor.may(f"{kind.card}.change"):
        raise Forbidden("clients.import.may_not_change", field="mode")
    if options.get("key", "") not in ("", *kind.keys):
        raise BadInput("clients.import.bad_key", field="key")
    if options.get("key", "") in tx.actor.hidden.get(kind.card, frozenset()):
        raise Forbidden("clients.import.hidden_key", field="key")


def _feedable(tx: Tx, kind: ImportKind, source: str) -> set[str]:
    """Fields that columns can feed, by who acts."""
    plain = {field.name for field in importer.sources()[source].fields(kind.card)} - _locked(tx, kind.card)
    return {*plain, *own_targets(tx, kind).values()}


def _check_defaults(tx: Tx, kind: ImportKind, row: ClientImport, defaults: Mapping[str, str]) -> None:
    own = {name for name in defaults if name.startswith(OWN)}
    if not {*kind.defaults, *own}.issuperset(defaults) or not _feedable(tx, kind, row.source).issuperset(defaults):
        raise BadInput("clients.import.bad_default", field="defaults")
    given_values(kind, own_fields(tx, kind), defaults)


def _locked(tx: Tx, card: str) -> set[str]:
    """Fields of a card that columns can't feed, since the actor may not change them."""
    locked = tx.actor.locked(card)
    return {*locked, *({"responsible"} if "responsible_id" in locked else ())}


def _check_responsible(tx: Tx, kind: ImportKind, employee_id: int | None) -> None:
    working = select(Employee.id).where(Employee.id == employee_id, Employee.disabled_at.is_(None))
    if employee_id is not None and tx.scalar(working) is None:
        raise BadInput("cards.error.no_such_employee", field="responsible_id")
    if not reaches(tx.actor, f"{kind.card}.create", employee_id):
        raise Forbidden("clients.error.for_others", field="responsible_id")
