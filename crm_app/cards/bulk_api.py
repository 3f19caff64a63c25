"""What programs do with many cards at once: one change, followed, stopped, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from crm_app.api.cursors import unseal
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import After, Body, Id, Limit, Listing, Words, page
from crm_app.cards.actions.bulk_changes import start_bulk, stop_bulk, undo_bulk
from crm_app.cards.actions.restoring import Restored, restore_cards
from crm_app.cards.api import Kind
from crm_app.cards.queries.binned import BinRow, list_bin
from crm_app.cards.queries.bulk_changes import BulkState, LeftCard, choose_cards, list_bulk, list_left, see_bulk
from crm_app.core import i18n
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput

endpoints = Endpoints()

MOST_IDS = 10_000


class BulkBody(Body):
    """One change of many cards: of those in `ids`, or of all that match `filter` and `q` now ({} for every one).

    arguments: set {"field", "value"}; tag, untag, group, ungroup {"name"}; move (deals alone) {"stage_id", "reason"};
    none for the others. in_bin: match cards in
    the bin, for restore.
    """

    card: Kind
    operation: Literal["set", "tag", "untag", "group", "ungroup", "star", "unstar", "move", "task", "remove", "restore"]
    arguments: dict[str, Any] = {}
    ids: Annotated[list[Id], Field(max_length=MOST_IDS)] | None = None
    filter: dict[str, Any] | None = None
    q: Annotated[str, Field(max_length=200)] = ""
    in_bin: bool = False


class RestoreBody(Body):
    """Cards of one kind that are to come out of the bin."""

    card: Kind
    ids: Annotated[list[Id], Field(max_length=200)]


class BulkJson(TypedDict):
    """A change of many cards. state: running, done, stopped, failed, undoing, undone.

    counts: cards changed, same (so already), not_yours, gone, refused (by a rule: see GET /bulk/{id}/left); after
    taking it back taken and left. undo_until: when it can't be taken back any more.
    """

    id: int
    card: str
    operation: str
    arguments: dict[str, Any]
    employee: str
    state: str
    total: int
    done: int
    counts: dict[str, int]
    error: str
    created_at: datetime
    finished_at: datetime | None
    undo_until: datetime | None
    may_undo: bool


@endpoints.post("/bulk", LOGGED_IN, status=201)
def change_many(tx: Tx, body: BulkBody) -> BulkJson:
    """Change many cards, with the same rights as one by one: what may not be changed is left out and counted.

    Up to 500 are done when the answer comes, more by the worker: ask GET /bulk/{id} while the state is running.
    """
    parts = None
    if body.ids is None and body.filter is None:
        raise BadInput("core.error.bad_arguments", fields="ids, filter")
    if body.ids is None:
        parts = seen(tx, choose_cards, card=body.card, where=body.filter or None, q=body.q, in_bin=body.in_bin)
    begun = tx.do(start_bulk, body.card, body.operation, dict(body.arguments), ids=body.ids, parts=parts)
    return _change(tx, begun.id)


@endpoints.get("/bulk", LOGGED_IN)
def list_bulk_changes(tx: Tx, after: After = "", limit: Limit = 50) -> Listing[BulkJson]:
    """Changes of many cards, the latest first: one's own; of everybody, for who sees the audit."""
    place = unseal("bulk", after)
    rows = seen(tx, list_bulk, before=int(place) if place else None, limit=limit)
    return page([_json(tx, row) for row in rows], "bulk", str(rows[-1].id) if len(rows) == limit else None)


@endpoints.get("/bulk/{bulk_id}", LOGGED_IN)
def see_bulk_change(tx: Tx, bulk_id: Id) -> BulkJson:
    """One change of many cards, as far as it has come."""
    return _change(tx, bulk_id)


@endpoints.post("/bulk/{bulk_id}/stop", LOGGED_IN)
def stop_bulk_change(tx: Tx, bulk_id: Id) -> BulkJson:
    """Stop a change: what is done stays, and can be taken back."""
    tx.do(stop_bulk, bulk_id)
    return _change(tx, bulk_id)


@endpoints.post("/bulk/{bulk_id}/undo", LOGGED_IN)
def take_bulk_change_back(tx: Tx, bulk_id: Id) -> BulkJson:
    """Make the cards what they were before, within 24 hours; those that have become otherwise since are left alone."""
    tx.do(undo_bulk, bulk_id)
    return _change(tx, bulk_id)


@endpoints.get("/bulk/{bulk_id}/left", LOGGED_IN)
def list_left_cards(tx: Tx, bulk_id: Id, after: After = "", limit: Limit = 50) -> Listing[LeftCard]:
    """Cards that a rule refused, with why, and those that were left alone as a change was taken back.

    reason: refused, since, not_yours or gone.
    """
    listing = f"bulk left {bulk_id}"
    rows = seen(tx, list_left, bulk_id=bulk_id, after=int(unseal(listing, after) or 0), limit=limit)
    return page(rows, listing, str(rows[-1].id) if len(rows) == limit else None)


@endpoints.get("/bin", LOGGED_IN)
def list_bin_of_cards(tx: Tx, card: Kind, q: Words = "", after: After = "", limit: Limit = 50) -> Listing[BinRow]:
    """Deleted cards of a kind that one may look at, the latest first."""
    listing = f"bin {card} {q}"
    found = seen(tx, list_bin, card=card, q=q, after=unseal(listing, after), limit=limit)
    return page(found.rows, listing, found.next)


@endpoints.post("/bin/restore", LOGGED_IN)
def take_out_of_bin(tx: Tx, body: RestoreBody) -> Restored:
    """Take cards out of the bin; those that are not one's own to restore stay. For more, POST /bulk with in_bin."""
    return tx.do(restore_cards, body.card, ids=body.ids)


def _change(tx: Tx, bulk_id: int | None) -> BulkJson:
    tx.session.flush()
    return _json(tx, seen(tx, see_bulk, bulk_id=bulk_id))


def _json(tx: Tx, row: BulkState) -> BulkJson:
    error = i18n.text(row.error, tx.actor.locale, **row.error_params) if row.error else ""
    told: dict[str, Any] = {name: getattr(row, name) for name in BulkJson.__annotations__ if name != "error"}
    return BulkJson(**told, error=error)  # type: ignore[typeddict-item]
