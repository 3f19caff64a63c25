"""What lists of mailings, and of the letters of one, can be filtered and sorted by."""

from __future__ import annotations

from typing import Any

from crm_app.cards.filter_fields import employee_field, fields_of_every_card, in_index
from crm_app.cards.filters import FilterField
from crm_app.core.actor import Actor
from crm_app.mailings.models import Delivery, Mailing
from crm_app.mailings.recipients import RECIPIENTS
from crm_app.mailings.rules import Card

SORTS: dict[str, tuple[Any, ...]] = {
    "state": (Mailing.state,),
    "total": (Mailing.total,),
    "start_at": (Mailing.start_at,),
    "created_at": (Mailing.created_at,),
    "updated_at": (Mailing.updated_at,),
}


MAILING_FILTERS: dict[str, FilterField] = {
    "name": FilterField("text", "field.mailing.name", Mailing.name, search=in_index("mailing", Mailing.id)),
    "title": FilterField("text", "field.mailing.title", Mailing.title, search=in_index("mailing", Mailing.id)),
    "state": FilterField("choice", "mailings.state", Mailing.state),
    "sender_id": FilterField("number", "field.mailing.sender_id", Mailing.sender_id),
    "responsible_id": employee_field(Mailing.responsible_id),
    "total": FilterField("number", "mailings.figure.chosen", Mailing.total),
    "failed": FilterField("number", "mailings.letter_state.failed", Mailing.failed),
    "start_at": FilterField("moment", "mailings.when.start_at", Mailing.start_at),
    "created_at": FilterField("moment", "field.mailing.created_at", Mailing.created_at),
    "updated_at": FilterField("moment", "field.mailing.updated_at", Mailing.updated_at),
    **fields_of_every_card("mailing", Mailing.id),
}
_LETTER_FILTERS: dict[str, FilterField] = {
    "state": FilterField("choice", "mailings.result.state", Delivery.state),
    "address": FilterField("text", "mailings.result.address", Delivery.address),
    **{
        f"{card}_id": FilterField("number", "mailings.result.recipient", kind.delivery)
        for card, kind in RECIPIENTS.items()
    },
    "attempts": FilterField("number", "mailings.result.attempts", Delivery.attempts),
    "closed_at": FilterField("moment", "mailings.result.closed_at", Delivery.closed_at),
}


def letter_filters(actor: Actor, card: Card) -> dict[str, FilterField]:
    """By what the actor may filter letters to cards of a kind: not by addresses that they may not see."""
    unseen = {"address"} if sees_no_addresses(actor, card) else set()
    return {name: field for name, field in _LETTER_FILTERS.items() if name not in unseen}


def sees_no_addresses(actor: Actor, card: Card) -> bool:
    """Whether addresses of cards of a kind are hidden from the actor: then they must not be found by them either."""
    return "email" in RECIPIENTS[card].hidden_fields(actor)
