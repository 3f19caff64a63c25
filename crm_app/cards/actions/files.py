"""Files of cards: their rows; the bytes are kept by core/files.py."""

from __future__ import annotations

from crm_app.cards import rules
from crm_app.cards.events import FileAdded, FileRemoved
from crm_app.cards.kinds import need_card
from crm_app.cards.models import StoredFile
from crm_app.cards.queries.every_card import check_guest_quota
from crm_app.core.actor import ANYBODY, LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.files import Kept


@action(ANYBODY)
def add_file(tx: Tx, card: str, card_id: int, name: str, kept: Kept, is_internal: bool = True) -> StoredFile:
    """Attach bytes that have been kept to a card. What a guest attaches is never internal.

    Raises TooMany or TooBig where a guest has sent enough for a day.
    """
    need_card(tx, card, card_id)
    check_guest_quota(tx, kept.size)
    stored = tx.add(
        StoredFile(
            card=card,
            card_id=card_id,
            name=rules.clean_file_name(name),
            size=kept.size,
            media_type=kept.media_type,
            place=kept.place,
            digest=kept.digest,
            author_kind=tx.actor.kind,
            author_id=tx.actor.id,
            author_name=tx.actor.name,
            is_internal=is_internal and not tx.actor.is_guest,
            created_at=tx.now,
        )
    )
    tx.record(FileAdded(kind=card, card_id=card_id, file_id=stored.id, is_internal=stored.is_internal))
    return stored


@action(LOGGED_IN)
def remove_file(tx: Tx, file_id: int) -> None:
    """Move a file to the bin."""
    stored = tx.need(StoredFile, file_id)
    stored.deleted_at = tx.now
    tx.record(FileRemoved(kind=stored.card, card_id=stored.card_id, file_id=file_id))
