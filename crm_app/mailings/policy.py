"""Who sees and changes mailings: a letter to a client is seen by who sees both the mailing and the client."""

from __future__ import annotations

from sqlalchemy import exists

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.clients.models import Client
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, Rule, by_scope, employees, exists_visible, holders, policy
from crm_app.mailings.models import Attempt, Delivery, Mailing, SenderIdentity, Suppression

grant("mailing.see", head="department", marketer="all")
grant("mailing.change", head="department", marketer="all")
grant("mailing.send", head="department", marketer="all")
grant("suppression.manage", head="all", marketer="all")
grant("sender.manage")

register(CardKind("mailing", number=4, model=Mailing, href="/mailings/{id}", title=Mailing.name))

_seen = by_scope(Mailing.responsible_id, "mailing.see")


def _deliveries(actor: Actor) -> Condition:
    if not actor.may("mailing.see"):
        return False
    of_mailings = exists_visible(Mailing, Delivery.mailing_id, actor)
    if actor.reaches_all("client.see"):
        return of_mailings
    return of_mailings & exists_visible(Client, Delivery.client_id, actor, with_bin=True)


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
