"""A conversion taken back: the lead is a lead again, and what was made of it goes unless it was worked on since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import func, select, union_all

from crm_app.cards.hanging import lets_go, outlives
from crm_app.cards.kinds import KINDS
from crm_app.cards.rights import is_reached
from crm_app.cards.ways import emails_of, phones_of
from crm_app.clients.actions.cards import change_client, remove_client
from crm_app.contacts.actions.cards import change_contact, remove_contact
from crm_app.contacts.actions.places import unlink_contact
from crm_app.contacts.models import ContactAtClient
from crm_app.core.door import Tx, action
from crm_app.core.errors import RuleBroken
from crm_app.core.events import FactLink, FactRow
from crm_app.deals.actions.cards import change_deal, delete_deal
from crm_app.deals.drafts import DealDraft
from crm_app.duplicates.rules import taken_apart
from crm_app.duplicates.snapshots import read, write
from crm_app.leads.actions.carrying import carry_back
from crm_app.leads.actions.converting import BECAME, STOOD
from crm_app.leads.events import ConversionUndone
from crm_app.leads.models import Lead, LeadConversion
from crm_app.leads.queries.converting import BECOMES, cards_of, standing_conversion
from crm_app.pipelines.models import LEAD

_REMOVE: dict[str, Callable[..., Any]] = {"contact": remove_contact, "client": remove_client, "deal": delete_deal}


@dataclass(frozen=True)
class Unconverted:
    """A lead again. removed: kinds of cards that went to the bin; kept: of those that stay, since they were worked on
    after the conversion or are not the actor's to delete; left: fields of cards that stay as they are, since they were
    changed after it ("client.city").
    """

    lead_id: int
    removed: list[str]
    kept: list[str]
    left: list[str]


@action("lead.change")
def undo_conversion(tx: Tx, lead_id: int) -> Unconverted:
    """Take a conversion back: everything is as it was before it, save what people have done to the cards since.

    Cards that it has added go to the bin, unless anything has happened to them since, or the actor may not delete them;
    fields that it has filled are empty again, unless they were changed; what it has brought over comes back to the
    lead. Raises RuleBroken for a lead that is not converted.
    """
    lead = tx.need(Lead, lead_id)
    tx.check_change(lead)
    conversion = standing_conversion(tx, lead_id)
    if conversion is None:
        raise RuleBroken("leads.error.not_converted")
    cards, snapshot = cards_of(conversion), conversion.snapshot
    last, made = _last_fact(tx, lead_id), [kind for kind in reversed(snapshot["made"]) if kind in cards]
    busy = {kind for kind in made if _was_touched(tx, kind, cards[kind], last)}
    carry_back(tx, lead_id, cards, snapshot["brought"])
    left = _set_back(tx, cards, snapshot["changed"])
    _unlink(tx, cards, snapshot["place"])
    removed, kept = _remove(tx, cards, made, busy)
    _stand_again(tx, lead, snapshot)
    conversion.undone_at, conversion.snapshot = tx.now, {}
    tx.record(ConversionUndone(card_id=lead_id, named={LEAD: lead_id, **cards}, kept=kept))
    return Unconverted(lead_id, removed, kept, left)


def _last_fact(tx: Tx, lead_id: int) -> int:
    """The fact with which the conversion ended: what has a later id has happened since."""
    names = [fact.__name__ for fact in BECAME.values()]
    facts = select(func.max(FactRow.id)).where(FactRow.card == LEAD, FactRow.card_id == lead_id)
    return int(tx.scalar(facts.where(FactRow.name.in_(names))) or 0)


def _was_touched(tx: Tx, card: str, card_id: int, last: int) -> bool:
    own = select(FactRow.id).where(FactRow.card == card, FactRow.card_id == card_id, FactRow.id > last)
    linked = select(FactLink.fact_id).where(FactLink.card == card, FactLink.card_id == card_id, FactLink.fact_id > last)
    return tx.one(select(union_all(own, linked).subquery().c[0])) is not None


def _set_back(tx: Tx, cards: dict[str, int], changed: dict[str, dict[str, list[Any]]]) -> list[str]:
    """Empty what was filled on cards that were there before; gives the fields that stay as they are."""
    left: list[str] = []
    for kind, fields in ((kind, changed[kind]) for kind in cards if kind in changed):
        row = tx.find(KINDS[kind].model, cards[kind])
        if row is None or not (tx.actor.may(f"{kind}.change") and tx.may_change(row)):
            left += [f"{kind}.{name}" for name in fields]
            continue
        now = {name: _value(tx, kind, row, name) for name in fields}
        values = {name: taken_apart(before, after, now[name]) for name, (before, after) in fields.items()}
        left += [f"{kind}.{name}" for name in fields if now[name] != fields[name][1]]
        told = {name: value for name, value in values.items() if value != now[name]}
        if told:
            _write(tx, kind, cards[kind], told)
    return sorted(left)


def _value(tx: Tx, card: str, row: Any, name: str) -> Any:
    if name == "phones":
        return [str(phone) for phone in phones_of(tx, card, row.id)]
    return emails_of(tx, card, row.id) if name == "emails" else getattr(row, name)


def _write(tx: Tx, card: str, card_id: int, values: dict[str, Any]) -> None:
    if card == "deal":
        tx.do(change_deal, card_id, DealDraft(**values))
    else:
        tx.do(cast("Any", change_contact if card == "contact" else change_client), card_id, values)


def _unlink(tx: Tx, cards: dict[str, int], was: dict[str, Any] | None) -> None:
    """The person does not work at the company any more, unless somebody has said more of it since."""
    both = (cards.get("contact"), cards.get("client"))
    place = tx.find(ContactAtClient, both) if was and None not in both else None
    if place is None or not tx.may_change(place):
        return
    if {"position": place.position, "is_main": place.is_main} == was and (place.since, place.until) == (None, None):
        tx.do(unlink_contact, place.contact_id, place.client_id)


def _remove(tx: Tx, cards: dict[str, int], made: list[str], busy: set[str]) -> tuple[list[str], list[str]]:
    """Move what was added to the bin; gives the kinds that went and those that stay. What is there already is neither.

    A client stays where its deal does.
    """
    removed: list[str] = []
    kept: list[str] = []
    for kind in made:
        row = tx.find(KINDS[kind].model, cards[kind])
        if row is None and _is_in_bin(tx, kind, cards[kind]):
            continue
        is_theirs = row is not None and tx.actor.may(f"{kind}.delete") and is_reached(tx.actor, f"{kind}.delete", row)
        if kind in busy or not is_theirs or (kind == "client" and "deal" in kept):
            kept.append(kind)
        else:
            tx.do(_REMOVE[kind], cards[kind])
            removed.append(kind)
    return removed, kept


def _is_in_bin(tx: Tx, kind: str, card_id: int) -> bool:
    with tx.with_bin():
        return tx.find(KINDS[kind].model, card_id) is not None


def _stand_again(tx: Tx, lead: Lead, snapshot: dict[str, Any]) -> None:
    """The lead is where it was, unless it has gone elsewhere.

    Its version goes on: a card that was opened before must not fit once more, and write over what came in between.
    """
    before, after = snapshot["before"], snapshot["after"]
    tx.announce(f"stage:{lead.stage_id}", f"stage:{before['stage_id']}")
    if lead.stage_id == after["stage_id"]:
        for name in STOOD:
            if read(lead, name) == after[name]:
                write(lead, name, before[name])
    is_untouched = lead.version == after["version"]
    lead.converted_at, lead.updated_at = None, tx.now
    lead.version += 1
    if is_untouched:
        write(lead, "updated_at", before["updated_at"])


outlives(LeadConversion, "lead_id", "cards go on telling where they come from, and show the history of that lead")
for _kind in BECOMES:
    lets_go(LeadConversion, f"{_kind}_id", _kind)
