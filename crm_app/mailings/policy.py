"""Who sees and changes mailings: a letter is seen by who sees both the mailing and the card that it goes to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, or_

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.clients.models import Client
from crm_app.contacts.models import Contact
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, Rule, by_scope, employees, exists_visible, holders, policy
from crm_app.leads.models import Lead
from crm_app.mailings.models import Attempt, Delivery, Mailing, SenderIdentity, Suppression

grant("mailing.see", head="department", marketer="all")
grant("mailing.change", head="department", marketer="all")
grant("mailing.send", head="department", marketer="all")
grant("suppression.manage", head="all", marketer="all")
grant("sender.manage")

register(CardKind("mailing", number=4, model=Mailing, href="/mailings/{id}", title=Mailing.name))

_seen = by_scope(Mailing.responsible_id, "mailing.see")
_GO_TO: tuple[tuple[Any, Any], ...] = (
    (Client, Delivery.client_id), (Contact, Delivery.contact_id), (Lead, Delivery.lead_id),
)  # fmt: skip


def _deliveries(actor: Actor) -> Condition:
    if not actor.may("mailing.see"):
        return False
    of_mailings = exists_visible(Mailing, Delivery.mailing_id, actor)
    if all(actor.reaches_all(f"{model.__card__}.see") for model, _ in _GO_TO):
        return of_mailings
    return of_mailings & or_(*(_to_seen(model, card_id, actor) for model, card_id in _GO_TO))


def _to_seen(model: Any, card_id: Any, actor: Actor) -> ColumnElement[bool]:
    """Letters to cards of one kind that the actor sees, those in the bin too."""
    if actor.reaches_all(f"{model.__card__}.see"):
        named: ColumnElement[bool] = card_id.is_not(None)
        return named
    return exists_visible(model, card_id, actor, with_bin=True)


def _attempts(actor: Actor) -> Condition:
    return exists().where(Delivery.id == Attempt.delivery_id, _deliveries(actor)).correlate_except(Delivery)


def _changers(rule: Rule) -> Rule:
    return lambda actor: rule(actor) if actor.may("mailing.send") else False


policy(Mailing, see=_seen, change=by_scope(Mailing.responsible_id, "mailing.change"))
policy(Delivery, see=_deliveries, change=_changers(_deliveries))
policy(Attempt, see=_attempts, change=lambda _: False)
policy(SenderIdentity, see=employees, change=holders("sender.manage"))
# whoever sends must be kept from every suppressed address, so all of them are seen by every employee
policy(Suppression, see=employees, change=holders("suppression.manage"))
