"""A merge taken back within thirty days, and forgotten after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crm_app.cards.kinds import KINDS
from crm_app.cards.merged import now_at
from crm_app.cards.models import CardMerge
from crm_app.cards.rights import is_reached
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden, NotFound, RuleBroken
from crm_app.core.jobs import Run
from crm_app.core.policy import past_the_policies
from crm_app.duplicates import rules
from crm_app.duplicates.actions.pairs import tell_apart
from crm_app.duplicates.comparing import WAYS, put_values, told, ways_of
from crm_app.duplicates.events import CardSplit
from crm_app.duplicates.guests import move_guest_back
from crm_app.duplicates.kinds import Mergeable, need_mergeable
from crm_app.duplicates.moving import move_back
from crm_app.duplicates.snapshots import FIELDS, read

_BY_ITSELF = {"version", "updated_at", "deleted_at", "fields"}
"""Columns of which a split says by itself what becomes of them."""


@dataclass(frozen=True)
class Split:
    """Two cards again. left: fields of the kept one that stay as they are, since they were changed after the merge."""

    card: str
    kept_id: int
    absorbed_id: int
    left: list[str]


@action(LOGGED_IN)
def split_cards(tx: Tx, merge_id: int) -> Split:
    """Take a merge back: both cards are as they were before it.

    What people have changed since stays on the card that was kept, and so does what they have added since. Asks for
    the right to change both. Raises RuleBroken after thirty days, twice, while a later merge of the card stands, and
    while that is in the bin.
    """
    merge = tx.need(CardMerge, merge_id)
    kind = need_mergeable(merge.card)
    snapshot = _snapshot(tx, merge)
    kept, absorbed = _both(tx, kind, merge)
    left, changes = _change_back(tx, kind, kept, snapshot)
    absorbed.deleted_at = None
    merge.split_at, merge.snapshot = tx.now, None
    with past_the_policies(tx.session):
        tx.session.flush()
        move_guest_back(tx, snapshot["guests"])
    move_back(tx, merge.card, merge.kept_id, merge.absorbed_id, snapshot)
    kind.index(tx, kept)
    kind.index(tx, absorbed)
    tell_apart(tx, merge.card, merge.kept_id, merge.absorbed_id)
    _record(tx, merge, changes)
    return Split(merge.card, merge.kept_id, merge.absorbed_id, left)


@action("merge.forget")
def forget_merge(tx: Tx, run: Run) -> None:
    """Forget what a merge has moved and changed: it can't be taken back any more. The old id goes on answering."""
    merge = tx.find(CardMerge, run.arguments["merge_id"])
    if merge is not None:
        merge.snapshot = None
    run.finish(tx)


def _snapshot(tx: Tx, merge: CardMerge) -> dict[str, Any]:
    """What the merge has changed. Raises RuleBroken where it can't be taken back, or not yet."""
    if merge.split_at is not None:
        raise RuleBroken("duplicates.error.split_already")
    if merge.snapshot is None or tx.now > merge.until:
        raise RuleBroken("duplicates.error.too_late", n=rules.CAN_BE_SPLIT_FOR.days)
    later = select(CardMerge.absorbed_name).where(CardMerge.card == merge.card, CardMerge.kept_id == merge.kept_id)
    name = tx.one(later.where(CardMerge.id > merge.id, CardMerge.split_at.is_(None)).order_by(CardMerge.id.desc()))
    if name is not None:
        raise RuleBroken("duplicates.error.later_first", name=name)
    return merge.snapshot


def _both(tx: Tx, kind: Mergeable, merge: CardMerge) -> tuple[Any, Any]:
    model: Any = KINDS[kind.card].model
    kept = tx.find(model, merge.kept_id)
    if kept is None:
        _refuse_gone(tx, kind, merge)
    with tx.with_bin():
        absorbed = tx.need(model, merge.absorbed_id)
    if not all(is_reached(tx.actor, f"{kind.card}.change", row) for row in (kept, absorbed)):
        raise Forbidden("duplicates.error.not_yours")
    return kept, absorbed


def _refuse_gone(tx: Tx, kind: Mergeable, merge: CardMerge) -> None:
    """Raises RuleBroken where the card that was kept is in the bin, or has itself gone into one that the actor sees."""
    model = KINDS[kind.card].model
    standing = tx.find(model, now_at(tx, kind.card, [merge.kept_id]).get(merge.kept_id))
    if standing is not None:
        raise RuleBroken("duplicates.error.later_first", name=KINDS[kind.card].title_of(standing))
    with tx.with_bin():
        if tx.find(model, merge.kept_id) is None:
            raise NotFound()
    raise RuleBroken("duplicates.error.kept_in_bin")


def _change_back(
    tx: Tx, kind: Mergeable, kept: Any, snapshot: dict[str, Any]
) -> tuple[list[str], dict[str, list[Any]]]:
    """Give the kept card its former values; gives the fields that were changed since, and what changes."""
    before, after = _flat(snapshot["before"]), _flat(snapshot["after"])
    ways = ways_of(tx, kind.card, kept.id)
    moved = {name: (before.get(name), after.get(name)) for name in before.keys() | after.keys()}
    moved = {name: pair for name, pair in moved.items() if pair[0] != pair[1] and name not in _BY_ITSELF}
    now = {name: read(kept, name) for name in moved}
    values = {name: rules.taken_apart(*pair, now[name]) for name, pair in moved.items()}
    for name in WAYS:
        if name in snapshot["ways"]:
            moved[name], now[name] = tuple(snapshot["ways"][name]), ways[name]
            values[name] = rules.taken_apart(*moved[name], ways[name])
    is_untouched = kept.version == snapshot["after"]["version"]
    put_values(tx, kind, kept, {name: value for name, value in values.items() if value != now[name]})
    kept.version = snapshot["before"]["version"] if is_untouched else kept.version + 1
    if is_untouched:
        put_values(tx, kind, kept, {"updated_at": snapshot["before"]["updated_at"]})
    else:
        kept.updated_at = tx.now
    shown = {name for name in values if name in kind.fields or name in WAYS or name.startswith(FIELDS)}
    left = sorted(name for name in shown if now[name] != moved[name][1])
    changes = {name: [told(name, now[name]), told(name, values[name])] for name in shown if values[name] != now[name]}
    return left, changes


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Columns of a row, each custom field by itself."""
    return row | {FIELDS + key: value for key, value in row["fields"].items()}


def _record(tx: Tx, merge: CardMerge, changes: dict[str, list[Any]]) -> None:
    one = {"card_id": merge.kept_id, "other_id": merge.absorbed_id, "name": merge.absorbed_name}
    tx.record(CardSplit(kind=merge.card, **one, changes=changes or None))
