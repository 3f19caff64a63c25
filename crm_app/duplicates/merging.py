"""What every card has, and goes along when two are made one."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.access.models import Guest
from crm_app.cards.custom_fields import WITHIN
from crm_app.cards.hanging import goes_with
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import (
    BulkLeft,
    CardEmail,
    CardLink,
    CardMerge,
    CardPhone,
    CardPicture,
    Comment,
    CustomField,
    Favourite,
    Follower,
    GroupMember,
    Notification,
    Share,
    StoredFile,
    Tagging,
)
from crm_app.core.events import FactLink, FactRow
from crm_app.duplicates.models import CardPair
from crm_app.duplicates.moving import Moves
from crm_app.duplicates.snapshots import FIELDS
from crm_app.duplicates.ties import leave, settles, tie

for _model in (CardPicture, Comment, Favourite, Follower, GroupMember, Share, StoredFile, Tagging, FactLink):
    tie(_model, "card_id")
tie(CardLink, "one_id", told_in="one")
tie(CardLink, "other_id", told_in="other")
leave(FactRow, "card_id", "facts are kept as they are; the card that stays is linked with them: see history.py")
leave(CardPhone, "card_id", "the fields of the card tell which numbers it has: see comparing.py")
leave(CardEmail, "card_id", "the same")
leave(Guest, "card_id", "a card has one at most: see guests.py")
leave(Notification, "card_id", "it leads to the old address, which leads on to the card that answers for it")
leave(BulkLeft, "card_id", "what was left alone is told for a day; the old id leads on")
leave(CardMerge, "kept_id", "what was merged when stays as it was; ids are followed: cards/merged.py")
leave(CardMerge, "absorbed_id", "the same")
leave(CardPair, "one_id", "what was judged of two cards holds when they are two again")
leave(CardPair, "other_id", "the same")


def follow_references(moves: Moves) -> None:
    """Custom fields of any card that name the card that goes, name the one that stays."""
    fields = moves.tx.all(select(CustomField).where(CustomField.kind == moves.card))
    for field in fields:
        if field.default == moves.absorbed_id:
            moves.change(field, "default", moves.kept_id)
        model = KINDS[field.card].model
        named = WITHIN[field.kind](model.fields, field.key)
        for row in moves.tx.all(select(model).where(named == moves.absorbed_id)):
            moves.change(row, FIELDS + field.key, moves.kept_id)


settles("client", follow_references)
for _column in ("one_id", "other_id"):
    goes_with(CardPair, _column)
