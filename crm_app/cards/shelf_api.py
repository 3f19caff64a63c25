"""What programs do with saved filters and groups."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, FilterJson, Id, Listing, page
from crm_app.cards.actions.filters import change_filter, place_filter, remove_filter, save_filter
from crm_app.cards.actions.groups import add_group, change_group, remove_group, set_groups
from crm_app.cards.api import Kind
from crm_app.cards.queries.filtering import AskableField, FilterPreview, list_askable, preview_filter
from crm_app.cards.queries.shelf import ShelfFilter, ShelfGroup, list_groups, see_shelf
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx

endpoints = Endpoints()


class FilterBody(Body):
    """A filter to be kept. conditions: as lists take them in `filter`."""

    card: Kind
    name: str
    conditions: dict[str, Any]


class FilterPatch(Body):
    """What is to become otherwise. shared: among everyone's or one's own; before_id: ahead of which it stands there."""

    name: str | None = None
    conditions: dict[str, Any] | None = None
    shared: bool | None = None
    before_id: Id | None = None


class GroupBody(Body):
    """A group to be added."""

    card: Kind
    name: str


class GroupPatch(Body):
    """What is to become otherwise."""

    name: str | None = None
    shared: bool | None = None


class GroupsBody(Body):
    """The ids of all groups that a card is to be in."""

    groups: list[Id]


class NewId(TypedDict):
    """What was made."""

    id: int


@endpoints.get("/filters", LOGGED_IN)
def list_filters(tx: Tx, card: Kind) -> Listing[ShelfFilter]:
    """System filters, everyone's and one's own, in their order."""
    return page(seen(tx, see_shelf, card=card).filters, "filters", None)


@endpoints.get("/filters/fields", LOGGED_IN)
def list_filter_fields(tx: Tx, card: Kind) -> Listing[AskableField]:
    """What filters of a kind of card may ask about."""
    return page(seen(tx, list_askable, card=card), "filter fields", None)


@endpoints.get("/filters/preview", LOGGED_IN)
def see_filter_preview(tx: Tx, card: Kind, filter: FilterJson) -> FilterPreview:  # noqa: A002  the API's own word
    """A filter in words, and how many cards it leaves, counted up to 10,001."""
    return seen(tx, preview_filter, card=card, conditions=filter)


@endpoints.post("/filters", LOGGED_IN, status=201)
def create_filter(tx: Tx, body: FilterBody) -> NewId:
    """Keep a filter as one's own."""
    return {"id": tx.do(save_filter, body.card, body.name, body.conditions).id or 0}


@endpoints.patch("/filters/{filter_id}", LOGGED_IN)
def update_filter(tx: Tx, filter_id: Id, body: FilterPatch) -> NewId:
    """Change a filter, share it, or put it elsewhere."""
    saved = tx.do(change_filter, filter_id, name=body.name, conditions=body.conditions)
    if body.shared is not None or body.before_id is not None:
        shared = saved.owner_id == 0 if body.shared is None else body.shared
        tx.do(place_filter, filter_id, shared=shared, before_id=body.before_id)
    return {"id": filter_id}


@endpoints.delete("/filters/{filter_id}", LOGGED_IN)
def delete_filter(tx: Tx, filter_id: Id) -> None:
    """Take a filter away."""
    tx.do(remove_filter, filter_id)


@endpoints.get("/groups", LOGGED_IN)
def list_all_groups(tx: Tx, card: Kind) -> Listing[ShelfGroup]:
    """Groups of a kind of card: everyone's, then one's own, by name."""
    return page(seen(tx, list_groups, card=card), "groups", None)


@endpoints.post("/groups", LOGGED_IN, status=201)
def create_group(tx: Tx, body: GroupBody) -> NewId:
    """Add a group of one's own; the one of that name where there is one already."""
    return {"id": tx.do(add_group, body.card, body.name).id or 0}


@endpoints.patch("/groups/{group_id}", LOGGED_IN)
def update_group(tx: Tx, group_id: Id, body: GroupPatch) -> NewId:
    """Rename a group, or share it."""
    return {"id": tx.do(change_group, group_id, name=body.name, shared=body.shared).id or 0}


@endpoints.delete("/groups/{group_id}", LOGGED_IN)
def delete_group(tx: Tx, group_id: Id) -> None:
    """Take a group away; its cards stay."""
    tx.do(remove_group, group_id)


@endpoints.get("/cards/{kind}/{card_id}/groups", LOGGED_IN)
def list_groups_of_card(tx: Tx, kind: Kind, card_id: Id) -> Listing[ShelfGroup]:
    """The groups that a card is in."""
    return page(seen(tx, list_groups, card=kind, card_id=card_id), "groups", None)


@endpoints.put("/cards/{kind}/{card_id}/groups", LOGGED_IN)
def set_groups_of_card(tx: Tx, kind: Kind, card_id: Id, body: GroupsBody) -> Listing[ShelfGroup]:
    """Put a card into exactly these groups."""
    tx.do(set_groups, kind, card_id, body.groups)
    return page(seen(tx, list_groups, card=kind, card_id=card_id), "groups", None)
