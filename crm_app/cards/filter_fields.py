"""Filter fields that every kind of card has: tags, groups, one's own star, the responsible employee, text."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select, true

from crm_app.access.models import Employee
from crm_app.access.queries import list_employees
from crm_app.cards.filter_values import read_id
from crm_app.cards.filters import ME, FieldKind, FilterField, within
from crm_app.cards.kinds import KINDS, openly
from crm_app.cards.models import Comment, Favourite, Group, GroupMember, Tag, Tagging
from crm_app.cards.moments import Span
from crm_app.core import i18n, search
from crm_app.core.door import Tx
from crm_app.core.folding import fold

MOST_OPTIONS = 500


def fields_of_every_card(card: str, card_id: Any) -> dict[str, FilterField]:
    """What each kind of card can be filtered by. card_id: the column of the card's id."""
    return {
        "tags": _tag_field(card, card_id),
        "star": _star_field(card, card_id),
        "commented": _comment_field(card, card_id),
        "text": _search_field(card, card_id),
        "id": FilterField("number", "cards.field.id", card_id, is_offered=False),
    }


def _tag_field(card: str, card_id: Any) -> FilterField:
    """Tags by name: "has" one of them, or none."""

    def holds(_tx: Tx, name: str | None) -> ColumnElement[bool]:
        tagged = select(Tagging.card_id).where(Tagging.card == card)
        if name is not None:
            tagged = tagged.join(Tag, Tag.id == Tagging.tag_id).where(Tag.key == fold(name.lstrip("#")))
        return card_id.in_(tagged)

    return FilterField("set", "cards.field.tags", holds=holds, options=_tag_names)


def text_fields(card: str, model: Any, names: Iterable[str], long: Collection[str] = ()) -> dict[str, FilterField]:
    """Texts of a card, which the search index has, and an index of core/blanks.py. long: those of several lines."""
    search_ = in_index(card, model.id)
    return {
        name: FilterField(
            "words" if name in long else "text", f"field.{card}.{name}", getattr(model, name), search=search_,
            has_blanks=True,
        )
        for name in names
    }  # fmt: skip


def sorted_fields(card: str, model: Any, names: Iterable[str], kind: FieldKind = "code") -> dict[str, FilterField]:
    """Codes, or short texts, by which an index of their own begins."""
    return {name: FilterField(kind, f"field.{card}.{name}", getattr(model, name), is_sorted=True) for name in names}


def door_field(card: str, column: Any, label: str) -> FilterField:
    """By what door a card came."""
    return FilterField("choice", label, column, name_of=_door_name, options=partial(_doors, card))


def _door_name(tx: Tx, value: Any) -> str:
    known = any(value in kind.sources for kind in KINDS.values())
    return i18n.text(f"cards.source.{value}", tx.actor.locale) if known else str(value)


def _doors(card: str, tx: Tx) -> list[tuple[str, str]]:
    return [(door, _door_name(tx, door)) for door in KINDS[card].sources]


def group_field(card: str, card_id: Any) -> FilterField:
    """Groups by id: in one of them, or in none. card_id: the column of the card's id."""

    def holds(_tx: Tx, group_id: str | None) -> ColumnElement[bool]:
        inside = select(GroupMember.card_id).where(GroupMember.card == card)
        if group_id is not None:
            inside = inside.where(GroupMember.group_id == read_id(group_id))
        return card_id.in_(inside)

    return FilterField("set", "cards.field.group", holds=holds, name_of=_group_name, options=partial(_groups, card))


def _star_field(card: str, card_id: Any) -> FilterField:
    """Whether one's own star is on the card."""

    def holds(tx: Tx, _starred: Any) -> ColumnElement[bool]:
        mine = Favourite.employee_id == (tx.actor.id if tx.actor.is_employee else 0)
        return exists().where(mine, Favourite.card == card, Favourite.card_id == card_id)

    return FilterField("flag", "cards.field.star", holds=holds)


def _comment_field(card: str, card_id: Any) -> FilterField:
    """When it was commented."""

    def holds(_tx: Tx, span: Span | None) -> ColumnElement[bool]:
        when = true() if span is None else within(Comment.created_at, span)
        return card_id.in_(select(Comment.card_id).where(Comment.card == card, when))

    return FilterField("happening", "cards.field.commented", holds=holds)


def employee_field(column: Any, label: str = "cards.field.responsible") -> FilterField:
    """An employee by id; "me" is whoever asks."""
    return FilterField("employee", label, column, name_of=_employee_name, options=_employees)


def _search_field(card: str, card_id: Any) -> FilterField:
    """All words of a text, anywhere on the card."""

    def holds(tx: Tx, words: str | None) -> ColumnElement[bool]:
        return and_(search.has_words(tx.session, card, card_id, words or ""), *openly(tx, card, words or ""))

    return FilterField("set", "cards.field.text", holds=holds, by_part=True, is_offered=False)


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
    name = tx.scalar(select(Employee.name).where(Employee.id == read_id(value)))
    return name or str(value)


def _tag_names(tx: Tx) -> list[tuple[str, str]]:
    return [(name, name) for name in tx.all(select(Tag.name).order_by(Tag.name).distinct().limit(MOST_OPTIONS))]


def _groups(card: str, tx: Tx) -> list[tuple[str, str]]:
    by = (Group.owner_id != 0, Group.key, Group.id)
    rows = tx.all(select(Group.id, Group.name).where(Group.card == card).order_by(*by).limit(MOST_OPTIONS))
    return [(str(row.id), row.name) for row in rows]


def _employees(tx: Tx) -> list[tuple[str, str]]:
    """Whoever asks, then everybody who works here."""
    me = (ME, i18n.text("cards.filter.myself", tx.actor.locale))
    return [me, *((str(row.id), row.name) for row in tx.do(list_employees))]
