"""What can be asked of duplicates: two cards side by side, and merges that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select, tuple_

from crm_app.access.models import Employee
from crm_app.cards.kinds import KINDS, need_card
from crm_app.cards.models import CardMerge
from crm_app.cards.rights import is_reached
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.duplicates import rules
from crm_app.duplicates.comparing import compare, told
from crm_app.duplicates.kinds import Mergeable, need_mergeable
from crm_app.duplicates.models import CardPair

PAGE, MOST = 50, 200
_BY = {"inn": "inn", "phones": "phone", "emails": "email"}
"""What two cards have in common, by its field."""


@dataclass(frozen=True)
class MergeRow:
    """A merge that can be taken back. may_split: by who asks."""

    id: int
    card: str
    kept_id: int
    absorbed_id: int
    absorbed_name: str
    merged_by: str
    merged_at: datetime
    until: datetime
    may_split: bool


@dataclass(frozen=True)
class SideBySide:
    """A field of two cards, as JSON. side: what is proposed; is_locked: the reader may not choose."""

    name: str
    mine: Any
    theirs: Any
    side: rules.Side
    joins: bool
    is_locked: bool


@dataclass(frozen=True)
class Comparison:
    """Two cards that may be made one. fields: those of which one is not empty, without hidden ones.

    versions: of both, for `merge_cards`.
    """

    __card__: ClassVar[str] = ""

    card: str
    kept_id: int
    kept_name: str
    absorbed_id: int
    absorbed_name: str
    versions: tuple[int, int]
    fields: list[SideBySide]
    may_merge: bool


@dataclass(frozen=True)
class PairRow:
    """Two cards that may be one. by: what they have in common."""

    id: int
    by: str
    one_id: int
    one: str
    other_id: int
    other: str
    responsible: str
    others_responsible: str


@query(LOGGED_IN)
def list_pairs(tx: Tx, card: str, after: tuple[int, int] = (-1, 0), limit: int = PAGE) -> list[PairRow]:
    """Pairs that nobody has judged, the surest first, of cards that the actor sees. after: sureness and id of the last.

    Pairs whose cards have gone since are not there, nor those by a field that is hidden from the actor.
    """
    need_mergeable(card)
    wanted = select(CardPair.id, CardPair.by, CardPair.one_id, CardPair.other_id)
    wanted = wanted.where(CardPair.card == card, CardPair.judged_at.is_(None))
    hidden = [by for field, by in _BY.items() if field in tx.actor.hidden.get(card, frozenset())]
    wanted = wanted.where(CardPair.by.not_in(hidden)) if hidden else wanted
    wanted = wanted.where(tuple_(CardPair.sureness, CardPair.id) > tuple_(*after))
    rows = tx.all(wanted.order_by(CardPair.sureness, CardPair.id).limit(min(limit, MOST)))
    names = _names(tx, card, {card_id for row in rows for card_id in (row.one_id, row.other_id)})
    return [
        PairRow(row.id, row.by, row.one_id, names[row.one_id][0], row.other_id, names[row.other_id][0],
                names[row.one_id][1], names[row.other_id][1])
        for row in rows
    ]  # fmt: skip


def _names(tx: Tx, card: str, ids: set[int]) -> dict[int, tuple[str, str]]:
    """What cards are called, and who runs them."""
    if not ids:
        return {}
    model: Any = KINDS[card].model
    wanted = select(model.id, KINDS[card].title, Employee.name.label("responsible"))
    wanted = wanted.outerjoin(Employee, Employee.id == model.responsible_id).where(model.id.in_(ids))
    is_told = "responsible_id" not in tx.actor.hidden.get(card, frozenset())
    return {row[0]: (row[1], (is_told and row.responsible) or "") for row in tx.all(wanted)}


@query(LOGGED_IN)
def compare_cards(tx: Tx, card: str, kept_id: int, absorbed_id: int) -> Comparison:
    """Two cards field by field, with what a merge would take. Raises NotFound."""
    kind = need_mergeable(card)
    kept, absorbed = need_card(tx, card, kept_id), need_card(tx, card, absorbed_id)
    hidden, locked = tx.actor.hidden.get(card, frozenset()), tx.actor.locked(card)
    fields = [
        SideBySide(f.name, told(f.name, f.mine), told(f.name, f.theirs), rules.default_side(f), f.joins,
                   f.name in locked)
        for f in compare(tx, kind, kept, absorbed)
        if f.name not in hidden and not (rules.is_empty(f.mine) and rules.is_empty(f.theirs))
    ]  # fmt: skip
    title = KINDS[card].title_of
    return Comparison(
        card, kept_id, title(kept), absorbed_id, title(absorbed), (kept.version, absorbed.version), fields,
        kept_id != absorbed_id and may_merge(tx, kind, kept, absorbed),
    )  # fmt: skip


@query(LOGGED_IN)
def list_merges(tx: Tx, card: str, card_id: int) -> list[MergeRow]:
    """Merges into a card that can be taken back, the latest first: only that one at once. Raises NotFound."""
    kind = need_mergeable(card)
    kept = need_card(tx, card, card_id)
    wanted = select(
        CardMerge.id, CardMerge.absorbed_id, CardMerge.absorbed_name, CardMerge.merged_at, CardMerge.until,
        Employee.name.label("merged_by"),
    )  # fmt: skip
    wanted = wanted.outerjoin(Employee, Employee.id == CardMerge.merged_by_id)
    standing = (CardMerge.split_at.is_(None), CardMerge.until > tx.now, CardMerge.snapshot.is_not(None))
    of_card = (CardMerge.card == card, CardMerge.kept_id == card_id)
    rows = tx.all(wanted.where(*of_card, *standing).order_by(CardMerge.id.desc()).limit(50))
    may = is_reached(tx.actor, f"{kind.card}.change", kept)
    return [
        MergeRow(row.id, card, card_id, row.absorbed_id, row.absorbed_name, row.merged_by or "", row.merged_at,
                 row.until, may and place == 0)
        for place, row in enumerate(rows)
    ]  # fmt: skip


def may_merge(tx: Tx, kind: Mergeable, kept: Any, absorbed: Any) -> bool:
    """Whether the actor may make the second card go into the first."""
    both = all(is_reached(tx.actor, f"{kind.card}.change", row) for row in (kept, absorbed))
    return both and is_reached(tx.actor, f"{kind.card}.delete", absorbed)
