"""Where the bytes of a picture are, for who sees its card; and who may give it another one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.cards.kinds import need_card
from crm_app.cards.models import CardPicture
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.errors import Forbidden, NotFound


@query(LOGGED_IN)
def check_picture_change(tx: Tx, card: str, card_id: int) -> None:
    """Refuse before bytes are taken: NotFound for a card that one does not see, Forbidden where it is not one's own."""
    row = need_pictured(tx, card, card_id)
    if not tx.actor.may(f"{card}.change"):
        raise Forbidden()
    tx.check_change(row)
    if "picture" in tx.actor.locked(card):
        raise Forbidden("core.error.field_read_only", field="picture")


@query(LOGGED_IN)
def find_picture(tx: Tx, digest: str, small: bool = False) -> str:
    """The place of a picture that some card has or had which the actor sees. Raises NotFound."""
    column = CardPicture.small_place if small else CardPicture.place
    place: str | None = tx.one(select(column).where(CardPicture.digest == digest))
    if place is None:
        raise NotFound()
    return place


@query(LOGGED_IN)
def find_picture_of(tx: Tx, card: str, card_id: int, small: bool = False) -> str:
    """The place of the picture that a card has now. Raises NotFound, also where it has none."""
    digest = getattr(need_card(tx, card, card_id), "picture", "")
    if not digest:
        raise NotFound("cards.error.without_picture")
    return find_picture(tx, digest, small)


def need_pictured(tx: Tx, card: str, card_id: int) -> Any:
    """The row of a card that may have a picture. Raises NotFound for a kind without, as for an unseen row."""
    row = need_card(tx, card, card_id)
    if "picture" not in type(row).model_fields:
        raise NotFound()
    return row
