"""A guest's access when the card that it was given on is merged: it goes along, and each card has one at most."""

from __future__ import annotations

from sqlalchemy import select, update

from crm_app.access.models import Guest
from crm_app.core.door import Tx
from crm_app.core.errors import RuleBroken

OF_CARD = "client"
"""The kind of card on which access is given."""


def move_guest(tx: Tx, card: str, kept_id: int, absorbed_id: int) -> list[list[int]]:
    """Bring the access of the card that goes to the one that stays; gives [guest, from, to] for each that moves.

    A revoked one makes room for a living one. Raises RuleBroken where both live: two log-ins can't be made one.
    """
    if card != OF_CARD:
        return []
    found = {guest.card_id: guest for guest in tx.all(select(Guest).where(Guest.card_id.in_((kept_id, absorbed_id))))}
    mine, theirs = found.get(kept_id), found.get(absorbed_id)
    if theirs is None or (mine is not None and theirs.revoked_at is not None):
        return []
    if mine is not None and mine.revoked_at is None:
        raise RuleBroken("duplicates.error.two_guests")
    places = [[theirs.id or 0, absorbed_id, kept_id]]
    if mine is not None:
        places.append([mine.id or 0, kept_id, absorbed_id])
    _place(tx, [(guest_id, to) for guest_id, _, to in places])
    return places


def move_guest_back(tx: Tx, places: list[list[int]]) -> None:
    """Put each access back that is where the merge has put it."""
    now = dict(tx.all(select(Guest.id, Guest.card_id).where(Guest.id.in_([place[0] for place in places]))))
    if all(now.get(guest_id) == to for guest_id, _, to in places):
        _place(tx, [(guest_id, before) for guest_id, before, _ in places])


def _place(tx: Tx, places: list[tuple[int, int]]) -> None:
    """No two stand on one card at any moment: they step aside first."""
    for guest_id, _ in places:
        _put(tx, guest_id, -guest_id)
    for guest_id, card_id in places:
        _put(tx, guest_id, card_id)
        tx.announce(f"guest:{guest_id}")


def _put(tx: Tx, guest_id: int, card_id: int) -> None:
    moved = update(Guest).where(Guest.id == guest_id).values(card_id=card_id)
    tx.run(moved.execution_options(synchronize_session=False))
