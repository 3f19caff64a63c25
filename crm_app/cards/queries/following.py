"""Who follows a card, and who could."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm_app.cards.followed import followers_of, need_followed
from crm_app.cards.kinds import KINDS
from crm_app.cards.queries.rights import Viewer, staff_of
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.folding import fold

MOST_FOUND = 20


@dataclass(frozen=True)
class FollowerRow:
    """An employee who follows a card, or who could. role: as people call it."""

    id: int
    name: str
    role: str


@dataclass(frozen=True)
class Followers:
    """Who follows a card. may_change: whether one may say which colleagues do."""

    rows: list[FollowerRow] = field(default_factory=list)
    is_followed: bool = False
    may_change: bool = False


@query(LOGGED_IN)
def list_followers(tx: Tx, card: str, card_id: int) -> Followers:
    """Those who are told of what happens to a card, by name. Who sees it no more is told nothing, and not listed.

    Raises NotFound.
    """
    row = need_followed(tx, card, card_id)
    ids = followers_of(tx, card, card_id)
    rows = [_row(each) for each in staff_of(tx, KINDS[card], row) if each.is_seen and each.id in ids] if ids else []
    may_change = tx.actor.is_employee and tx.may_change(row)
    return Followers(_by_name(rows), tx.actor.is_employee and tx.actor.id in ids, may_change)


@query(LOGGED_IN)
def find_followers(tx: Tx, card: str, card_id: int, words: str = "") -> list[FollowerRow]:
    """Employees who see a card and don't follow it, by name: the first of them. Raises NotFound."""
    row = need_followed(tx, card, card_id)
    if not tx.actor.is_employee or not tx.may_change(row):
        return []
    ids, said = followers_of(tx, card, card_id), fold(words.strip())
    staff = staff_of(tx, KINDS[card], row)
    others = [_row(each) for each in staff if each.is_seen and each.id not in ids and said in fold(each.name)]
    return _by_name(others)[:MOST_FOUND]


def may_follow(tx: Tx, card: str, row: Any, employee_id: int) -> bool:
    """Whether somebody who works here sees a card."""
    return any(each.id == employee_id and each.is_seen for each in staff_of(tx, KINDS[card], row))


def _row(viewer: Viewer) -> FollowerRow:
    return FollowerRow(viewer.id, viewer.name, viewer.role)


def _by_name(rows: list[FollowerRow]) -> list[FollowerRow]:
    return sorted(rows, key=lambda row: (fold(row.name), row.id))
