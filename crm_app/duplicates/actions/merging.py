"""Two cards of a kind made one."""

from __future__ import annotations

from typing import Any

from crm_app.cards.kinds import KINDS
from crm_app.cards.merged import now_at
from crm_app.cards.models import CardMerge
from crm_app.cards.rights import check_kept
from crm_app.core import jobs, search
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, Forbidden, NotFound, RuleBroken
from crm_app.core.policy import past_the_policies
from crm_app.duplicates import rules
from crm_app.duplicates.comparing import WAYS, compare, merged_values, put_values, told, ways_of
from crm_app.duplicates.events import CardsMerged, ValuesLeft
from crm_app.duplicates.guests import move_guest
from crm_app.duplicates.kinds import Mergeable, need_mergeable
from crm_app.duplicates.moving import move_rows
from crm_app.duplicates.queries import may_merge
from crm_app.duplicates.rules import Compared, Side
from crm_app.duplicates.snapshots import row_json

FORGET = "duplicates.forget"
"""The job that forgets what a merge has changed, when it can't be taken back any more."""


@action(LOGGED_IN)
def merge_cards(
    tx: Tx,
    card: str,
    kept_id: int,
    absorbed_id: int,
    choices: dict[str, Side] | None = None,
    versions: tuple[int, int] | None = None,
) -> CardMerge:
    """Make two cards one: all that belongs to the second goes to the first, and its id answers with the first.

    choices: whose value a field takes, "kept", "absorbed" or, of phones and the like, "both"; what is left out takes
    what is proposed (rules.default_side). versions: of the two as they were seen. Asks for the right to change both
    and to delete the one that goes. Raises RuleBroken where one has been changed, or merged, meanwhile.
    """
    kind = need_mergeable(card)
    kept, absorbed = _both(tx, kind, kept_id, absorbed_id)
    if not may_merge(tx, kind, kept, absorbed):
        raise Forbidden("duplicates.error.not_yours")
    if versions is not None and versions != (kept.version, absorbed.version):
        raise RuleBroken("core.error.conflict")
    fields = compare(tx, kind, kept, absorbed)
    sides = rules.sides(fields, choices or {}, tx.actor.locked(card))
    values = merged_values(fields, sides)
    was = {name: [getattr(kept, name), value] for name, value in values.items() if hasattr(kept, name)}
    snapshot = _change(tx, kind, kept, absorbed, values)
    check_kept(tx.actor, f"{card}.change", kept, was)
    merge = tx.add(_merge_of(tx, kind, kept, absorbed))
    snapshot |= _bring_over(tx, kind, kept, absorbed)
    merge.snapshot = snapshot
    jobs.enqueue(tx, FORGET, run_at=merge.until, merge_id=merge.id)
    _record(tx, merge, fields, sides)
    return merge


def _both(tx: Tx, kind: Mergeable, kept_id: int, absorbed_id: int) -> tuple[Any, Any]:
    """The two cards, locked in the same order by whoever merges them at the same time."""
    if kept_id == absorbed_id:
        raise BadInput("duplicates.error.same_card", field="absorbed_id")
    model = KINDS[kind.card].model
    found = {card_id: tx.find(model, card_id) for card_id in sorted((kept_id, absorbed_id))}
    for card_id, row in found.items():
        if row is None:
            _refuse_gone(tx, kind, card_id)
    return found[kept_id], found[absorbed_id]


def _refuse_gone(tx: Tx, kind: Mergeable, card_id: int) -> None:
    """Raises RuleBroken where a card was merged into one that the actor sees, else NotFound."""
    now = now_at(tx, kind.card, [card_id]).get(card_id)
    standing = tx.find(KINDS[kind.card].model, now)
    if standing is None:
        raise NotFound()
    raise RuleBroken("duplicates.error.merged_already", name=KINDS[kind.card].title_of(standing), id=now)


def _change(tx: Tx, kind: Mergeable, kept: Any, absorbed: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Give the card that stays its values; gives what it was and is, for the snapshot."""
    before, ways = row_json(kept), ways_of(tx, kind.card, kept.id)
    along = {kind.along[name]: row_json(absorbed)[kind.along[name]] for name in values if name in kind.along}
    put_values(tx, kind, kept, values | along)
    kept.version += 1
    kept.updated_at = tx.now
    absorbed.deleted_at = tx.now
    tx.session.flush()
    kind.check(tx, kept, absorbed)
    changed = {name: [ways[name], values[name]] for name in WAYS if name in values}
    return {"before": before, "after": row_json(kept), "ways": changed}


def _bring_over(tx: Tx, kind: Mergeable, kept: Any, absorbed: Any) -> dict[str, Any]:
    with past_the_policies(tx.session):
        guests = move_guest(tx, kind.card, kept.id, absorbed.id)
    moves = move_rows(tx, kind.card, kept.id, absorbed.id)
    search.drop(tx.session, kind.card, [absorbed.id])
    kind.index(tx, kept)
    return {"moved": moves.moved, "changed": moves.changed, "guests": guests}


def _merge_of(tx: Tx, kind: Mergeable, kept: Any, absorbed: Any) -> CardMerge:
    return CardMerge(
        card=kind.card, kept_id=kept.id, absorbed_id=absorbed.id, absorbed_name=KINDS[kind.card].title_of(absorbed),
        merged_by_id=tx.actor.id, merged_at=tx.now, until=tx.now + rules.CAN_BE_SPLIT_FOR,
    )  # fmt: skip


def _record(tx: Tx, merge: CardMerge, fields: list[Compared], sides: dict[str, Side]) -> None:
    both = {"kind": merge.card, "card_id": merge.kept_id, "other_id": merge.absorbed_id, "name": merge.absorbed_name}
    taken = {field.name: told(field.name, field.taken(sides[field.name])) for field in fields}
    changes = {f.name: [told(f.name, f.mine), taken[f.name]] for f in fields if f.taken(sides[f.name]) != f.mine}
    left = {f.name: [told(f.name, f.theirs), taken[f.name]] for f in fields if f.is_lost(sides[f.name])}
    tx.record(CardsMerged(**both, changes=changes or None))
    if left:
        tx.record(ValuesLeft(**both, changes=left))
