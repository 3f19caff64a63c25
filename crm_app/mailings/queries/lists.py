"""The list of mailings, and one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import and_, or_, select

from crm_app.access.models import Employee
from crm_app.cards.filters import Filter, compile_filter, describe
from crm_app.cards.kinds import openly
from crm_app.clients.fields import FILTERS
from crm_app.core import search
from crm_app.core.door import Tx, query
from crm_app.core.i18n import text
from crm_app.mailings import rules
from crm_app.mailings.fields import MAILING_FILTERS
from crm_app.mailings.models import Mailing, SenderIdentity

PAGE, MOST = 50, 200


@dataclass(frozen=True)
class MailingRow:
    """A line of the list. total: letters to be sent, 0 before the start; waiting: those that are not over yet."""

    __card__: ClassVar[str] = "mailing"

    id: int
    name: str
    title: str
    state: str
    responsible: str
    total: int
    sent: int
    failed: int
    skipped: int
    waiting: int
    start_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True)
class MailingView:
    """One mailing. audience_words: its filter in the reader's language. trouble: why it does not go on, "" if it does.

    may_change, may_send: what this reader may do with it.
    """

    __card__: ClassVar[str] = "mailing"

    id: int
    name: str
    state: str
    sender_id: int
    sender: str
    reply_to: str
    title: str
    body: str
    locale: str
    client_ids: list[int]
    filter: dict[str, Any] | None
    audience_words: str
    start_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    left_out: dict[str, int]
    total: int
    sent: int
    failed: int
    skipped: int
    waiting: int
    trouble: str
    test: dict[str, Any]
    responsible_id: int
    responsible: str
    updated_at: datetime
    may_change: bool
    may_send: bool


@dataclass(frozen=True)
class SenderRow:
    id: int
    address: str
    name: str


@query("mailing.see")
def list_mailings(
    tx: Tx,
    state: str = "",
    where: Filter | None = None,
    q: str = "",
    before: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> list[MailingRow]:
    """Mailings, the last changed first. where: a filter of lists; q: words of their text.

    before: (updated_at, id) of the last line that is known.
    """
    statement = select(Mailing, Employee.name.label("responsible")).outerjoin(
        Employee, Employee.id == Mailing.responsible_id
    )
    if state:
        statement = statement.where(Mailing.state == state)
    if where:
        statement = statement.where(compile_filter(tx, where, MAILING_FILTERS, "mailing"))
    if q.strip():
        in_text = search.has_words(tx.session, "mailing", Mailing.id, q, page=True)
        statement = statement.where(in_text, *openly(tx, "mailing", q))
    if before is not None:
        at, last_id = before
        statement = statement.where(or_(Mailing.updated_at < at, and_(Mailing.updated_at == at, Mailing.id < last_id)))
    statement = statement.order_by(Mailing.updated_at.desc(), Mailing.id.desc()).limit(min(limit, MOST))
    return [_row(mailing, responsible or "") for mailing, responsible in tx.all(statement)]


def _row(m: Mailing, responsible: str) -> MailingRow:
    return MailingRow(
        id=m.id or 0,
        name=m.name,
        title=m.title,
        state=m.state,
        responsible=responsible,
        total=m.total,
        sent=m.sent,
        failed=m.failed,
        skipped=m.skipped,
        waiting=m.total - m.sent - m.failed - m.skipped,
        start_at=m.start_at,
        started_at=m.started_at,
        finished_at=m.finished_at,
        updated_at=m.updated_at,
    )


@query("mailing.see")
def see_mailing(tx: Tx, mailing_id: int) -> MailingView:
    """One mailing with everything that its page shows, the letters apart."""
    m = tx.need(Mailing, mailing_id)
    sender = tx.find(SenderIdentity, m.sender_id)
    responsible = tx.find(Employee, m.responsible_id)
    filter_ = m.audience.get("filter")
    trouble = m.trouble
    return MailingView(
        id=mailing_id,
        name=m.name,
        state=m.state,
        sender_id=m.sender_id or 0,
        sender=f"{sender.name} <{sender.address}>" if sender else "",
        reply_to=m.reply_to,
        title=m.title,
        body=m.body,
        locale=m.locale,
        client_ids=m.audience.get("ids", []),
        filter=filter_,
        audience_words=describe(tx, filter_, FILTERS, "client") if filter_ is not None else "",
        start_at=m.start_at,
        started_at=m.started_at,
        finished_at=m.finished_at,
        left_out=m.left_out,
        total=m.total,
        sent=m.sent,
        failed=m.failed,
        skipped=m.skipped,
        waiting=m.total - m.sent - m.failed - m.skipped,
        trouble=text(trouble["key"], tx.actor.locale, **trouble["params"]) if trouble else "",
        test=m.test,
        responsible_id=m.responsible_id or 0,
        responsible=responsible.name if responsible else "",
        updated_at=m.updated_at,
        may_change=tx.actor.may("mailing.change") and m.state in (rules.DRAFT, rules.SCHEDULED),
        may_send=tx.actor.may("mailing.send"),
    )


@query("mailing.see")
def list_senders(tx: Tx) -> list[SenderRow]:
    """The names and addresses that mailings may come from."""
    return [SenderRow(s.id, s.address, s.name) for s in tx.all(select(SenderIdentity).order_by(SenderIdentity.name))]
