"""Addresses that no mailing reaches, and what the link of a letter names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from crm_app.core import installation
from crm_app.core.door import Tx, query
from crm_app.mailings.letter import TEST_DELIVERY, link_secret
from crm_app.mailings.models import Delivery, Mailing, Suppression
from crm_app.mailings.tokens import read_unsubscribe_token

PAGE, MOST = 50, 200


@dataclass(frozen=True)
class Subscription:
    """Whose letters a link ends, and whose they are. address: "" for a test letter's link. is_over: ended already."""

    address: str
    company: str
    is_over: bool


@dataclass(frozen=True)
class SuppressionRow:
    address: str
    reason: str
    note: str
    mailing_id: int
    mailing: str
    at: datetime


@query("suppression.manage")
def list_suppressions(
    tx: Tx, words: str = "", before: tuple[datetime, str] | None = None, limit: int = PAGE
) -> list[SuppressionRow]:
    """Addresses that no mailing reaches, the latest first. before: (at, address) of the last line that is known."""
    statement = select(Suppression, Mailing.name).outerjoin(Mailing, Mailing.id == Suppression.mailing_id)
    if words.strip():
        statement = statement.where(Suppression.address.contains(words.strip().lower(), autoescape=True))
    if before is not None:
        at, last = before
        older = and_(Suppression.at == at, Suppression.address > last)
        statement = statement.where(or_(Suppression.at < at, older))
    rows = tx.all(statement.order_by(Suppression.at.desc(), Suppression.address).limit(min(limit, MOST)))
    return [SuppressionRow(s.address, s.reason, s.note, s.mailing_id or 0, name or "", s.at) for s, name in rows]


@query("mailing.unsubscribe")
def find_subscription(tx: Tx, token: str) -> Subscription:
    """What the link of a letter names; changes nothing. Raises NotFound for a token that is not ours."""
    delivery_id = read_unsubscribe_token(link_secret(), token)
    company = str(installation.get(tx, "company", ""))
    if delivery_id == TEST_DELIVERY:
        return Subscription("", company, is_over=False)
    delivery = tx.need(Delivery, delivery_id)
    return Subscription(delivery.address, company, is_over=tx.find(Suppression, delivery.address) is not None)
