"""Links between cards: of whoever may change the one, to any card that they see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select

from crm_app.cards import link_rules
from crm_app.cards.events import CardsLinked, CardsUnlinked
from crm_app.cards.linked import between, need_linked, of_card
from crm_app.cards.merged import standing
from crm_app.cards.models import CardLink, LinkKind
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import NotFound, RuleBroken


@action(LOGGED_IN)
def link_cards(
    tx: Tx,
    card: str,
    card_id: int,
    other: str,
    other_id: int,
    kind_id: int | None = None,
    is_back: bool = False,
    note: str = "",
) -> CardLink:
    """Link a card with another one. kind_id: what it says of that one, is_back: by its second word.

    Raises NotFound, Forbidden, BadInput, RuleBroken for a card and itself and for a link that is there already.
    """
    other_id = standing(tx, other, other_id)
    row = need_linked(tx, card, card_id)
    need_linked(tx, other, other_id)
    tx.check_change(row)
    link_rules.check_not_itself((card, card_id), (other, other_id))
    if kind_id is not None and tx.need(LinkKind, kind_id).removed_at is not None:
        raise NotFound()
    _check_new(tx, (card, card_id), (other, other_id), kind_id)
    ends = {"one": card, "one_id": card_id, "other": other, "other_id": other_id}
    if is_back:
        ends = {"one": other, "one_id": other_id, "other": card, "other_id": card_id}
    link = tx.add(CardLink(**ends, kind_id=kind_id, note=link_rules.clean_note(note), created_at=tx.now))
    tx.record(CardsLinked(kind=card, card_id=card_id, pair=[[card, card_id], [other, other_id]]))
    return link


@action(LOGGED_IN)
def unlink_cards(tx: Tx, card: str, card_id: int, link_id: int) -> None:
    """Remove a link of a card, and its doubles of a merge. Raises NotFound, Forbidden."""
    row = need_linked(tx, card, card_id)
    link = tx.need(CardLink, link_id)
    ends = [(link.one, link.one_id), (link.other, link.other_id)]
    if (card, card_id) not in ends:
        raise NotFound()
    tx.check_change(row)
    other = ends[1] if ends[0] == (card, card_id) else ends[0]
    same = tx.all(select(CardLink).where(between((card, card_id), other), _says(link.kind_id)))
    for each in same:
        tx.remove(each)
    tx.record(CardsUnlinked(kind=card, card_id=card_id, pair=[[card, card_id], [*other]]))


def _says(kind_id: int | None) -> ColumnElement[bool]:
    link: Any = CardLink
    return link.kind_id.is_(None) if kind_id is None else link.kind_id == kind_id


def _check_new(tx: Tx, card: tuple[str, int], other: tuple[str, int], kind_id: int | None) -> None:
    if tx.one(select(CardLink.id).where(between(card, other), _says(kind_id))) is not None:
        raise RuleBroken("cards.error.linked_already", field="other_id")
    if int(tx.scalar(select(func.count()).select_from(CardLink).where(of_card(*card)))) >= link_rules.MOST_LINKS:
        raise RuleBroken("cards.error.too_many_links", most=link_rules.MOST_LINKS)
