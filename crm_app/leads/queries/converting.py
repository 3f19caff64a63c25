"""What a lead may become, what it has become, and where cards come from."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select

from crm_app.cards.kinds import KINDS, need_card
from crm_app.cards.ways import emails_of, phones_of
from crm_app.clients.alike import Alike
from crm_app.clients.queries import find_duplicates
from crm_app.contacts.queries import find_contact_duplicates, workplaces
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.deals.models import Deal
from crm_app.leads import rules
from crm_app.leads.models import Lead, LeadConversion
from crm_app.pipelines.models import LEAD, Stage
from crm_app.pipelines.rules import HOLD, OPEN

BECOMES = ("contact", "client", "deal")
"""Kinds of cards that a lead becomes, in the order in which they are made."""
_MOST_DEALS = 30


@dataclass(frozen=True)
class OpenDeal:
    """A deal of one of the proposed clients that is still going on."""

    __card__: ClassVar[str] = "deal"

    id: int
    number: str
    name: str
    client_id: int


@dataclass(frozen=True)
class Proposals:
    """What a lead may become. contacts, clients: those that match, the surest first; id 0: one that the actor may not
    see, responsible tells whom to ask. may_create: kinds of cards that the actor may add.
    """

    lead_id: int
    version: int
    contact_name: str
    client_name: str
    client_kind: str
    deal_name: str
    responsible_id: int
    contacts: list[Alike]
    clients: list[Alike]
    deals: list[OpenDeal]
    may_create: list[str]


@dataclass(frozen=True)
class Became:
    """A card that a lead has become. name: "" for one that the reader may not see, or that is in the bin."""

    card: str
    id: int
    name: str


@dataclass(frozen=True)
class Origin:
    """The lead that a card comes from. is_seen: whether the reader sees that too; a hidden field is blank."""

    __card__: ClassVar[str] = "lead"

    lead_id: int
    name: str
    source: str
    channel: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    interest: str
    converted_at: datetime
    is_seen: bool


@query("lead.see")
def propose_conversion(tx: Tx, lead_id: int) -> Proposals:
    """What a lead may become: cards that match by phone, e-mail or name, and what new ones would be called.

    Raises NotFound. What is hidden of leads from the actor finds nothing.
    """
    lead = tx.need(Lead, lead_id)
    hidden = tx.actor.hidden.get(LEAD, frozenset())
    said = {name: "" if name in hidden else getattr(lead, name) for name in ("person", "organisation", "interest")}
    ways = {
        "phones": [] if "phones" in hidden else [phone.number for phone in phones_of(tx, LEAD, lead_id)],
        "emails": [] if "emails" in hidden else emails_of(tx, LEAD, lead_id),
    }
    contacts = _asked(tx, "contact.see", find_contact_duplicates, name=said["person"], **ways)
    kind = "company" if said["organisation"] else "person"
    client_name = said["organisation"] or said["person"]
    clients = _asked(tx, "client.see", find_duplicates, name=client_name, kind=kind, **ways)
    clients = _with_workplaces(tx, clients, contacts) if kind == "company" or not clients else clients
    return Proposals(
        lead_id=lead_id, version=lead.version, contact_name=said["person"], client_name=client_name, client_kind=kind,
        deal_name=rules.deal_name("" if "name" in hidden else lead.name, said["interest"]),
        responsible_id=lead.responsible_id or 0, contacts=contacts, clients=clients,
        deals=_open_deals(tx, [each.id for each in clients if each.id]),
        may_create=[each for each in BECOMES if tx.actor.may(f"{each}.create")],
    )  # fmt: skip


@query("lead.see")
def list_open_deals(tx: Tx, client_id: int) -> list[OpenDeal]:
    """Deals of a client that are still going on, the latest first; none for who sees no deals."""
    return _open_deals(tx, [client_id])


@query("lead.see")
def see_conversion(tx: Tx, lead_id: int) -> list[Became]:
    """What a lead has become; nothing for one that is not converted. Raises NotFound."""
    tx.need(Lead, lead_id)
    conversion = standing_conversion(tx, lead_id)
    cards = cards_of(conversion) if conversion else {}
    return [Became(kind, cards[kind], _name(tx, kind, cards[kind])) for kind in BECOMES if kind in cards]


@query(LOGGED_IN)
def list_origins(tx: Tx, card: str, card_id: int) -> list[Origin]:
    """The leads that a contact, a client or a deal comes from, the latest first. Raises NotFound."""
    need_card(tx, card, card_id)
    if card not in BECOMES:
        return []
    columns = [getattr(LeadConversion, each.name) for each in fields(Origin) if each.name != "is_seen"]
    of_card = getattr(LeadConversion, f"{card}_id") == card_id
    wanted = select(*columns).where(of_card, LeadConversion.undone_at.is_(None))
    rows = tx.all(wanted.order_by(LeadConversion.id.desc()).limit(_MOST_DEALS))
    ids = [row.lead_id for row in rows]
    seen = set(tx.all(select(Lead.id).where(Lead.id.in_(ids)))) if ids and tx.actor.may("lead.see") else set()
    return [Origin(**row._asdict(), is_seen=row.lead_id in seen) for row in rows]


def standing_conversion(tx: Tx, lead_id: int) -> LeadConversion | None:
    """The conversion of a lead that is not taken back."""
    standing = select(LeadConversion).where(LeadConversion.lead_id == lead_id, LeadConversion.undone_at.is_(None))
    found: LeadConversion | None = tx.one(standing.order_by(LeadConversion.id.desc()))
    return found


def cards_of(conversion: LeadConversion) -> dict[str, int]:
    """What a lead has become, kind → id."""
    found = {kind: getattr(conversion, f"{kind}_id") for kind in BECOMES}
    return {kind: card_id for kind, card_id in found.items() if card_id is not None}


def _asked(tx: Tx, permission: str, question: Any, **described: Any) -> list[Alike]:
    found: list[Alike] = tx.do(question, **described) if tx.actor.may(permission) else []
    return found


def _with_workplaces(tx: Tx, clients: list[Alike], contacts: list[Alike]) -> list[Alike]:
    """Clients where those contacts work are proposed too."""
    known = {each.id for each in clients}
    places = workplaces(tx, [each.id for each in contacts if each.id])
    found = {place.id: Alike(place.id, place.name, "", "contact") for some in places.values() for place in some}
    return [*clients, *(each for card_id, each in found.items() if card_id not in known)]


def _open_deals(tx: Tx, client_ids: list[int]) -> list[OpenDeal]:
    if not client_ids or not tx.actor.may("deal.see"):
        return []
    wanted = select(Deal.id, Deal.number, Deal.name, Deal.client_id).join(Stage, Stage.id == Deal.stage_id)
    wanted = wanted.where(Deal.client_id.in_(client_ids), Stage.kind.in_((OPEN, HOLD)))
    return [OpenDeal(*row) for row in tx.all(wanted.order_by(Deal.id.desc()).limit(_MOST_DEALS))]


def _name(tx: Tx, card: str, card_id: int) -> str:
    row = tx.find(KINDS[card].model, card_id) if tx.actor.may(f"{card}.see") else None
    return KINDS[card].title_of(row) if row is not None else ""
