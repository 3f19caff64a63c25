"""What stands at the left of a list: system filters, everyone's, one's own, groups; and how many cards each leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select

from crm_app.cards.filter_words import describe
from crm_app.cards.filters import Filter, compile_filter
from crm_app.cards.kinds import KINDS, need_card
from crm_app.cards.lists import CardList, asked_of, need_list
from crm_app.cards.models import Group, GroupMember, SavedFilter
from crm_app.core import i18n
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.errors import BadInput

COUNTED = 10_000
"""A filter of the shelf is counted up to here: beyond it, people read "more than"."""

Side = Literal["system", "shared", "own"]


@dataclass(frozen=True)
class ShelfFilter:
    """A filter of the shelf. id: of a saved one; 0 with a key: a system filter. words: its conditions, to be read.

    can_be_asked: by the reader; where not, words say why.
    """

    id: int
    key: str
    name: str
    side: Side
    conditions: Filter
    words: str
    may_change: bool
    can_be_asked: bool = True


@dataclass(frozen=True)
class ShelfGroup:
    """A group of the shelf, with the number of its cards that the reader sees."""

    id: int
    name: str
    side: Side
    count: int
    may_change: bool


@dataclass(frozen=True)
class Shelf:
    filters: list[ShelfFilter]
    groups: list[ShelfGroup]
    may_share: bool


@query(LOGGED_IN)
def see_shelf(tx: Tx, card: str) -> Shelf:
    """Filters and groups of one kind of card: the system's first, then everyone's, then one's own.

    Of everyone's, those that speak of what is kept from the actor are there only for whoever may change them.
    """
    card_list = need_list(tx, card)
    may_share = tx.actor.may("filter.share")
    system = [
        _face(tx, card_list, (0, each.key), i18n.text(each.label, tx.actor.locale), "system", each.conditions)
        for each in card_list.system
    ]
    labels = {preset.key: preset.label for preset in card_list.presets}
    rows = tx.all(select(SavedFilter).where(SavedFilter.card == card).order_by(SavedFilter.owner_id, SavedFilter.rank))
    saved = [
        _face(
            tx, card_list, (row.id, ""), row.name or _preset_name(tx, labels, row), _side(row.owner_id), row.conditions
        )
        for row in rows
    ]
    saved = [each for each in saved if each.can_be_asked or each.may_change]
    return Shelf([*system, *saved], list_groups(tx, card), may_share)


@query(LOGGED_IN)
def list_groups(tx: Tx, card: str, card_id: int = 0) -> list[ShelfGroup]:
    """Groups of a kind of card, or those that one card is in: everyone's first, by name.

    Raises NotFound for a card that the actor does not see.
    """
    need_list(tx, card)
    if card_id:
        need_card(tx, card, card_id)
    counted = select(func.count()).where(GroupMember.group_id == Group.id).correlate(Group).scalar_subquery()
    statement = select(Group.id, Group.name, Group.owner_id, counted.label("count")).where(Group.card == card)
    if card_id:
        statement = statement.where(
            Group.id.in_(select(GroupMember.group_id).where(GroupMember.card == card, GroupMember.card_id == card_id))
        )
    may_share = tx.actor.may("filter.share")
    return [
        ShelfGroup(row.id, row.name, _side(row.owner_id), row.count, may_share or row.owner_id != 0)
        for row in tx.all(statement.order_by(Group.owner_id != 0, Group.key, Group.id))
    ]


@query(LOGGED_IN)
def count_filters(tx: Tx, card: str, filter_ids: list[int], keys: list[str]) -> dict[str, int]:
    """How many cards filters leave, at most COUNTED + 1: by "7" for a saved filter, by its key for a system one.

    A filter that can't be asked any more is left out.
    """
    card_list = need_list(tx, card)
    asked: dict[str, Filter] = {each.key: each.conditions for each in card_list.system if each.key in keys}
    saved = select(SavedFilter.id, SavedFilter.conditions).where(SavedFilter.card == card)
    asked |= {str(row.id): row.conditions for row in tx.all(saved.where(SavedFilter.id.in_(filter_ids)))}
    counts: dict[str, int] = {}
    for name, conditions in asked.items():
        try:
            counts[name] = count_some(tx, card_list, conditions)
        except BadInput:
            continue
    return counts


def count_some(tx: Tx, card_list: CardList, conditions: Filter) -> int:
    """How many cards a filter leaves, at most COUNTED + 1."""
    model: Any = KINDS[card_list.card].model
    condition = compile_filter(tx, conditions, asked_of(tx, card_list, conditions), card_list.card)
    some = select(model.id).where(condition).limit(COUNTED + 1)
    return int(tx.scalar(select(func.count()).select_from(some.subquery())))


def _face(tx: Tx, card_list: CardList, key: tuple[int, str], name: str, side: Side, conditions: Filter) -> ShelfFilter:
    can_be_asked = True
    try:
        words = describe(tx, conditions, asked_of(tx, card_list, conditions), card_list.card)
    except BadInput as error:  # a field that is gone, or hidden from this reader
        words, can_be_asked = error.text(tx.actor.locale), False
    may_change = side == "own" or (side == "shared" and tx.actor.may("filter.share"))
    return ShelfFilter(key[0], key[1], name, side, conditions, words, may_change, can_be_asked)


def _preset_name(tx: Tx, labels: dict[str, str], row: SavedFilter) -> str:
    label = labels.get(row.preset)
    return i18n.text(label, tx.actor.locale) if label else row.preset


def _side(owner_id: int) -> Side:
    return "shared" if owner_id == 0 else "own"
