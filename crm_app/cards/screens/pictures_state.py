"""The State of the picture at the head of a card; the card's own State tells which one it is."""

from __future__ import annotations

from crm_app.access.screens.base import Part, Undo, handler
from crm_app.cards.actions.pictures import put_picture_back, remove_picture
from crm_app.cards.kinds import card_at
from crm_app.core.actor import LOGGED_IN, Actor


class CardPictures(Part):
    """What is done with the picture of the card in the address, beside sending another one."""

    @handler(LOGGED_IN)
    async def removed(self) -> None:
        """Leave the card without a picture; the toast takes it back."""
        card, card_id = card_at(self.router.url.path)
        was = await self._act(remove_picture, card=card, card_id=card_id)
        if was:
            about = {"card": card, "card_id": card_id, "digest": was}
            await self._toast("cards.picture.removed", undo=Undo(put_picture_back, about))


def may_picture(actor: Actor, card: str, may_change: bool) -> bool:
    """Whether who may change a card may change its picture."""
    return may_change and "picture" not in actor.locked(card)
