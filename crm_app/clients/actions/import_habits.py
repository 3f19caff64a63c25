"""How a person wants files of a kind imported: kept when an import begins, proposed for the next file like it.

A program says with each file how it is wanted: what it brings follows no habit, and makes none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from crm_app.cards.custom_fields import definitions
from crm_app.clients.import_kinds import ImportKind
from crm_app.clients.import_updates import good_defaults
from crm_app.clients.importer import CLIENT, CREATE
from crm_app.clients.models import ClientImport, ImportHabit
from crm_app.core.door import Tx
from crm_app.core.errors import CrmError
from crm_app.core.folding import fold

SCREEN = "screen"
_KEPT = ("mode", "key", "duplicates", "type", "status", "defaults", "pipeline_id")


class Habit(NamedTuple):
    """What is proposed for a file: as ClientImport has it."""

    mapping: list[str]
    options: dict[str, Any]


def remember(tx: Tx, row: ClientImport) -> None:
    """Keep what an import's columns feed and how it is wanted."""
    if tx.actor.via != SCREEN:
        return
    shape = _shape(row.preview, row.card)
    habit = tx.find(ImportHabit, (row.employee_id, row.source, shape))
    if habit is None:
        habit = tx.add(ImportHabit(employee_id=row.employee_id, source=row.source, shape=shape))
    habit.mapping = list(row.mapping)
    habit.options = {name: row.options[name] for name in _KEPT if name in row.options}


def recall(tx: Tx, source: str, preview: Mapping[str, Any], allowed: Collection[str], kind: ImportKind) -> Habit | None:
    """The mapping and options of the last file with these headings; None where there was none.

    A field that is gone or locked by now is fed by no column, and who may not change cards any more adds them.
    """
    shape = _shape(preview, kind.card)
    habit = tx.find(ImportHabit, (tx.actor.id, source, shape)) if tx.actor.via == SCREEN else None
    if habit is None:
        return None
    options = {**habit.options, "remembered": True}
    hidden = tx.actor.hidden.get(kind.card, frozenset())
    if not tx.actor.may(f"{kind.card}.change") or options.get("key", "") in hidden:
        options |= {"mode": CREATE, "key": ""}
    try:
        kind.check_options(tx, options)
    except CrmError:  # the pipeline is gone, or not one's own any more
        options.pop("pipeline_id", None)
    own = kind.definitions(definitions(tx, kind.card))
    options["defaults"] = good_defaults(kind, own, options.get("defaults", {}), allowed)
    return Habit([field if field in allowed else "" for field in habit.mapping], options)


def _shape(preview: Mapping[str, Any], card: str) -> str:
    """What files of a kind have in common: their headings, and what they bring."""
    headings = [fold(column["heading"]) for column in preview["columns"]]
    headings += [f"→ {card}"] if card != CLIENT else []
    return sha256("\n".join(headings).encode()).hexdigest()[:40]
