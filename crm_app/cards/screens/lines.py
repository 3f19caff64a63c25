"""Comments and files of a card as the browser gets them."""

from __future__ import annotations

from typing import TypedDict

from crm_app.cards.queries.every_card import CommentRow, FileRow
from crm_app.core.actor import Actor


class CommentLine(TypedDict):
    """is_internal: guests don't see it; is_mine: the reader may take it back."""

    id: int
    author: str
    body: str
    at: str
    is_internal: bool
    is_mine: bool


class FileLine(TypedDict):
    """href: the address that gives it; size: bytes."""

    id: int
    name: str
    href: str
    size: int
    is_internal: bool


def comment_line(row: CommentRow, reader: Actor) -> CommentLine:
    """A comment; one's own can be taken back."""
    return {
        "id": row.id,
        "author": row.author_name,
        "body": row.body,
        "at": row.created_at.isoformat(),
        "is_internal": row.is_internal,
        "is_mine": (row.author_kind, row.author_id) == (reader.kind, reader.id),
    }


def file_line(row: FileRow) -> FileLine:
    """A file of a card."""
    return {
        "id": row.id,
        "name": row.name,
        "href": f"/files/{row.id}",
        "size": row.size,
        "is_internal": row.is_internal,
    }
