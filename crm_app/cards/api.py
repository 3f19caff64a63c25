"""What programs do with cards of any kind: comments, tags, stars, timelines; and the stream of all facts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from crm_app.api.cursors import unseal
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import After, Body, Id, Limit, Listing, Words, page
from crm_app.cards.actions.comments import add_comment, remove_comment
from crm_app.cards.actions.following import follow_card, unfollow_card
from crm_app.cards.actions.setting_back import set_back
from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.queries.every_card import (
    CommentRow,
    FoundRow,
    TimelineRow,
    list_comments,
    list_facts,
    list_tags,
    search_cards,
    see_timeline,
)
from crm_app.cards.queries.following import FollowerRow, list_followers
from crm_app.cards.queries.rights import Viewer, list_viewers
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx

endpoints = Endpoints()

Kind = Annotated[str, Field(max_length=40, description="A kind of card: client, deal, task, mailing.")]


class CommentBody(Body):
    """A comment to be added. is_internal: guests who see the card don't see it."""

    card: Kind
    card_id: Id
    body: str
    is_internal: bool = True


class TagsBody(Body):
    """The names of all tags that a card is to have."""

    tags: list[str]


class StarBody(Body):
    starred: bool


class FollowerBody(Body):
    """Who is to follow a card."""

    employee_id: Id


class SetBackBody(Body):
    """A change of the card's timeline, by its id. field: that one alone; version: of the card, as it was seen."""

    fact_id: Id
    field: Annotated[str, Field(max_length=100)] = ""
    version: int | None = None


class SetBackJson(TypedDict):
    """Names of the fields that were set back."""

    fields: list[str]


class ViewerJson(TypedDict):
    """Somebody who sees a card. kind: "employee" or "guest"; may: what else they may do with it.

    reason: "responsible_id", "department", "shared" …
    """

    kind: str
    id: int
    name: str
    role: str
    reason: str
    may: list[str]


class ViewersJson(TypedDict):
    """seen, unseen: how many people do and do not see the card."""

    seen: int
    unseen: int
    items: list[ViewerJson]


class TagJson(TypedDict):
    """A tag by its name."""

    name: str


class TagsJson(TypedDict):
    """The tags of a card, by name."""

    tags: list[str]


class StarJson(TypedDict):
    starred: bool


@endpoints.get("/comments", LOGGED_IN)
def list_card_comments(tx: Tx, card: Kind, card_id: Id, after: After = "", limit: Limit = 50) -> Listing[CommentRow]:
    """Comments on a card, the latest first."""
    listing = f"comments {card} {card_id}"
    before = _place(unseal(listing, after))
    rows = seen(tx, list_comments, card=card, card_id=card_id, before=before, limit=limit)
    return page(rows, listing, str(rows[-1].id) if len(rows) == limit else None)


@endpoints.post("/comments", LOGGED_IN, status=201)
def create_comment(tx: Tx, body: CommentBody) -> CommentRow:
    """Say something on a card."""
    said = tx.do(add_comment, card=body.card, card_id=body.card_id, body=body.body, is_internal=body.is_internal)
    return CommentRow(
        said.id or 0,
        said.author_kind,
        said.author_id,
        said.author_name,
        said.body,
        said.is_internal,
        said.created_at,
    )


@endpoints.delete("/comments/{comment_id}", LOGGED_IN)
def delete_comment(tx: Tx, comment_id: Id) -> None:
    """Take one's own comment back."""
    tx.do(remove_comment, comment_id)


@endpoints.get("/tags", LOGGED_IN)
def list_all_tags(tx: Tx) -> Listing[TagJson]:
    """Every tag that one may use, by name."""
    return page([TagJson(name=name) for name in seen(tx, list_tags)], "tags", None)


@endpoints.get("/cards/{kind}/{card_id}/tags", LOGGED_IN)
def see_card_tags(tx: Tx, kind: Kind, card_id: Id) -> TagsJson:
    """The tags of a card."""
    return {"tags": seen(tx, list_tags, card=kind, card_id=card_id)}


@endpoints.put("/cards/{kind}/{card_id}/tags", LOGGED_IN)
def set_card_tags(tx: Tx, kind: Kind, card_id: Id, body: TagsBody) -> TagsJson:
    """Give a card exactly these tags."""
    return {"tags": tx.do(set_tags, kind, card_id, body.tags)}


@endpoints.put("/cards/{kind}/{card_id}/star", LOGGED_IN)
def set_card_star(tx: Tx, kind: Kind, card_id: Id, body: StarBody) -> StarJson:
    """Put one's star on a card, or take it off."""
    tx.do(set_star, kind, card_id, body.starred)
    return {"starred": body.starred}


@endpoints.get("/cards/{kind}/{card_id}/followers", LOGGED_IN)
def list_followers_of(tx: Tx, kind: Kind, card_id: Id) -> Listing[FollowerRow]:
    """The employees who are told of what happens to a lead, contact, client or deal, by name."""
    return page(seen(tx, list_followers, card=kind, card_id=card_id).rows, "followers", None)


@endpoints.post("/cards/{kind}/{card_id}/followers", LOGGED_IN, status=201)
def add_follower(tx: Tx, kind: Kind, card_id: Id, body: FollowerBody) -> Listing[FollowerRow]:
    """Tell an employee of what happens to a card: oneself, or a colleague who sees it where one may change it."""
    tx.do(follow_card, kind, card_id, body.employee_id)
    return list_followers_of(tx, kind, card_id)


@endpoints.delete("/cards/{kind}/{card_id}/followers/{employee_id}", LOGGED_IN)
def remove_follower(tx: Tx, kind: Kind, card_id: Id, employee_id: Id) -> None:
    """Tell an employee no more of what happens to a card."""
    tx.do(unfollow_card, kind, card_id, employee_id)


@endpoints.get("/cards/{kind}/{card_id}/timeline", LOGGED_IN)
def list_card_timeline(tx: Tx, kind: Kind, card_id: Id, after: After = "", limit: Limit = 50) -> Listing[TimelineRow]:
    """What happened to a card, the latest first, with old and new values."""
    listing = f"timeline {kind} {card_id}"
    before = _place(unseal(listing, after))
    rows = seen(tx, see_timeline, card=kind, card_id=card_id, before=before, limit=limit)
    return page(rows, listing, str(rows[-1].id) if len(rows) == limit else None)


@endpoints.post("/cards/{kind}/{card_id}/set-back", LOGGED_IN)
def set_card_back(tx: Tx, kind: Kind, card_id: Id, body: SetBackBody) -> SetBackJson:
    """Set a field, or the whole card, back to how it was before a change of its timeline.

    With the rules and rights of any change; what the key may only read stays as it is. A trial tells what would change.
    """
    done = tx.do(set_back, kind, card_id, body.fact_id, field=body.field, version=body.version)
    return {"fields": done}


@endpoints.get("/cards/{kind}/{card_id}/viewers", LOGGED_IN)
def list_viewers_of(tx: Tx, kind: Kind, card_id: Id, q: Words = "") -> ViewersJson:
    """Who sees a card, and why: those to whom it belongs first, the first hundred of them."""
    found = seen(tx, list_viewers, card=kind, card_id=card_id, words=q)
    return {"seen": found.seen, "unseen": found.unseen, "items": [_viewer_json(each) for each in found.rows]}


@endpoints.get("/events", LOGGED_IN)
def list_events(tx: Tx, after: After = "", limit: Limit = 50) -> Listing[TimelineRow]:
    """Every fact in the order in which it was saved.

    `next` is null only where nothing has happened since: keep the last one that you got, and ask again with it.
    """
    rows = seen(tx, list_facts, after=_place(unseal("events", after)) or 0, limit=limit)
    return page(rows, "events", str(rows[-1].id) if rows else None)


@endpoints.get("/search", LOGGED_IN)
def search_everywhere(tx: Tx, q: Words, limit: Limit = 6) -> Listing[FoundRow]:
    """Cards of every kind in whose text all the words stand, at most `limit` of each kind, the latest first."""
    return page(seen(tx, search_cards, words=q, limit=limit), "search", None)


def _place(place: str) -> int | None:
    return int(place) if place else None


def _viewer_json(row: Viewer) -> ViewerJson:
    return {
        "kind": row.kind, "id": row.id, "name": row.name, "role": row.role, "reason": row.reason,
        "may": list(row.verbs),
    }  # fmt: skip
