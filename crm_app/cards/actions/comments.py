"""Comments on a card: internal ones, and those that its guests read too."""

from __future__ import annotations

from crm_app.cards import rules
from crm_app.cards.events import CommentAdded, CommentRemoved
from crm_app.cards.kinds import need_card
from crm_app.cards.merged import standing
from crm_app.cards.models import Comment
from crm_app.core.actor import ANYBODY
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden


@action(ANYBODY)
def add_comment(tx: Tx, card: str, card_id: int, body: str, is_internal: bool = True) -> Comment:
    """Say something on a card. What a guest says is never internal."""
    if tx.actor.is_employee and not tx.actor.may("comment.add"):
        raise Forbidden()
    card_id = standing(tx, card, card_id)
    need_card(tx, card, card_id)
    body = rules.clean_comment(body)
    comment = tx.add(
        Comment(
            card=card,
            card_id=card_id,
            author_kind=tx.actor.kind,
            author_id=tx.actor.id,
            author_name=tx.actor.name,
            body=body,
            is_internal=is_internal and not tx.actor.is_guest,
            created_at=tx.now,
        )
    )
    mentioned = [] if tx.actor.is_guest else rules.mentioned_in(body)
    tx.record(
        CommentAdded(
            kind=card, card_id=card_id, comment_id=comment.id, is_internal=comment.is_internal, mentioned=mentioned
        )
    )
    return comment


@action(ANYBODY)
def remove_comment(tx: Tx, comment_id: int) -> None:
    """Take one's own comment back."""
    comment = tx.need(Comment, comment_id)
    comment.deleted_at = tx.now
    tx.record(CommentRemoved(kind=comment.card, card_id=comment.card_id, comment_id=comment_id))
