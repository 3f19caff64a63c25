"""What other tables know of the cards of a page: main phones and addresses, tags, one's own stars, who runs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, bindparam, literal, select, union_all

from crm_app.access.models import Employee
from crm_app.cards.models import CardEmail, CardPhone, Favourite, Tag, Tagging
from crm_app.core.door import Tx
from crm_app.core.keys import among

_CARD: Any = bindparam("card")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TIES = union_all(
    select(literal("phone").label("what"), CardPhone.card_id.label("id"), CardPhone.number.label("text")).where(
        CardPhone.card == _CARD, CardPhone.card_id.in_(_IDS), CardPhone.position == 0
    ),
    select(literal("email"), CardEmail.card_id, CardEmail.address).where(
        CardEmail.card == _CARD, CardEmail.card_id.in_(_IDS), CardEmail.position == 0
    ),
    select(literal("tag"), Tagging.card_id, Tag.name)
    .join(Tag, Tag.id == Tagging.tag_id)
    .where(Tagging.card == _CARD, Tagging.card_id.in_(_IDS)),
    select(literal("star"), Favourite.card_id, literal("")).where(
        Favourite.employee_id == bindparam("me"), Favourite.card == _CARD, Favourite.card_id.in_(_IDS)
    ),
    select(literal("responsible"), Employee.id, Employee.name).where(
        Employee.id.in_(bindparam("responsible", expanding=True))
    ),
)
"""Kept, so that it is built once; one question instead of five."""


@dataclass
class Ties:
    """By id of the card, and of the employee for `responsible`."""

    phone: dict[int, str] = field(default_factory=dict)
    email: dict[int, str] = field(default_factory=dict)
    tag: dict[int, list[str]] = field(default_factory=dict)
    star: set[int] = field(default_factory=set)
    responsible: dict[int, str] = field(default_factory=dict)

    def of(self, row: Any) -> dict[str, Any]:
        """What they say of one card, by the names that rows of lists have for it."""
        return {
            "phone": self.phone.get(row.id, ""), "email": self.email.get(row.id, ""),
            "tags": sorted(self.tag.get(row.id, ())), "is_starred": row.id in self.star,
            "responsible_id": row.responsible_id or 0, "responsible": self.responsible.get(row.responsible_id, ""),
        }  # fmt: skip


def ties_of(tx: Tx, card: str, rows: Iterable[Any]) -> Ties:
    """What other tables know of cards of one kind. rows: each with id and responsible_id."""
    rows = list(rows)
    ties = Ties()
    if not rows:
        return ties
    people = {row.responsible_id for row in rows if row.responsible_id}
    found = tx.all(_TIES, card=card, ids=[row.id for row in rows], me=tx.actor.id, responsible=people)
    for what, row_id, text in found:
        if what == "tag":
            ties.tag.setdefault(row_id, []).append(text)
        elif what == "star":
            ties.star.add(row_id)
        else:
            getattr(ties, what)[row_id] = text
    return ties


def tags_by_card(tx: Tx, card: str, ids: Iterable[int]) -> dict[int, list[str]]:
    """The tags of many cards by id, by name; who has none is not there."""
    found: dict[int, list[str]] = {}
    for card_id, name in tx.all(_TAGS, card=card, ids=ids):
        found.setdefault(card_id, []).append(name)
    return found


_TAGS = (
    select(Tagging.card_id, Tag.name)
    .join(Tag, Tag.id == Tagging.tag_id)
    .where(Tagging.card == _CARD, among(Tagging.card_id, "ids"))
    .order_by(Tag.name)
)
