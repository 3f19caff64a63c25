"""Who may import cards of a kind: a right for each, asked of by one set of actions for all."""

from __future__ import annotations

from crm_app.clients.import_kinds import IMPORT_KINDS, ImportKind
from crm_app.clients.models import ClientImport
from crm_app.core.actor import Actor
from crm_app.core.door import Tx
from crm_app.core.errors import Forbidden, NotFound


def imported_by(actor: Actor) -> list[str]:
    """Kinds of card that an actor may import. Raises Forbidden where there is none."""
    kinds = [card for card, kind in IMPORT_KINDS.items() if actor.may(kind.permission)]
    if not kinds:
        raise Forbidden()
    return kinds


def need_kind(actor: Actor, card: str) -> ImportKind:
    """How cards of a kind are imported. Raises Forbidden for who may not, NotFound where there is no such kind."""
    if card not in IMPORT_KINDS:
        raise NotFound()
    if card not in imported_by(actor):
        raise Forbidden()
    return IMPORT_KINDS[card]


def need_import(tx: Tx, import_id: int) -> tuple[ClientImport, ImportKind]:
    """One of the actor's own imports. Raises Forbidden, NotFound."""
    imported_by(tx.actor)
    row = tx.need(ClientImport, import_id)
    return row, need_kind(tx.actor, row.card)
