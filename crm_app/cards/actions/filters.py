"""Saved filters: one's own, and everyone's for who may share them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from crm_app.cards import rules
from crm_app.cards.events import FilterChanged, FilterRemoved, FilterSaved
from crm_app.cards.filters import Filter, compile_filter
from crm_app.cards.lists import LISTS, asked_of, need_list
from crm_app.cards.models import SavedFilter
from crm_app.core import installation, ranks
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden

SEEDED = "filters.presets"
"""The setting that names the presets which this company was given once: a removed one does not come back."""


@action(LOGGED_IN)
def save_filter(tx: Tx, card: str, name: str, conditions: Filter) -> SavedFilter:
    """Keep a filter under a name, as one's own. Raises BadInput for a bad name and for a filter that can't be asked."""
    conditions = _checked(tx, card, conditions)
    _check_room(tx, card)
    saved = SavedFilter(
        card=card,
        name=rules.clean_shelf_name(name),
        conditions=conditions,
        owner_id=tx.actor.id,
        rank=_last_rank(tx, card, tx.actor.id),
        created_at=tx.now,
    )
    tx.add(saved)
    tx.record(FilterSaved(kind=card, card_id=saved.id, name=saved.name))
    return saved


@action(LOGGED_IN)
def change_filter(
    tx: Tx, filter_id: int, name: str | None = None, conditions: dict[str, Any] | None = None
) -> SavedFilter:
    """Give a filter another name or other conditions. Raises NotFound, Forbidden for everyone's without the right."""
    saved = tx.need(SavedFilter, filter_id)
    tx.check_change(saved)
    changes: dict[str, list[Any]] = {}
    if name is not None and rules.clean_shelf_name(name) != saved.name:
        changes["name"] = [saved.name, rules.clean_shelf_name(name)]
        saved.name = changes["name"][1]
    if conditions is not None and conditions != saved.conditions:
        changes["conditions"] = [saved.conditions, conditions]
        saved.conditions = _checked(tx, saved.card, conditions)
    if changes:
        tx.record(FilterChanged(kind=saved.card, card_id=filter_id, changes=changes))
    return saved


@action(LOGGED_IN)
def place_filter(tx: Tx, filter_id: int, shared: bool, before_id: int | None = None) -> SavedFilter:
    """Put a filter among everyone's or among one's own, before another one there; without it, at the end.

    To share a filter, and to take everyone's for oneself, needs the right to. Raises NotFound, Forbidden.
    """
    saved = tx.need(SavedFilter, filter_id)
    tx.check_change(saved)
    owner_id = 0 if shared else tx.actor.id
    if saved.owner_id != owner_id:
        if not tx.actor.may("filter.share"):
            raise Forbidden()
        tx.record(FilterChanged(kind=saved.card, card_id=filter_id, changes={"owner_id": [saved.owner_id, owner_id]}))
    saved.rank = _rank_before(tx, saved, owner_id, before_id)
    saved.owner_id = owner_id
    tx.announce(f"filters:{saved.card}")
    return saved


@action(LOGGED_IN)
def remove_filter(tx: Tx, filter_id: int) -> None:
    """Take a filter away; restore_filter brings it back. Raises NotFound, Forbidden."""
    saved = tx.need(SavedFilter, filter_id)
    tx.check_change(saved)
    saved.deleted_at = tx.now
    tx.record(FilterRemoved(kind=saved.card, card_id=filter_id, name=saved.name))


@action(LOGGED_IN)
def restore_filter(tx: Tx, filter_id: int) -> None:
    """Bring a removed filter back. Raises NotFound, Forbidden."""
    with tx.with_bin():
        saved = tx.need(SavedFilter, filter_id)
        tx.check_change(saved)
        saved.deleted_at = None
        tx.session.flush()
    tx.record(FilterSaved(kind=saved.card, card_id=filter_id, name=saved.name))


@action("installation.set_up")
def sync_presets(tx: Tx) -> None:
    """Give the company the presets that it has not been given yet."""
    given = set(installation.get(tx, SEEDED, []))
    ready = [(card, preset) for card, card_list in sorted(LISTS.items()) for preset in card_list.presets]
    for card, preset in ready:
        if f"{card}.{preset.key}" not in given:
            rank = _last_rank(tx, card, 0)
            row = {"card": card, "preset": preset.key, "conditions": preset.conditions, "rank": rank}
            tx.add(SavedFilter(**row, created_at=tx.now))
            tx.announce(f"filters:{card}")
    installation.put(tx, SEEDED, sorted(given | {f"{card}.{preset.key}" for card, preset in ready}))


def _checked(tx: Tx, card: str, conditions: Filter) -> Filter:
    compile_filter(tx, conditions, asked_of(tx, need_list(tx, card), conditions), card)
    return conditions


def _check_room(tx: Tx, card: str) -> None:
    own = select(func.count()).where(SavedFilter.card == card, SavedFilter.owner_id == tx.actor.id)
    rules.check_shelf_has_room(int(tx.scalar(own)))


def _last_rank(tx: Tx, card: str, owner_id: int) -> str:
    last = select(func.max(SavedFilter.rank)).where(SavedFilter.card == card, SavedFilter.owner_id == owner_id)
    with tx.with_bin():
        return ranks.between(tx.scalar(last), None)


def _rank_before(tx: Tx, saved: SavedFilter, owner_id: int, before_id: int | None) -> str:
    of_side = (SavedFilter.card == saved.card, SavedFilter.owner_id == owner_id, SavedFilter.id != saved.id)
    following = tx.find(SavedFilter, before_id)
    if following is None or (following.card, following.owner_id) != (saved.card, owner_id):
        return _last_rank(tx, saved.card, owner_id)
    with tx.with_bin():
        previous = tx.scalar(select(func.max(SavedFilter.rank)).where(*of_side, SavedFilter.rank < following.rank))
    return ranks.between(previous, following.rank)
