"""Who got a mailing, who did not, and what the other side said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from crm_app.cards.filters import Filter, compile_filter
from crm_app.core import installation, search
from crm_app.core.door import Tx, query
from crm_app.core.folding import fold
from crm_app.core.policy import past_the_policies
from crm_app.mailings import rules
from crm_app.mailings.fields import letter_filters, sees_no_addresses
from crm_app.mailings.models import Attempt, Delivery, Mailing, SenderIdentity
from crm_app.mailings.recipients import RECIPIENTS, RecipientKind
from crm_app.mailings.tokens import delivery_key

PAGE, MOST = 50, 200


@dataclass(frozen=True)
class DeliveryRow:
    """A recipient's letter. outcome, code, status, answer: of the last attempt.

    card: the kind of card that it goes to, card_id and name: which one, 0 and "" where that was removed for good.
    client_id, client: the same, where that is a client.
    """

    id: int
    card: str
    card_id: int
    name: str
    client_id: int
    client: str
    address: str
    state: str
    reason: str
    attempts: int
    next_at: datetime
    closed_at: datetime | None
    outcome: str
    code: int
    status: str
    answer: str
    message_id: str


@dataclass(frozen=True)
class AttemptRow:
    n: int
    at: datetime
    outcome: str
    code: int
    status: str
    answer: str


@query("mailing.see")
def list_deliveries(
    tx: Tx,
    mailing_id: int,
    state: str = "",
    where: Filter | None = None,
    q: str = "",
    after: int = 0,
    limit: int = PAGE,
) -> list[DeliveryRow]:
    """The letters of a mailing in order, each with its last attempt.

    where: a filter of lists; q: a part of the address, or words of the card; after: the id of the last known line.
    """
    mailing = tx.need(Mailing, mailing_id)
    kind = RECIPIENTS[rules.card_of(mailing.audience)]
    last = and_(Attempt.delivery_id == Delivery.id, Attempt.n == Delivery.attempts)
    statement = (
        select(Delivery, kind.model.name, Attempt.outcome, Attempt.code, Attempt.status, Attempt.answer)
        .outerjoin(kind.model, kind.model.id == kind.delivery)
        .outerjoin(Attempt, last)
        .where(Delivery.mailing_id == mailing_id, Delivery.id > after)
    )
    if state:
        states = (rules.QUEUED, rules.IN_HAND) if state == rules.QUEUED else (state,)
        statement = statement.where(Delivery.state.in_(states))
    if where:
        statement = statement.where(compile_filter(tx, where, letter_filters(tx.actor, kind.card), kind.card))
    if q.strip():
        statement = statement.where(_in_letter(tx, kind, q))
    sender = tx.find(SenderIdentity, mailing.sender_id)
    domain = sender.address.rpartition("@")[2] if sender else ""
    installation_id = str(installation.get(tx, "installation_id", ""))
    return [
        _delivery_row(tx, kind, row, f"<{delivery_key(installation_id, row.Delivery.id)}@{domain}>")
        for row in tx.all(statement.order_by(Delivery.id).limit(min(limit, MOST)))
    ]


def _in_letter(tx: Tx, kind: RecipientKind, q: str) -> ColumnElement[bool]:
    """The index knows addresses too: who may not see them finds letters by the card's name alone."""
    if sees_no_addresses(tx.actor, kind.card):
        return and_(*(kind.model.sort_name.contains(word, autoescape=True) for word in fold(q).split()))
    by_card = search.has_words(tx.session, kind.card, kind.delivery, q)
    return or_(Delivery.address.contains(q.strip().lower(), autoescape=True), by_card)


def _delivery_row(tx: Tx, kind: RecipientKind, row: Any, message_id: str) -> DeliveryRow:
    delivery = row.Delivery
    card_id, name = getattr(delivery, kind.delivery.key) or 0, row.name or ""
    is_client = kind.card == "client"
    return DeliveryRow(
        id=delivery.id,
        card=kind.card,
        card_id=card_id,
        name=name,
        client_id=card_id if is_client else 0,
        client=name if is_client else "",
        address=kind.seen_values({"email": delivery.address}, tx.actor)["email"],
        state=delivery.state,
        reason=delivery.reason,
        attempts=delivery.attempts,
        next_at=delivery.next_at,
        closed_at=delivery.closed_at,
        outcome=row.outcome or "",
        code=row.code or 0,
        status=row.status or "",
        answer=row.answer or "",
        message_id=message_id,
    )


@query("mailing.see")
def list_attempts(tx: Tx, delivery_id: int) -> list[AttemptRow]:
    """Every attempt to hand one letter over, the first first."""
    tx.need(Delivery, delivery_id)
    rows = tx.all(select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.n).limit(MOST))
    return [AttemptRow(a.n, a.at, a.outcome, a.code, a.status, a.answer) for a in rows]


def tally(tx: Tx, mailing: Mailing) -> dict[str, int]:
    """How many letters of a mailing are in each state: of all its recipients, whoever asks."""
    counting = select(Delivery.state, func.count()).where(Delivery.mailing_id == mailing.id).group_by(Delivery.state)
    with past_the_policies(tx.session):
        return dict(tx.all(counting))
