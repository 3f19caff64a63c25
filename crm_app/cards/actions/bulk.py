"""Many cards of one kind at once: those ticked, or all that a filter leaves; each that the actor may change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import Select, select, update

from crm_app.cards.actions.tags import need_tag
from crm_app.cards.events import TagsChanged
from crm_app.cards.filters import Filter
from crm_app.cards.merged import now_at
from crm_app.cards.models import Tagging
from crm_app.cards.queries.listed import Listed
from crm_app.cards.rights import is_reached, measured
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.core.errors import TooBig
from crm_app.core.events import Fact

MOST = 5_000
"""Cards that one bulk action changes: so many take about a second, during which nobody else can write."""


def reached(tx: Tx, permission: str, statement: Select[Any]) -> list[Any]:
    """The rows that the permission reaches, of those that a select names; each has its id and what
    `is_reached` asks for.

    Raises TooBig for more than MOST.
    """
    rows = tx.all(statement.limit(MOST + 1))
    check_count(rows)
    return [row for row in rows if is_reached(tx.actor, permission, row)]


def chosen(
    tx: Tx, permission: str, kind: Listed, ids: list[int] | None, where: Filter | None, q: str, *columns: Any
) -> list[Any]:
    """The cards that a bulk action is for: those of the ids, or without them all that a filter and a text leave.

    Gives rows of id, the columns and what `is_reached` asks for. Raises TooBig for more than MOST.
    """
    check_count(ids or ())
    asked = {column.key: column for column in (*columns, *measured(kind.model.__card__))}
    statement = select(kind.model.id, *asked.values())
    if ids is not None:
        return reached(tx, permission, statement.where(kind.model.id.in_(ids)))
    return reached(tx, permission, kind.matching(tx, statement, where, q))


def check_count(cards: Collection[Any]) -> None:
    """Raises TooBig for more than MOST."""
    if len(cards) > MOST:
        raise TooBig("cards.error.too_many", most=MOST)


def set_field(tx: Tx, model: Any, rows: Iterable[Any], field: str, value: Any, fact: Callable[..., Fact]) -> set[int]:
    """Give rows one value; gives the ids of those that had another one. fact: tells of the change of one card."""
    changing = {row.id: getattr(row, field) for row in rows if getattr(row, field) != value}
    if changing:
        values = {field: value, "version": model.version + 1, "updated_at": tx.now}
        tx.run(update(model).where(model.id.in_(changing)).values(values))
    for card_id, old in changing.items():
        tx.record(fact(card_id=card_id, changes={field: [old, value]}))
    return set(changing)


def tag_cards(tx: Tx, card: str, ids: Collection[int], name: str) -> set[int]:
    """Give cards one more tag; gives the ids of those that did not have it."""
    tag = need_tag(tx, name)
    tagged = select(Tagging.card_id).where(Tagging.card == card, Tagging.tag_id == tag.id)
    without = set(ids) - set(tx.all(tagged.where(Tagging.card_id.in_(ids))))
    if without:
        tx.add_many(Tagging, [{"card": card, "card_id": card_id, "tag_id": tag.id} for card_id in sorted(without)])
    if tag.owner_id == 0:
        for card_id in sorted(without):
            tx.record(TagsChanged(kind=card, card_id=card_id, added=[tag.name], removed=[]))
    tx.announce(f"{card}s")
    return without


def bin_cards(tx: Tx, model: Any, ids: list[int], fact: type[Fact]) -> None:
    """Move cards to the bin, out of the search index. fact: tells of one of them."""
    tx.run(update(model).where(model.id.in_(ids)).values(deleted_at=tx.now))
    search.drop(tx.session, model.__card__, ids)
    for card_id in ids:
        tx.record(fact(card_id=card_id))


def unbin_cards(tx: Tx, permission: str, model: Any, ids: list[int], fact: type[Fact]) -> list[Any]:
    """Take cards out of the bin that the permission reaches; gives their rows, to be put into the search index.

    Cards that were merged into others stay there.
    """
    check_count(ids)
    merged = now_at(tx, model.__card__, ids)
    with tx.with_bin():
        rows = tx.all(select(model).where(model.id.in_(ids), model.deleted_at.is_not(None)))
        rows = [row for row in rows if row.id not in merged and is_reached(tx.actor, permission, row)]
        for row in rows:
            row.deleted_at = None
        tx.session.flush()
    for row in rows:
        tx.record(fact(card_id=row.id))
    return rows
