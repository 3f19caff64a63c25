"""Many cards given a tag, a group or one's star at once, or rid of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select

from crm_app.cards import rules
from crm_app.cards.actions.bulk_operations import (
    OPERATIONS,
    Arguments,
    Back,
    Before,
    Done,
    Operation,
    ids_in,
    outcome,
    refused,
    sort_out,
)
from crm_app.cards.actions.groups import add_group
from crm_app.cards.actions.tags import need_tag
from crm_app.cards.bulk_cards import BulkCards
from crm_app.cards.bulk_rules import SINCE
from crm_app.cards.events import GroupsChanged, TagsChanged
from crm_app.cards.models import Favourite, Group, GroupMember, Tag, Tagging
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, NotFound
from crm_app.core.folding import fold


class Tie(Operation):
    """Something that a card has or does not have, in a table of its own. puts: given to cards, else taken off them."""

    model: Any

    def __init__(self, *, puts: bool) -> None:
        self.puts = puts

    @abstractmethod
    def columns(self, tx: Tx, arguments: Arguments) -> dict[str, Any]:
        """What names the tie beside the card: columns of its table."""

    def tell(self, tx: Tx, card: str, ids: list[int], arguments: Arguments, is_put: bool) -> None:
        """Tell of it on timelines, where others see it."""

    def do(self, tx: Tx, cards: BulkCards, arguments: Arguments, ids: list[int]) -> Done:
        mine, counts = sort_out(tx, cards, self.right, ids)
        tied = self._tied(tx, cards.card, arguments, mine)
        going = sorted(set(mine) - tied if self.puts else tied)
        self._turn(tx, cards.card, arguments, going, self.puts)
        return outcome(dict.fromkeys(going), len(mine) - len(going), counts)

    def undo(self, tx: Tx, cards: BulkCards, arguments: Arguments, before: Before) -> Back:
        ids = ids_in(before)
        left = refused(tx, cards, self.right, ids)
        there = sorted(set(ids) - left.keys())
        tied = self._tied(tx, cards.card, arguments, there)
        going = [card_id for card_id in there if (card_id in tied) is self.puts]
        left |= dict.fromkeys(set(there) - set(going), SINCE)
        self._turn(tx, cards.card, arguments, going, not self.puts)
        return Back(len(going), left)

    def _tied(self, tx: Tx, card: str, arguments: Arguments, ids: list[int]) -> set[int]:
        return set(tx.all(select(self.model.card_id).where(*self._which(tx, card, arguments, ids)))) if ids else set()

    def _turn(self, tx: Tx, card: str, arguments: Arguments, ids: list[int], is_put: bool) -> None:
        if ids and is_put:
            shared = {"card": card, **self.columns(tx, arguments)}
            tx.add_many(self.model, [{**shared, "card_id": card_id} for card_id in ids])
        elif ids:
            tx.run(delete(self.model).where(*self._which(tx, card, arguments, ids)))
        self.tell(tx, card, ids, arguments, is_put)
        tx.announce(f"{card}s")

    def _which(self, tx: Tx, card: str, arguments: Arguments, ids: Iterable[int]) -> list[Any]:
        named = self.columns(tx, arguments).items()
        mine = [getattr(self.model, name) == value for name, value in named]
        return [self.model.card == card, self.model.card_id.in_(ids), *mine]


def _name_in(arguments: Arguments) -> str:
    """Raises BadInput for a name that is no text."""
    name = arguments.get("name", "")
    if not isinstance(name, str):
        raise BadInput("core.error.bad_arguments", fields="name")
    return name


class OfTag(Tie):
    """A tag by its name; a new name becomes a tag as it does on one card. Who sees a card may tag it."""

    right = "see"
    model = Tagging

    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        name = _name_in(arguments)
        known = tx.one(select(Tag).where(Tag.key == fold(rules.clean_tag(name))).order_by(Tag.owner_id.desc()))
        if known is None and not self.puts:
            raise NotFound()
        tag = known or need_tag(tx, name)
        return {"name": tag.name, "id": tag.id, "is_shared": tag.owner_id == 0}

    def columns(self, tx: Tx, arguments: Arguments) -> dict[str, Any]:
        return {"tag_id": tx.need(Tag, arguments["id"]).id}

    def tell(self, tx: Tx, card: str, ids: list[int], arguments: Arguments, is_put: bool) -> None:
        if arguments["is_shared"]:
            names = [arguments["name"]]
            added, removed = (names, []) if is_put else ([], names)
            for card_id in ids:
                tx.record(TagsChanged(kind=card, card_id=card_id, added=added, removed=removed))


class OfGroup(Tie):
    """A group by its name; a new name is a new group of one's own. Who sees a card may put it into a group."""

    right = "see"
    model = GroupMember

    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        name = _name_in(arguments)
        known = select(Group).where(Group.card == cards.card, Group.key == fold(rules.clean_shelf_name(name)))
        group = tx.one(known.order_by(Group.owner_id.desc())) if not self.puts else None
        if group is None and not self.puts:
            raise NotFound()
        group = group or add_group(tx, cards.card, name)
        return {"name": group.name, "id": group.id, "is_shared": group.owner_id == 0}

    def columns(self, tx: Tx, arguments: Arguments) -> dict[str, Any]:
        return {"group_id": tx.need(Group, arguments["id"]).id}

    def tell(self, tx: Tx, card: str, ids: list[int], arguments: Arguments, is_put: bool) -> None:
        tx.announce(f"filters:{card}")
        if arguments["is_shared"]:
            names = [arguments["name"]]
            added, removed = (names, []) if is_put else ([], names)
            for card_id in ids:
                tx.record(GroupsChanged(kind=card, card_id=card_id, added=added, removed=removed))


class OfStar(Tie):
    """One's own star."""

    right = "see"
    model = Favourite

    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        return {}

    def columns(self, tx: Tx, arguments: Arguments) -> dict[str, Any]:
        return {"employee_id": tx.actor.id}


OPERATIONS |= {
    "tag": OfTag(puts=True), "untag": OfTag(puts=False),
    "group": OfGroup(puts=True), "ungroup": OfGroup(puts=False),
    "star": OfStar(puts=True), "unstar": OfStar(puts=False),
}  # fmt: skip
