"""Which cards can be linked with each other, and which links are theirs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from crm_app.cards.kinds import KINDS, need_card
from crm_app.cards.models import CardLink
from crm_app.core.door import Tx
from crm_app.core.errors import Forbidden, NotFound


def need_linked(tx: Tx, card: str, card_id: int) -> Any:
    """The row of a card that can be linked. Raises NotFound, also for one that is not seen, Forbidden for guests."""
    if not tx.actor.is_employee:
        raise Forbidden()
    if card not in KINDS or not KINDS[card].is_linked:
        raise NotFound()
    return need_card(tx, card, card_id)


def of_card(card: str, card_id: int) -> ColumnElement[bool]:
    """The condition that a link has a card at one of its ends."""
    link: Any = CardLink
    return or_(and_(link.one == card, link.one_id == card_id), and_(link.other == card, link.other_id == card_id))


def between(card: tuple[str, int], other: tuple[str, int]) -> ColumnElement[bool]:
    """The condition that a link joins two cards, whichever is first."""
    link: Any = CardLink
    ways = [
        and_(link.one == a[0], link.one_id == a[1], link.other == b[0], link.other_id == b[1])
        for a, b in ((card, other), (other, card))
    ]
    return or_(*ways)
