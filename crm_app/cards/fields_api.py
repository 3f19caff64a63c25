"""What programs do with the custom fields of cards: read what there is, and define it."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import Field
from typing_extensions import TypedDict

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, page, shaped
from crm_app.cards.actions.fields import (
    Level,
    add_field,
    change_field,
    move_field,
    remove_field,
    restore_field,
    set_field_level,
)
from crm_app.cards.field_queries import list_fields, see_field
from crm_app.cards.field_rules import Definition, FieldValues, Kind, OptionValues, Required
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx

endpoints = Endpoints()

Card = Annotated[str, Field(max_length=40, description="A kind of card: client, contact, lead, deal.")]


class FieldChanges(Body):
    """What is told of a field. options: all of a choice; one that is left out goes, if no card has it.

    currency: of money; formula: of a computed one; pipelines: through which the cards go, empty for all; stages: where
    required is "stage"; default: a value as cards take it.
    """

    name_ru: str = ""
    name_en: str = ""
    help_ru: str = ""
    help_en: str = ""
    options: list[OptionValues] = []
    currency: str = ""
    formula: str = ""
    pipelines: list[int] = []
    required: Required = "never"
    stages: list[int] = []
    default: Any = None

    def values(self) -> FieldValues:
        """What was sent, as the action takes it."""
        return cast("FieldValues", {name: value for name, value in self.told().items() if name not in ("card", "kind")})


class FieldBody(FieldChanges):
    """A field to be added to all cards of a kind. Its key is made of its name."""

    card: Card
    kind: Kind


class FieldPlace(Body):
    """A place among the fields of the card, 0 being the first."""

    place: int


class FieldLevel(Body):
    """What a role may do with a field."""

    role_id: Id
    level: Level


class OptionJson(TypedDict):
    key: str
    ru: str
    en: str
    is_hidden: bool


class FieldJson(TypedDict):
    """A custom field. key: its name in "fields" of a card; fields.KEY in filters and orders."""

    id: int
    card: str
    key: str
    kind: Kind
    name_ru: str
    name_en: str
    help_ru: str
    help_en: str
    options: list[OptionJson]
    currency: str
    formula: str
    pipelines: list[int]
    required: Required
    stages: list[int]
    default: Any
    position: int


@endpoints.get("/fields", LOGGED_IN)
def list_all_fields(tx: Tx, card: Card) -> Listing[FieldJson]:
    """The custom fields of a kind of card that the key's holder may see, in their order."""
    return page([_json(field) for field in seen(tx, list_fields, card=card)], f"fields {card}", None)


@endpoints.post("/fields", "field.define", status=201)
def create_field(tx: Tx, body: FieldBody) -> FieldJson:
    """Give all cards of a kind one field more: it is there at once, in filters and in imports too."""
    return _field(tx, tx.do(add_field, body.card, body.kind, body.values()).id)


@endpoints.get("/fields/{field_id}", LOGGED_IN)
def see_one_field(tx: Tx, field_id: Id) -> FieldJson:
    """One custom field."""
    return _field(tx, field_id)


@endpoints.patch("/fields/{field_id}", "field.define")
def update_field(tx: Tx, field_id: Id, body: FieldChanges) -> FieldJson:
    """Change what is told of a field; its kind and its key stay."""
    return _field(tx, tx.do(change_field, field_id, body.values()).id)


@endpoints.post("/fields/{field_id}/move", "field.define")
def place_field(tx: Tx, field_id: Id, body: FieldPlace) -> FieldJson:
    """Put a field on another place among those of its card."""
    tx.do(move_field, field_id, body.place)
    return _field(tx, field_id)


@endpoints.put("/fields/{field_id}/rights", "field.define")
def set_rights(tx: Tx, field_id: Id, body: FieldLevel) -> FieldJson:
    """Say what a role may do with a field."""
    tx.do(set_field_level, field_id, body.role_id, body.level)
    return _field(tx, field_id)


@endpoints.delete("/fields/{field_id}", "field.define")
def delete_field(tx: Tx, field_id: Id) -> None:
    """Take a field off all cards; its values stay, and come back with it."""
    tx.do(remove_field, field_id)


@endpoints.post("/fields/{field_id}/restore", "field.define")
def bring_field_back(tx: Tx, field_id: Id) -> FieldJson:
    """Bring a removed field back, with the values that cards had."""
    return _field(tx, tx.do(restore_field, field_id).id)


def _field(tx: Tx, field_id: int | None) -> FieldJson:
    tx.session.flush()
    return _json(seen(tx, see_field, field_id=field_id))


def _json(field: Definition) -> FieldJson:
    return shaped(FieldJson, field)
