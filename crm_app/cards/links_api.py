"""What programs do with links between cards, and with what these can say."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, page
from crm_app.cards.actions.link_kinds import add_link_kind, change_link_kind, remove_link_kind, restore_link_kind
from crm_app.cards.actions.links import link_cards, unlink_cards
from crm_app.cards.api import Kind
from crm_app.cards.queries.links import LinkKindRow, LinkRow, list_link_kinds, list_links
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound

endpoints = Endpoints()

Word = Annotated[str, Field(max_length=200)]


class LinkBody(Body):
    """A card to be linked. kind_id: what the link says of it, is_back: by its second word."""

    card: Kind
    card_id: Id
    kind_id: Id | None = None
    is_back: bool = False
    note: Annotated[str, Field(max_length=2_000)] = ""


class LinkKindBody(Body):
    """What links can say. forth_…: of the linked card; back_…: of the one at hand, "" where it is the same."""

    forth_ru: Word = ""
    forth_en: Word = ""
    back_ru: Word = ""
    back_en: Word = ""


class LinkKindPatch(Body):
    """What is to become otherwise. is_removed: offered no more."""

    forth_ru: Word | None = None
    forth_en: Word | None = None
    back_ru: Word | None = None
    back_en: Word | None = None
    is_removed: bool | None = None


@endpoints.get("/cards/{kind}/{card_id}/links", LOGGED_IN)
def list_links_of(tx: Tx, kind: Kind, card_id: Id) -> Listing[LinkRow]:
    """Links of a lead, contact, client or deal with cards that one sees, in the order in which they were made."""
    return page(seen(tx, list_links, card=kind, card_id=card_id).rows, "links", None)


@endpoints.post("/cards/{kind}/{card_id}/links", LOGGED_IN, status=201)
def add_link(tx: Tx, kind: Kind, card_id: Id, body: LinkBody) -> LinkRow:
    """Link a card that one may change with any lead, contact, client or deal that one sees."""
    link = tx.do(
        link_cards, kind, card_id, body.card, body.card_id, kind_id=body.kind_id, is_back=body.is_back, note=body.note
    )
    return next(row for row in seen(tx, list_links, card=kind, card_id=card_id).rows if row.id == link.id)


@endpoints.delete("/cards/{kind}/{card_id}/links/{link_id}", LOGGED_IN)
def remove_link(tx: Tx, kind: Kind, card_id: Id, link_id: Id) -> None:
    """Remove a link of a card that one may change."""
    tx.do(unlink_cards, kind, card_id, link_id)


@endpoints.get("/link-kinds", LOGGED_IN)
def list_kinds_of_links(tx: Tx) -> Listing[LinkKindRow]:
    """What links can say, also what is offered no more."""
    return page(seen(tx, list_link_kinds), "link-kinds", None)


@endpoints.post("/link-kinds", "link.define", status=201)
def create_link_kind(tx: Tx, body: LinkKindBody) -> LinkKindRow:
    """Let links say one thing more."""
    kind = tx.do(add_link_kind, body.model_dump())
    return _kind_of(tx, kind.id or 0)


@endpoints.patch("/link-kinds/{kind_id}", "link.define")
def update_link_kind(tx: Tx, kind_id: Id, body: LinkKindPatch) -> LinkKindRow:
    """Call what links say otherwise, offer it no more, or again."""
    words = {name: word for name, word in body.model_dump(exclude={"is_removed"}).items() if word is not None}
    if words:
        tx.do(change_link_kind, kind_id, words)
    if body.is_removed is not None:
        tx.do(remove_link_kind if body.is_removed else restore_link_kind, kind_id)
    return _kind_of(tx, kind_id)


def _kind_of(tx: Tx, kind_id: int) -> LinkKindRow:
    found = next((row for row in seen(tx, list_link_kinds) if row.id == kind_id), None)
    if found is None:
        raise NotFound()
    return found
