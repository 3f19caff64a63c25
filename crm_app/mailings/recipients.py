"""The kinds of card that letters go to, and one such card as a letter sees it: the merge values of one recipient."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select

from crm_app.access.models import Employee
from crm_app.cards.models import CardEmail, CardPhone
from crm_app.cards.queries.listed import Listed
from crm_app.clients.models import Client
from crm_app.clients.queries import CLIENTS
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.contacts.queries import CONTACTS
from crm_app.core.actor import Actor
from crm_app.core.names import split_person
from crm_app.core.policy import visible
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import LEADS
from crm_app.mailings.models import Delivery
from crm_app.mailings.rules import CARDS, Card

Values = dict[str, str]


@dataclass(frozen=True)
class RecipientKind:
    """Cards of one kind as recipients.

    delivery: the column of a delivery that names one. made_of: merge field → the fields of the card that show through
    it. columns: what `read` needs of each beside phone and responsible, as the actor may see it; known: names of
    columns of the card itself among them. read: from such a row its own merge values.
    """

    card: Card
    model: Any
    listed: Listed
    delivery: Any
    made_of: Mapping[str, set[str]]
    known: Collection[str]
    columns: Callable[[Actor], tuple[Any, ...]]
    read: Callable[[Any], Values]

    def main_email(self) -> ColumnElement[bool]:
        """Joins a card with the one address that is written to."""
        return and_(CardEmail.card == self.card, CardEmail.card_id == self.model.id, CardEmail.position == 0)

    def values_for(self, sender: Actor) -> tuple[Any, ...]:
        """What `merge_values` reads, beside the address. sender: in whose name it is read."""
        return (*self.columns(sender), CardPhone.number.label("phone"), Employee.name.label("responsible"))

    def with_values(self, statement: Select[Any]) -> Select[Any]:
        """Join a select of cards with the other tables of `values_for`."""
        phone = and_(CardPhone.card == self.card, CardPhone.card_id == self.model.id, CardPhone.position == 0)
        return statement.outerjoin(CardPhone, phone).outerjoin(Employee, Employee.id == self.model.responsible_id)

    def sample_columns(self, extra: Iterable[Any], sender: Actor) -> Select[Any]:
        """A select of cards with their main address and everything that merge values need."""
        chosen = select(*extra, *self.values_for(sender), CardEmail.address).select_from(self.model)
        return self.with_values(chosen.outerjoin(CardEmail, self.main_email()))

    def merge_values(self, row: Any, address: str) -> Values:
        """Merge values from a row of `values_for`."""
        told = {"email": address, "phone": row.phone or "", "city": row.city, "responsible": row.responsible or ""}
        return {**self.read(row), **told}

    def hidden_fields(self, actor: Actor) -> set[str]:
        """Merge fields that would show an actor what is hidden from them."""
        hidden = actor.hidden.get(self.card, frozenset())
        of_other_cards = {"company"} if self.card == "contact" and not _sees_workplaces(actor) else set()
        return {name for name, made_of in self.made_of.items() if made_of & hidden} | of_other_cards

    def seen_values(self, values: Values, actor: Actor) -> Values:
        """Values as an actor may see them."""
        hidden = self.hidden_fields(actor)
        return {name: "" if name in hidden else value for name, value in values.items()}


def _reached(names: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Merge fields that every kind has, and those of one kind."""
    return {
        "email": {"emails", "email"},
        "phone": {"phones", "phone"},
        "city": {"city"},
        "responsible": {"responsible_id", "responsible"},
        **names,
    }


def _of_client(row: Any) -> Values:
    """The person of a company is its contact; a person's company, the employer."""
    is_person = row.kind == "person"
    person = row.name if is_person else row.contact_name
    parts = split_person(person or "")
    return {
        "first_name": parts.first_name,
        "last_name": parts.last_name,
        "name": person or row.name,
        "company": row.employer if is_person else row.name,
    }


def _of_contact(row: Any) -> Values:
    return {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "name": row.name,
        "company": row.company or "",
    }


def _of_lead(row: Any) -> Values:
    """What employees call a lead stands in no letter: it may be "Wants a lathe, call back"."""
    parts = split_person(row.person)
    return {
        "first_name": parts.first_name,
        "last_name": parts.last_name,
        "name": row.person or row.organisation,
        "company": row.organisation,
    }


def _sees_workplaces(actor: Actor) -> bool:
    hidden = (actor.hidden.get("client", frozenset()), actor.hidden.get("contact", frozenset()))
    return actor.may("client.see") and "name" not in hidden[0] and "client" not in hidden[1]


def _workplace(sender: Actor) -> Any:
    """The name of the client where a contact works, as lists have it: of those that the sender sees.

    The worker sees them all: a letter that it fills must not tell of a client from whom its sender is kept.
    """
    if not _sees_workplaces(sender):
        return literal("")
    place = (
        select(Client.name)
        .select_from(ContactAtClient)
        .join(Client, Client.id == ContactAtClient.client_id)
        .where(ContactAtClient.contact_id == Contact.id, ContactAtClient.until.is_(None), visible(Client, sender))
        .order_by(ContactAtClient.is_main.desc(), Client.sort_name, Client.id)
        .limit(1)
    )
    return place.correlate(Contact).scalar_subquery()


def _contact_columns(sender: Actor) -> tuple[Any, ...]:
    own = (Contact.name, Contact.first_name, Contact.last_name, Contact.city)
    return (*own, _workplace(sender).label("company"))


_CLIENT_COLUMNS = (Client.kind, Client.name, Client.contact_name, Client.employer, Client.city)
_LEAD_COLUMNS = (Lead.name, Lead.person, Lead.organisation, Lead.city)
_CLIENT_PERSON, _LEAD_PERSON = {"name", "contact_name"}, {"person"}

RECIPIENTS: dict[str, RecipientKind] = {
    "client": RecipientKind(
        "client", Client, CLIENTS, Delivery.client_id,
        _reached({
            "first_name": _CLIENT_PERSON, "last_name": _CLIENT_PERSON, "name": _CLIENT_PERSON,
            "company": {"name", "employer"},
        }),
        ("name", "city"), lambda _: _CLIENT_COLUMNS, _of_client,
    ),
    "contact": RecipientKind(
        "contact", Contact, CONTACTS, Delivery.contact_id,
        _reached({
            "first_name": {"first_name", "name"}, "last_name": {"last_name", "name"}, "name": {"name"},
            "company": {"client"},
        }),
        ("name", "city"), _contact_columns, _of_contact,
    ),
    "lead": RecipientKind(
        "lead", Lead, LEADS, Delivery.lead_id,
        _reached({
            "first_name": _LEAD_PERSON, "last_name": _LEAD_PERSON, "name": {"person", "organisation"},
            "company": {"organisation"},
        }),
        ("name", "organisation", "city"), lambda _: _LEAD_COLUMNS, _of_lead,
    ),
}  # fmt: skip
"""By kind of card."""


def card_of_delivery(delivery: Delivery) -> tuple[str, int]:
    """The kind and id of the card that a letter goes to, ("", 0) where that was removed for good."""
    ids = {card: getattr(delivery, kind.delivery.key) for card, kind in RECIPIENTS.items()}
    return next(((card, card_id) for card, card_id in ids.items() if card_id), ("", 0))


def has_card() -> ColumnElement[bool]:
    """The card that a letter goes to is still there."""
    return or_(*(kind.delivery.is_not(None) for kind in RECIPIENTS.values()))


def kinds_seen(actor: Actor) -> list[Card]:
    """Kinds of card that the actor may write to."""
    return [card for card in CARDS if actor.may(f"{card}.see")]
