"""The picture of a card: set, removed, set back. The bytes are made and kept before: cards/pictures.py.

The card's own column names its picture by the digest, and is changed by the action that changes its other fields: so
rules, rights, facts, the timeline and merging know it without a word more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from crm_app.cards.actions.setting_back import WRITERS
from crm_app.cards.models import CardPicture
from crm_app.cards.queries.pictures import need_pictured
from crm_app.core import jobs
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action, query
from crm_app.core.errors import BadInput

FORGET_UNTOLD = "cards.forget_untold"
UNTOLD_FOR = timedelta(hours=1)
"""So long a picture may be on its way to its card."""


@dataclass(frozen=True)
class MadePicture:
    """Bytes that are kept, of a picture in two sizes. digest: of both."""

    digest: str
    place: str
    small_place: str


@action("picture.promise")
def promise_places(tx: Tx, places: list[str]) -> None:
    """Have bytes forgotten in an hour, unless a card has come to name them."""
    jobs.enqueue(tx, FORGET_UNTOLD, run_at=tx.now + UNTOLD_FOR, places=places)


@query("picture.promise")
def find_untold(tx: Tx, places: list[str]) -> list[str]:
    """Those of some places that no picture names."""
    told = (CardPicture.place, CardPicture.small_place)
    named = {place for each in told for place in tx.all(select(each).where(each.in_(places)))}
    return [place for place in places if place not in named]


@action(LOGGED_IN)
def set_picture(tx: Tx, card: str, card_id: int, made: MadePicture) -> None:
    """Give a card a picture. The same one again changes nothing."""
    row = need_pictured(tx, card, card_id)
    if not _has_had(tx, card, card_id, made.digest):
        tx.add(
            CardPicture(
                card=card, card_id=card_id, digest=made.digest, place=made.place, small_place=made.small_place,
                created_at=tx.now,
            )
        )  # fmt: skip
    WRITERS[card](tx, card_id, {"picture": made.digest}, row.version)


@action(LOGGED_IN)
def remove_picture(tx: Tx, card: str, card_id: int) -> str:
    """Leave a card without a picture; gives the digest of what it had, by which it can be put back."""
    row = need_pictured(tx, card, card_id)
    was = str(row.picture)
    WRITERS[card](tx, card_id, {"picture": ""}, row.version)
    return was


@action(LOGGED_IN)
def put_picture_back(tx: Tx, card: str, card_id: int, digest: str) -> None:
    """Give a card a picture that it had. Raises BadInput for one that it never had."""
    WRITERS[card](tx, card_id, {"picture": digest}, need_pictured(tx, card, card_id).version)


def check_picture(tx: Tx, card: str, card_id: int, values: Mapping[str, Any]) -> None:
    """Raises BadInput where values would give a card a picture that it never had: another's, or none at all."""
    digest = values.get("picture")
    if digest and not _has_had(tx, card, card_id, digest):
        raise BadInput("cards.error.no_picture", field="picture")


def _has_had(tx: Tx, card: str, card_id: int, digest: str) -> bool:
    of_card = (CardPicture.card == card, CardPicture.card_id == card_id, CardPicture.digest == digest)
    return tx.one(select(CardPicture.id).where(*of_card)) is not None
