"""Filter fields that every kind of card has: tags, groups, one's own star, the responsible employee, text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from crm_app.access.models import Employee
from crm_app.cards.filters import ME, FilterField, read_id
from crm_app.cards.kinds import openly
from crm_app.cards.models import Favourite, Group, GroupMember, Tag, Tagging
from crm_app.core import i18n, search
from crm_app.core.door import Tx
from crm_app.core.folding import fold


def fields_of_every_card(card: str, card_id: Any) -> dict[str, FilterField]:
    """What each kind of card can be filtered by. card_id: the column of the card's id."""
    return {
        "id": FilterField("number", "cards.field.id", card_id),
        "tags": _tag_field(card, card_id),
        "star": _star_field(card, card_id),
        "text": _search_field(card, card_id),
    }


def _tag_field(card: str, card_id: Any) -> FilterField:
    """Tags by name: "has" one of them, or none."""

    def holds(_tx: Tx, name: str | None) -> ColumnElement[bool]:
        tagged = select(Tagging.card_id).where(Tagging.card == card)
        if name is not None:
            tagged = tagged.join(Tag, Tag.id == Tagging.tag_id).where(Tag.key == fold(name.lstrip("#")))
        return card_id.in_(tagged)

    return FilterField("set", "cards.field.tags", holds=holds)


def group_field(card: str, card_id: Any) -> FilterField:
    """Groups by id: in one of them, or in none. card_id: the column of the card's id."""

    def holds(_tx: Tx, group_id: str | None) -> ColumnElement[bool]:
        inside = select(GroupMember.card_id).where(GroupMember.card == card)
        if group_id is not None:
            inside = inside.where(GroupMember.group_id == read_id(group_id))
        return card_id.in_(inside)

    return FilterField("set", "cards.field.group", holds=holds, name_of=_group_name)


def _star_field(card: str, card_id: Any) -> FilterField:
    """Whether one's own star is on the card."""

    def holds(tx: Tx, _starred: Any) -> ColumnElement[bool]:
        mine = Favourite.employee_id == (tx.actor.id if tx.actor.is_employee else 0)
        return exists().where(mine, Favourite.card == card, Favourite.card_id == card_id)

    return FilterField("flag", "cards.field.star", holds=holds)


def employee_field(column: Any, label: str = "cards.field.responsible") -> FilterField:
    """An employee by id; "me" is whoever asks."""
    return FilterField("employee", label, column, name_of=_employee_name)


def _search_field(card: str, card_id: Any) -> FilterField:
    """All words of a text, anywhere on the card."""

    def holds(tx: Tx, words: str | None) -> ColumnElement[bool]:
        return and_(search.has_words(tx.session, card, card_id, words or ""), *openly(tx, card, words or ""))

    return FilterField("set", "cards.field.text", holds=holds)


def in_index(card: str, card_id: Any) -> Any:
    """For FilterField.search: narrows a "contains" down by the search index where the text is long enough for it."""

    def narrow(tx: Tx, words: str) -> ColumnElement[bool]:
        if all(len(word) < search.SHORTEST for word in words.split()):
            return card_id.is_not(None)
        return search.has_words(tx.session, card, card_id, words)

    return narrow


def _group_name(tx: Tx, value: Any) -> str:
    name = tx.scalar(select(Group.name).where(Group.id == read_id(value)))
    return name or str(value)


def _employee_name(tx: Tx, value: Any) -> str:
    if value == ME:
        return i18n.text("cards.filter.me", tx.actor.locale)
    name = tx.scalar(select(Employee.name).where(Employee.id == value)) if isinstance(value, int) else None
    return name or str(value)
