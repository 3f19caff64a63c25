"""Groups: sets of cards put together by hand. A card may be in many."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from crm_app.cards import rules
from crm_app.cards.events import GroupsChanged
from crm_app.cards.kinds import need_card
from crm_app.cards.lists import need_list
from crm_app.cards.models import Group, GroupMember
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden
from crm_app.core.folding import fold


@action(LOGGED_IN)
def add_group(tx: Tx, card: str, name: str) -> Group:
    """A group of one's own; the one of that name where one sees it already. Raises BadInput for a bad name."""
    need_list(tx, card)
    name = rules.clean_shelf_name(name)
    known = select(Group).where(Group.card == card, Group.key == fold(name)).order_by(Group.owner_id.desc())
    group = tx.one(known)
    if group is not None:
        return group
    mine = select(func.count()).where(Group.card == card, Group.owner_id == tx.actor.id)
    rules.check_shelf_has_room(int(tx.scalar(mine)))
    group = tx.add(Group(card=card, name=name, key=fold(name), owner_id=tx.actor.id, created_at=tx.now))
    tx.announce(f"filters:{card}")
    return group


@action(LOGGED_IN)
def change_group(tx: Tx, group_id: int, name: str | None = None, shared: bool | None = None) -> Group:
    """Call a group otherwise, or make it everyone's or one's own. Raises NotFound, Forbidden, BadInput."""
    group = tx.need(Group, group_id)
    tx.check_change(group)
    if name is not None:
        group.name = rules.clean_shelf_name(name)
        group.key = fold(group.name)
    if shared is not None and shared is not (group.owner_id == 0):
        if not tx.actor.may("filter.share"):
            raise Forbidden()
        group.owner_id = 0 if shared else tx.actor.id
    tx.announce(f"filters:{group.card}", f"{group.card}s")
    return group


@action(LOGGED_IN)
def remove_group(tx: Tx, group_id: int) -> None:
    """Take a group away, its cards stay; restore_group brings it back with them. Raises NotFound, Forbidden."""
    group = tx.need(Group, group_id)
    tx.check_change(group)
    group.deleted_at = tx.now
    tx.announce(f"filters:{group.card}", f"{group.card}s")


@action(LOGGED_IN)
def restore_group(tx: Tx, group_id: int) -> None:
    """Bring a removed group back, with its cards. Raises NotFound, Forbidden."""
    with tx.with_bin():
        group = tx.need(Group, group_id)
        tx.check_change(group)
        tx.run(update(Group).where(Group.id == group_id).values(deleted_at=None))
    tx.announce(f"filters:{group.card}", f"{group.card}s")


@action(LOGGED_IN)
def set_groups(tx: Tx, card: str, card_id: int, group_ids: list[int]) -> None:
    """Put a card into exactly these of the groups that one sees. Raises NotFound for a card or a group."""
    need_list(tx, card)
    need_card(tx, card, card_id)
    wanted = {group_id: _need_group(tx, card, group_id) for group_id in group_ids}
    of_card = select(Group).join(GroupMember, GroupMember.group_id == Group.id)
    current = {g.id: g for g in tx.all(of_card.where(GroupMember.card == card, GroupMember.card_id == card_id))}
    for group_id in sorted(wanted.keys() - current.keys()):
        tx.add(GroupMember(group_id=group_id, card=card, card_id=card_id))
    gone = current.keys() - wanted.keys()
    if gone:
        tx.run(delete(GroupMember).where(GroupMember.card_id == card_id, GroupMember.group_id.in_(gone)))
    added = [group.name for group_id, group in wanted.items() if group_id not in current and group.owner_id == 0]
    removed = [group.name for group_id, group in current.items() if group_id in gone and group.owner_id == 0]
    if added or removed:
        tx.record(GroupsChanged(kind=card, card_id=card_id, added=sorted(added), removed=sorted(removed)))
    tx.announce(f"{card}:{card_id}", f"{card}s")


@dataclass(frozen=True)
class Grouped:
    """What a bulk action put into a group: enough to take it back."""

    group_id: int
    ids: list[int]


def put_into_group(tx: Tx, group: Group, ids: set[int]) -> Grouped:
    """Put many cards that the actor sees into a group; those that were in it already are not told of."""
    inside = select(GroupMember.card_id).where(GroupMember.group_id == group.id, GroupMember.card_id.in_(ids))
    new = ids - set(tx.all(inside)) if ids else set()
    tx.add_many(GroupMember, [{"group_id": group.id, "card": group.card, "card_id": i} for i in sorted(new)])
    if group.owner_id == 0:
        for card_id in sorted(new):
            tx.record(GroupsChanged(kind=group.card, card_id=card_id, added=[group.name], removed=[]))
    tx.announce(f"{group.card}s", f"filters:{group.card}")
    return Grouped(group.id or 0, sorted(new))


@action(LOGGED_IN)
def take_out_of_group(tx: Tx, group_id: int, ids: list[int]) -> None:
    """Take cards out of a group: what takes a bulk action back. Raises NotFound for a group that one does not see."""
    group = tx.need(Group, group_id)
    inside = select(GroupMember.card_id).where(GroupMember.group_id == group_id, GroupMember.card_id.in_(ids))
    gone = tx.all(inside)
    tx.run(delete(GroupMember).where(GroupMember.group_id == group_id, GroupMember.card_id.in_(gone)))
    if group.owner_id == 0:
        for card_id in sorted(gone):
            tx.record(GroupsChanged(kind=group.card, card_id=card_id, added=[], removed=[group.name]))
    tx.announce(f"{group.card}s", f"filters:{group.card}")


def _need_group(tx: Tx, card: str, group_id: int) -> Group:
    group = tx.need(Group, group_id)
    if group.card != card:
        tx.need(Group, None)
    return group
