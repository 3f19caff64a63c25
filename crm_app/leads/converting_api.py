"""What programs do with the conversion of leads."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, MoneyBody, page, shaped
from crm_app.core.door import Tx
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.actions.unconverting import undo_conversion
from crm_app.leads.drafts import ClientPart, ContactPart, DealPart
from crm_app.leads.queries.converting import (
    BECOMES,
    Origin,
    Proposals,
    cards_of,
    list_origins,
    propose_conversion,
    see_conversion,
)

endpoints = Endpoints()


class ContactBody(Body):
    """A contact: one that is there, by its id, or a new one; without a name, called as the lead's person."""

    id: Id | None = None
    name: str = ""


class ClientBody(Body):
    """A client: one that is there, by its id, or a new one. kind: without it, a company where the lead names one."""

    id: Id | None = None
    name: str = ""
    kind: Literal["", "company", "person"] = ""
    inn: str = ""


class ConvertedDealBody(Body):
    """A deal: one that is there, by its id, or a new one: in the first pipeline and stage, where none is told."""

    id: Id | None = None
    name: str = ""
    pipeline_id: Id | None = None
    stage_id: Id | None = None
    amount: MoneyBody | None = None

    def part(self) -> DealPart:
        money: dict[str, Any] = {}
        if self.amount is not None:
            money = {"amount": self.amount.minor, "currency": self.amount.currency}
        return DealPart(**{name: value for name, value in self.told().items() if name != "amount"}, **money)


class ConvertBody(Body):
    """What a lead is to become; what is left out is not made.

    responsible_id: of new cards, the lead's where none is told; version: of the lead as it was seen. force: add new
    cards even where ones that may be the same are there.
    """

    contact: ContactBody | None = None
    client: ClientBody | None = None
    deal: ConvertedDealBody | None = None
    responsible_id: Id | None = None
    version: int | None = None
    force: bool = False


class ConversionJson(TypedDict):
    """What a lead has become: ids of the cards, null for what was not made."""

    lead_id: int
    contact_id: int | None
    client_id: int | None
    deal_id: int | None
    converted_at: datetime


class BecameJson(TypedDict):
    """What a lead has become; a card that one may not see has no name."""

    card: str
    id: int
    name: str


class UnconvertedJson(TypedDict):
    """A lead again. removed: kinds of cards that went to the bin; kept: of those that were worked on since, or are not
    the holder's to delete; left: fields that were changed since and stay ("client.city").
    """

    lead_id: int
    removed: list[str]
    kept: list[str]
    left: list[str]


@endpoints.get("/leads/{lead_id}/conversion/proposals", "lead.see")
def propose_what_a_lead_becomes(tx: Tx, lead_id: Id) -> Proposals:
    """Cards that match a lead by phone, e-mail or name, and what new ones would be called."""
    return seen(tx, propose_conversion, lead_id=lead_id)


@endpoints.get("/leads/{lead_id}/conversion", "lead.see")
def see_what_a_lead_became(tx: Tx, lead_id: Id) -> Listing[BecameJson]:
    """What a lead has become."""
    return page([shaped(BecameJson, each) for each in seen(tx, see_conversion, lead_id=lead_id)], "cards", None)


@endpoints.post("/leads/{lead_id}/convert", "lead.change")
def convert_one_lead(tx: Tx, lead_id: Id, body: ConvertBody) -> ConversionJson:
    """Make a contact, a client and a deal of a lead, each if it is told; all that belongs to it goes along.

    409 with a reason for each card that may be a new one already.
    """
    conversion = tx.do(
        convert_lead, lead_id,
        contact=ContactPart(**body.contact.told()) if body.contact else None,
        client=ClientPart(**body.client.told()) if body.client else None,
        deal=body.deal.part() if body.deal else None,
        responsible_id=body.responsible_id, version=body.version, force=body.force,
    )  # fmt: skip
    cards = cards_of(conversion)
    ids = {f"{kind}_id": cards.get(kind) for kind in BECOMES}
    return ConversionJson(lead_id=lead_id, converted_at=conversion.converted_at, **ids)  # type: ignore[typeddict-item]


@endpoints.post("/leads/{lead_id}/convert/undo", "lead.change")
def undo_one_conversion(tx: Tx, lead_id: Id) -> UnconvertedJson:
    """Take a conversion back; what was changed since stays, and is told."""
    return shaped(UnconvertedJson, tx.do(undo_conversion, lead_id))


def _origins(tx: Tx, card: str, card_id: int) -> Listing[Origin]:
    return page(seen(tx, list_origins, card=card, card_id=card_id), "leads", None)


@endpoints.get("/contacts/{contact_id}/leads", "contact.see")
def list_leads_of_contact(tx: Tx, contact_id: Id) -> Listing[Origin]:
    """The leads that a contact comes from."""
    return _origins(tx, "contact", contact_id)


@endpoints.get("/clients/{client_id}/leads", "client.see")
def list_leads_of_client(tx: Tx, client_id: Id) -> Listing[Origin]:
    """The leads that a client comes from."""
    return _origins(tx, "client", client_id)


@endpoints.get("/deals/{deal_id}/leads", "deal.see")
def list_leads_of_deal(tx: Tx, deal_id: Id) -> Listing[Origin]:
    """The leads that a deal comes from."""
    return _origins(tx, "deal", deal_id)
