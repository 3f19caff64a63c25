"""A lead becomes a contact, a client, a deal, or several of these: new ones, or ones that are there already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import select

from crm_app.cards.actions.changing import oneself
from crm_app.cards.actions.field_values import of_what_is_known
from crm_app.cards.cleaning import MOST_WAYS
from crm_app.cards.merged import standing
from crm_app.cards.ways import emails_of, phones_of
from crm_app.clients.actions.cards import add_client, change_client
from crm_app.clients.models import Client
from crm_app.contacts.actions.cards import add_contact, change_contact
from crm_app.contacts.actions.places import link_contact
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, RuleBroken
from crm_app.deals.actions.cards import change_deal, create_deal
from crm_app.deals.drafts import DealDraft
from crm_app.deals.models import Deal
from crm_app.duplicates.snapshots import read
from crm_app.leads import rules
from crm_app.leads.actions.carrying import carry
from crm_app.leads.actions.moves import move_lead, note_touch
from crm_app.leads.drafts import ClientPart, ContactPart, DealPart
from crm_app.leads.events import ConversionFact, LeadBecameClient, LeadBecameContact, LeadBecameDeal
from crm_app.leads.models import Lead, LeadConversion
from crm_app.pipelines.models import LEAD, Pipeline
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import WON

BECAME: dict[str, type[ConversionFact]] = {
    "contact": LeadBecameContact, "client": LeadBecameClient, "deal": LeadBecameDeal,
}  # fmt: skip
ORIGIN = ("name", "source", "channel", *rules.UTM, "interest")
"""What a conversion remembers of a lead."""
STOOD = ("stage_id", "return_stage_id", "rank", "entered_stage_at", "touched_at", "disqualified_reason")
"""Columns of a lead that a conversion changes and its undoing sets back."""


@dataclass
class Converting:
    """One conversion while it is done.

    cards: what the lead becomes, kind → id. made: kinds of which a card was added. changed: of cards that were there
    already, kind → field → [before, after].
    """

    tx: Tx
    lead: Lead
    responsible_id: int | None
    force: bool
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    cards: dict[str, int] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    changed: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    place: dict[str, Any] | None = None


@action("lead.change")
def convert_lead(
    tx: Tx,
    lead_id: int,
    contact: ContactPart | None = None,
    client: ClientPart | None = None,
    deal: DealPart | None = None,
    responsible_id: int | None = None,
    version: int | None = None,
    force: bool = False,
) -> LeadConversion:
    """Make a contact, a client and a deal of a lead, each if it is told; each may be there already.

    Asks for the right to add what is new, and to see what is there; that is filled in where it is empty, if the actor
    may change it. The lead is qualified. responsible_id: of new cards, the lead's where none is told. version: of the
    lead as it was seen. Without `force`, a card that may be the new one is proposed instead: RuleBroken, as where it is
    added. Raises RuleBroken for a lead that is converted, or may not enter its last stage.
    """
    lead = tx.need(Lead, lead_id)
    tx.check_change(lead)
    if version is not None and version != lead.version:
        raise RuleBroken("core.error.conflict")
    if lead.converted_at is not None:
        raise RuleBroken("leads.error.converted_already")
    if contact is None and client is None and deal is None:
        raise BadInput("leads.error.into_nothing", field="deal")
    contact, client = _as_they_stand(tx, contact, client)
    work = Converting(tx, lead, responsible_id or lead.responsible_id or oneself(tx), force)
    work.phones = [str(phone) for phone in phones_of(tx, LEAD, lead_id)]
    work.emails = emails_of(tx, LEAD, lead_id)
    with of_what_is_known(tx):
        if contact is not None:
            _become_contact(work, contact)
        if client is not None:
            _become_client(work, client, has_contact=contact is not None)
            _link(work)
        if deal is not None:
            _become_deal(work, deal)
    return _settle(work)


def _as_they_stand(
    tx: Tx, contact: ContactPart | None, client: ClientPart | None
) -> tuple[ContactPart | None, ClientPart | None]:
    """The same, by ids of today where cards were merged meanwhile."""
    if contact is not None and contact.id is not None:
        contact = contact.model_copy(update={"id": standing(tx, "contact", contact.id)})
    if client is not None and client.id is not None:
        client = client.model_copy(update={"id": standing(tx, "client", client.id)})
    return contact, client


def _become_contact(work: Converting, part: ContactPart) -> None:
    lead, ways = work.lead, {"phones": work.phones, "emails": work.emails}
    if part.id is not None:
        _fill(work, "contact", work.tx.need(Contact, part.id), {**ways, "city": lead.city})
        return
    values = _told(work, "contact", {"name": part.name or lead.person, **ways, "city": lead.city, "note": lead.note})
    added = work.tx.do(add_contact, cast("Any", values), force=work.force)
    _made(work, "contact", added.id)


def _become_client(work: Converting, part: ClientPart, *, has_contact: bool) -> None:
    """Numbers and addresses are the person's: of the contact, where there is one."""
    lead = work.lead
    ways = {} if has_contact else {"phones": work.phones, "emails": work.emails}
    if part.id is not None:
        about = {**ways, "site": lead.site, "city": lead.city, "inn": part.inn}
        _fill(work, "client", work.tx.need(Client, part.id), about)
        return
    kind = part.kind or ("company" if lead.organisation else "person")
    values = {
        "name": part.name or lead.organisation or lead.person, "kind": kind, "inn": part.inn, **ways,
        "site": lead.site, "city": lead.city, "note": lead.note,
    }  # fmt: skip
    if kind == "company" and not has_contact:
        values |= {"contact_name": lead.person, "position": lead.position}
    added = work.tx.do(add_client, cast("Any", _told(work, "client", values)), force=work.force)
    _made(work, "client", added.id)


def _become_deal(work: Converting, part: DealPart) -> None:
    tx, client_id = work.tx, work.cards.get("client")
    if part.id is not None:
        deal = tx.need(Deal, part.id)
        work.cards["deal"] = part.id
        if client_id is None or deal.client_id == client_id:
            return
        if deal.client_id is not None:
            raise BadInput("leads.error.deal_of_another", field="deal")
        tx.do(change_deal, part.id, DealDraft(client_id=client_id))
        work.changed["deal"] = {"client_id": [None, client_id]}
        return
    values: dict[str, Any] = {"name": part.name or rules.deal_name(work.lead.name, work.lead.interest)}
    told = {"client_id": client_id, "responsible_id": work.responsible_id, "amount": part.amount}
    values |= {name: value for name, value in {**told, "currency": part.currency}.items() if value}
    pipeline_id = part.pipeline_id or _first_pipeline(tx)
    _made(work, "deal", tx.do(create_deal, pipeline_id, DealDraft(**values), stage_id=part.stage_id).id)


def _first_pipeline(tx: Tx) -> int:
    first = select(Pipeline.id).where(Pipeline.card == "deal").order_by(Pipeline.position, Pipeline.id)
    found: int | None = tx.one(first)
    if found is None:
        raise RuleBroken("leads.error.no_deal_pipeline", field="deal")
    return found


def _made(work: Converting, kind: str, card_id: int | None) -> None:
    work.cards[kind] = card_id or 0
    work.made.append(kind)


def _told(work: Converting, card: str, values: dict[str, Any]) -> dict[str, Any]:
    """What the lead says, without fields that the actor may not fill on such a card."""
    told = {name: value for name, value in values.items() if value and name not in work.tx.actor.locked(card)}
    return {**told, "responsible_id": work.responsible_id}


def _fill(work: Converting, card: str, row: Any, values: dict[str, Any]) -> None:
    """Give a card that is there already what it does not have, if the actor may: nothing is written over."""
    tx = work.tx
    work.cards[card] = row.id
    if not (tx.actor.may(f"{card}.change") and tx.may_change(row)):
        return
    known = {"phones": [str(phone) for phone in phones_of(tx, card, row.id)], "emails": emails_of(tx, card, row.id)}
    changed: dict[str, list[Any]] = {}
    for name in values.keys() - tx.actor.locked(card):
        before = known[name] if name in known else getattr(row, name)
        after = _joined(before, values[name]) if name in known else before or values[name]
        if after != before:
            changed[name] = [before, after]
    if changed:
        told = {name: after for name, (_, after) in changed.items()}
        tx.do(cast("Any", change_contact if card == "contact" else change_client), row.id, told)
        work.changed[card] = changed


def _joined(before: list[str], more: list[str]) -> list[str]:
    return [*before, *(each for each in more if each not in before)][: max(MOST_WAYS, len(before))]


def _link(work: Converting) -> None:
    """The person works at the company, unless that is known, or neither card is the actor's to change."""
    tx, contact_id, client_id = work.tx, work.cards.get("contact"), work.cards["client"]
    if contact_id is None or tx.find(ContactAtClient, (contact_id, client_id)) is not None:
        return
    contact, client = tx.need(Contact, contact_id), tx.need(Client, client_id)
    if client.kind == "company" and (tx.may_change(contact) or tx.may_change(client)):
        place = tx.do(link_contact, contact_id, client_id, {"position": work.lead.position})
        work.place = {"position": place.position, "is_main": place.is_main}


def _settle(work: Converting) -> LeadConversion:
    """The lead is qualified, and all that belongs to it goes along."""
    tx, lead = work.tx, work.lead
    before = _stood(lead)
    _qualify(tx, lead)
    lead.converted_at = lead.updated_at = tx.now
    lead.version += 1
    after = _stood(lead)
    home = next(kind for kind in ("deal", "client", "contact") if kind in work.cards)
    conversion = tx.add(
        LeadConversion(
            lead_id=lead.id or 0, **{f"{kind}_id": card_id for kind, card_id in work.cards.items()},
            **{name: getattr(lead, name) for name in ORIGIN}, converted_by_id=oneself(tx), converted_at=tx.now,
        )
    )  # fmt: skip
    conversion.snapshot = {
        "made": work.made, "changed": work.changed, "place": work.place, "before": before, "after": after,
        "brought": carry(tx, lead.id or 0, work.cards, home),
    }  # fmt: skip
    for kind, card_id in work.cards.items():
        tx.record(BECAME[kind](card_id=lead.id or 0, named={LEAD: lead.id or 0, kind: card_id}))
    tx.announce(f"stage:{lead.stage_id}")
    return conversion


def _qualify(tx: Tx, lead: Lead) -> None:
    won = next((stage for stage in stages_of(tx, lead.pipeline_id) if stage.kind == WON), None)
    if won is None or won.id == lead.stage_id:
        note_touch(tx, lead)
    else:
        tx.do(move_lead, lead.id or 0, won.id or 0)


def _stood(lead: Lead) -> dict[str, Any]:
    return {name: read(lead, name) for name in (*STOOD, "version", "updated_at")}
