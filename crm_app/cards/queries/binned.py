"""The bin: cards of every kind that were deleted and that the actor may see, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from crm_app.access.models import Employee
from crm_app.cards.bins import BINS, binned, days_kept, need_bin
from crm_app.cards.kinds import KINDS
from crm_app.cards.merged import now_at
from crm_app.cards.rights import is_reached, measured
from crm_app.core.actor import LOGGED_IN
from crm_app.core.db import folded
from crm_app.core.door import Tx, query
from crm_app.core.errors import Forbidden
from crm_app.core.events import FactRow
from crm_app.core.folding import fold
from crm_app.core.paging import Order, Page
from crm_app.core.policy import past_the_policies

MOST, COUNTED = 200, 10_000
LONGEST_TEXT = 200


@dataclass(frozen=True)
class BinRow:
    """A deleted card. deleted_by: who did it, "" where nobody knows; may_restore: who asks, that is.

    goes_at: when it is removed for good; None for never.
    """

    id: int
    title: str
    deleted_at: datetime
    deleted_by: str
    goes_at: datetime | None
    may_restore: bool


@query(LOGGED_IN)
def list_bins(tx: Tx) -> dict[str, int]:
    """How many deleted cards of each kind the actor sees, up to COUNTED; kinds that they may not look at are absent."""
    return {card: count_bin(tx, card) for card in KINDS if card in BINS and _may_look(tx, card)}


@query(LOGGED_IN)
def list_bin(tx: Tx, card: str, q: str = "", after: str = "", limit: int = 50) -> Page[BinRow]:
    """Deleted cards of a kind, the latest first. q: words of their names; after: `next` of the page before."""
    permission = _need_look(tx, card)
    model, limit = KINDS[card].model, min(limit, MOST)
    columns = [c for c in measured(card) if c.key not in ("id", "deleted_at")]
    wanted = binned(card, model.id, KINDS[card].title.label("title"), model.deleted_at, *columns)
    order = Order.parse("-deleted_at", {"deleted_at": (model.deleted_at,)}, model.id)
    with tx.with_bin():
        rows, next_ = order.page(tx, wanted.where(*named(card, q)), after, limit)
    merged, who, days = now_at(tx, card, [row.id for row in rows]), _who(tx, card, [r.id for r in rows]), days_kept(tx)
    lines = [
        BinRow(
            row.id, str(row.title), row.deleted_at, who.get(row.id, ""),
            row.deleted_at + timedelta(days=days) if days else None, is_reached(tx.actor, permission, row),
        )
        for row in rows if row.id not in merged
    ]  # fmt: skip
    return Page(lines, next_)


@query(LOGGED_IN)
def count_bin(tx: Tx, card: str, q: str = "") -> int:
    """How many deleted cards of a kind there are, up to COUNTED."""
    _need_look(tx, card)
    some = binned(card, KINDS[card].model.id).where(*named(card, q)).limit(COUNTED).subquery()
    with tx.with_bin():
        return int(tx.scalar(select(func.count()).select_from(some)))


@query(LOGGED_IN)
def see_days_kept(tx: Tx) -> int:
    """After how many days in the bin cards are removed for good; 0 for never."""
    return days_kept(tx)


def those_reached(tx: Tx, card: str, ids: list[int], *, in_bin: bool) -> list[int]:
    """Those of the cards that are in the bin, or are not, and the actor's to move out of it or into it; by id."""
    permission, model = f"{card}.{need_bin(card).right}", KINDS[card].model
    is_there = model.deleted_at.is_not(None) if in_bin else model.deleted_at.is_(None)
    merged = now_at(tx, card, ids)
    with tx.with_bin():
        rows = tx.all(select(model.id, *measured(card)).where(model.id.in_(ids), is_there))
    return sorted(row.id for row in rows if row.id not in merged and is_reached(tx.actor, permission, row))


def _may_look(tx: Tx, card: str) -> bool:
    return tx.actor.is_employee and tx.actor.may(f"{card}.see")


def _need_look(tx: Tx, card: str) -> str:
    """The permission that takes cards of a kind out of the bin. Raises NotFound, Forbidden for who sees none."""
    kind = need_bin(card)
    if not _may_look(tx, card):
        raise Forbidden()
    return f"{card}.{kind.right}"


def named(card: str, q: str) -> list[ColumnElement[bool]]:
    """The search index does not know deleted cards: they are found by their names."""
    title = folded(KINDS[card].title)
    return [title.contains(word, autoescape=True) for word in fold(q[:LONGEST_TEXT]).split()]


def _who(tx: Tx, card: str, ids: list[int]) -> dict[int, str]:
    """The names of those who deleted some cards, by card."""
    fact = BINS[card].removed.__name__
    told = (FactRow.card == card, FactRow.card_id.in_(ids), FactRow.name == fact, FactRow.actor_kind == "employee")
    last = select(func.max(FactRow.id)).where(*told).group_by(FactRow.card_id)
    named = select(FactRow.card_id, Employee.name).join(Employee, Employee.id == FactRow.actor_id)
    with past_the_policies(tx.session):  # facts of a card go out of sight with it; that it is seen was asked above
        return {row.card_id: row.name for row in tx.all(named.where(FactRow.id.in_(last)))} if ids else {}
