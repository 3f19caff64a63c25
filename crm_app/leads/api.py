"""What programs do with leads."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from typing_extensions import TypedDict

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, FieldsBody, FieldsJson, Id, Listing, page, shaped
from crm_app.cards.card_api import CardApi, add_card_endpoints
from crm_app.cards.custom_fields import stored_json, values_json
from crm_app.clients.alike_json import AlikeCards, alike_to_sent
from crm_app.core.door import Tx
from crm_app.deals.api_shapes import MoveJson
from crm_app.leads.actions.cards import add_lead, change_lead, remove_lead, restore_lead
from crm_app.leads.actions.moves import disqualify_lead, move_lead, take_back_lead, touch_lead
from crm_app.leads.queries.board import LeadBoard, see_lead_board
from crm_app.leads.queries.cards import (
    LeadCard,
    LeadMove,
    LeadRow,
    count_leads,
    find_lead_duplicates,
    list_leads,
    list_moves,
    list_sources,
    see_lead,
)
from crm_app.leads.rules import Channel, LeadValues

endpoints = Endpoints()


class LeadChanges(Body):
    """What is said of a lead. source: a built-in key, or one's own word; phones, emails: the main first.

    version: as it was seen; another's change since then is a conflict.
    """

    name: str = ""
    person: str = ""
    position: str = ""
    organisation: str = ""
    phones: list[str] = []
    emails: list[str] = []
    site: str = ""
    city: str = ""
    source: str = ""
    channel: Channel = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    interest: str = ""
    note: str = ""
    responsible_id: Id | None = None
    fields: FieldsBody = {}
    version: int | None = None

    def values(self) -> LeadValues:
        """What was sent, as the action takes it."""
        told = {name: value for name, value in self.told().items() if name not in ("version", "force")}
        return cast("LeadValues", told)


class LeadBody(LeadChanges):
    """A lead to be added. force: even where one that came by the same phone or address is there already."""

    force: bool = False


class LeadPlace(Body):
    """A stage to be entered. reason: why the lead is disqualified; from_stage_id: where it was seen.

    fields: custom ones by their keys, which the stage may ask for.
    """

    stage_id: Id
    reason: str = ""
    before_id: Id | None = None
    after_id: Id | None = None
    from_stage_id: Id | None = None
    fields: FieldsBody = {}


class DisqualifyBody(Body):
    """Why a lead comes to nothing."""

    reason: str


class LeadInList(TypedDict):
    """A lead in a list. touch: "waiting", "late", "touched" or "touched_late", "" for a closed one."""

    id: int
    name: str
    person: str
    organisation: str
    source: str
    channel: str
    stage_id: int
    stage: str
    stage_kind: str
    touch: str
    touch_due_at: datetime | None
    touched_at: datetime | None
    responsible_id: int | None
    responsible: str
    phone: str
    email: str
    tags: list[str]
    is_starred: bool
    fields: FieldsJson
    created_at: datetime
    updated_at: datetime


class LeadJson(TypedDict):
    """All of one lead. phones: as E.164; may_change, may_delete: by the holder of the key."""

    id: int
    name: str
    person: str
    position: str
    organisation: str
    phones: list[str]
    emails: list[str]
    site: str
    city: str
    source: str
    channel: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    interest: str
    note: str
    responsible_id: int | None
    responsible: str
    pipeline_id: int
    stage_id: int
    stage: str
    stage_kind: str
    disqualified_reason: str
    entered_stage_at: datetime
    touch: str
    touch_due_at: datetime | None
    touched_at: datetime | None
    converted_at: datetime | None
    via: str
    version: int
    fields: FieldsJson
    created_at: datetime
    updated_at: datetime
    tags: list[str]
    is_starred: bool
    may_change: bool
    may_delete: bool


class LeadChanged(LeadJson):
    """A lead after a change. alike: others that have a telephone or an address that was sent."""

    alike: AlikeCards


@endpoints.get("/leads/sources", "lead.see")
def list_all_sources(tx: Tx) -> Listing[str]:
    """Sources that leads have here: the built-in keys, then the company's own words."""
    return page(seen(tx, list_sources), "sources", None)


@endpoints.get("/leads/boards/{pipeline_id}", "lead.see")
def see_board_of_leads(tx: Tx, pipeline_id: Id) -> LeadBoard:
    """Each column of a board of leads with its exact count and its first cards."""
    return seen(tx, see_lead_board, pipeline_id=pipeline_id)


def _lead(tx: Tx, lead_id: int) -> LeadJson:
    tx.session.flush()
    card: LeadCard = seen(tx, see_lead, lead_id=lead_id)
    own = values_json(tx, "lead", card.fields, card.pipeline_id)
    return shaped(LeadJson, card, responsible_id=card.responsible_id or None, fields=own)


def _alike(tx: Tx, lead_id: int, values: LeadValues) -> AlikeCards:
    return alike_to_sent(tx, find_lead_duplicates, lead_id, values)


def _lines(tx: Tx, rows: list[LeadRow]) -> list[LeadInList]:
    own = stored_json(tx, "lead", [row.id for row in rows])
    return [shaped(LeadInList, row, responsible_id=row.responsible_id or None, fields=own[row.id]) for row in rows]


add_card_endpoints(
    endpoints,
    CardApi(
        card="lead", body=LeadBody, changes=LeadChanges, line=LeadInList, whole=LeadJson, changed=LeadChanged,
        lines=_lines, told=_lead, alike=_alike, list_cards=list_leads, count_cards=count_leads, add=add_lead,
        change=change_lead, remove=remove_lead, restore=restore_lead,
    ),
    sorts="name, source, touch_due_at, created_at, updated_at, or fields.KEY of a custom field",
    more="\nComputed custom fields are told by each lead alone.",
)  # fmt: skip


@endpoints.get("/leads/{lead_id}/moves", "lead.see")
def list_moves_of_lead(tx: Tx, lead_id: Id) -> Listing[MoveJson]:
    """For every stage of the pipeline: what a drop there would mean, and why."""
    return page([_move(tx, row) for row in seen(tx, list_moves, lead_id=lead_id)], "moves", None)


def _move(tx: Tx, row: LeadMove) -> MoveJson:
    reasons = [reason.to_json(tx.actor.locale) for reason in row.reasons]
    return {"stage_id": row.stage_id, "drop": row.drop, "reasons": reasons}  # type: ignore[typeddict-item]


@endpoints.post("/leads/{lead_id}/move", "lead.change")
def move_one_lead(tx: Tx, lead_id: Id, body: LeadPlace) -> LeadJson:
    """Move a lead to another stage; 409 with the reason where it may not be entered."""
    tx.do(move_lead, lead_id, **body.told())
    return _lead(tx, lead_id)


@endpoints.post("/leads/{lead_id}/disqualify", "lead.change")
def disqualify_one_lead(tx: Tx, lead_id: Id, body: DisqualifyBody) -> LeadJson:
    """Put a lead among those that come to nothing."""
    tx.do(disqualify_lead, lead_id, body.reason)
    return _lead(tx, lead_id)


@endpoints.post("/leads/{lead_id}/take_back", "lead.change")
def take_back_one_lead(tx: Tx, lead_id: Id) -> LeadJson:
    """Bring a closed lead back to the stage where it was."""
    tx.do(take_back_lead, lead_id)
    return _lead(tx, lead_id)


@endpoints.post("/leads/{lead_id}/touch", "lead.change")
def touch_one_lead(tx: Tx, lead_id: Id) -> LeadJson:
    """Note that somebody has got in touch for the first time."""
    tx.do(touch_lead, lead_id)
    return _lead(tx, lead_id)
