"""The list of mailings, and one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Select, func, select

from crm_app.access.models import Employee
from crm_app.cards.filters import Filter, compile_filter
from crm_app.cards.kinds import openly
from crm_app.core import search
from crm_app.core.door import Tx, query
from crm_app.core.errors import BadInput
from crm_app.core.i18n import text
from crm_app.core.paging import Order, Page
from crm_app.mailings import rules
from crm_app.mailings.fields import MAILING_FILTERS, SORTS
from crm_app.mailings.models import Mailing, SenderIdentity
from crm_app.mailings.recipients import RECIPIENTS

PAGE = 50


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
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class MailingView:
    """One mailing. card, card_ids: the kind of its recipients, and which of them are ticked; client_ids: the same where
    they are clients. audience_words: its filter in the reader's language. trouble: why it does not go on, "" if it
    does. may_change, may_send: what this reader may do with it.
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
    card: rules.Card
    card_ids: list[int]
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
    sort: str = "-updated_at",
    after: str = "",
    limit: int = PAGE,
) -> Page[MailingRow]:
    """Mailings, the last changed first unless told otherwise. where: a filter of lists; q: words of their text.

    sort: a key of SORTS, "-" before it for the other way round; after: `next` of the page before.
    """
    order = Order.parse(sort, SORTS, Mailing.id)
    columns = (
        Mailing.id, Mailing.name, Mailing.title, Mailing.state, Mailing.total, Mailing.sent, Mailing.failed,
        Mailing.skipped, Mailing.start_at, Mailing.started_at, Mailing.finished_at, Mailing.created_at,
        Mailing.updated_at, Employee.name.label("responsible"),
    )  # fmt: skip
    statement = select(*columns).outerjoin(Employee, Employee.id == Mailing.responsible_id)
    rows, next_ = order.page(tx, _matching(tx, statement, state, where, q, page=True), after, limit)
    return Page([_row(row) for row in rows], next_)


@query("mailing.see")
def count_mailings(tx: Tx, where: Filter | None = None, q: str = "") -> int:
    """How many mailings a filter leaves."""
    return int(tx.scalar(_matching(tx, select(func.count(Mailing.id)), "", where, q)))


def _matching(
    tx: Tx, statement: Select[Any], state: str, where: Filter | None, q: str, *, page: bool = False
) -> Select[Any]:
    if state:
        statement = statement.where(Mailing.state == state)
    if where:
        statement = statement.where(compile_filter(tx, where, MAILING_FILTERS, "mailing"))
    if q.strip():
        in_text = search.has_words(tx.session, "mailing", Mailing.id, q, page=page)
        statement = statement.where(in_text, *openly(tx, "mailing", q))
    return statement


def _row(m: Any) -> MailingRow:
    return MailingRow(
        id=m.id,
        name=m.name,
        title=m.title,
        state=m.state,
        responsible=m.responsible or "",
        total=m.total,
        sent=m.sent,
        failed=m.failed,
        skipped=m.skipped,
        waiting=m.total - m.sent - m.failed - m.skipped,
        start_at=m.start_at,
        started_at=m.started_at,
        finished_at=m.finished_at,
        created_at=m.created_at,
        updated_at=m.updated_at,
    )


def _words(tx: Tx, card: rules.Card, filter_: Filter | None) -> str:
    """Whom a filter takes, in the reader's language; "" where there is none and only ticked cards count."""
    if filter_ is None:
        return ""
    try:
        words = RECIPIENTS[card].listed.describe(tx, filter_)
    except BadInput as error:  # a field that is gone, or hidden from this reader
        return error.text(tx.actor.locale)
    return words or everybody(card, tx.actor.locale)


def everybody(card: rules.Card, locale: str) -> str:
    """What all cards of a kind are called: "All contacts"."""
    return text(f"{card}s.filter.all", locale)


@query("mailing.see")
def see_mailing(tx: Tx, mailing_id: int) -> MailingView:
    """One mailing with everything that its page shows, the letters apart."""
    m = tx.need(Mailing, mailing_id)
    sender = tx.find(SenderIdentity, m.sender_id)
    responsible = tx.find(Employee, m.responsible_id)
    filter_, card = m.audience.get("filter"), rules.card_of(m.audience)
    card_ids = m.audience.get("ids", [])
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
        card=card,
        card_ids=card_ids,
        client_ids=card_ids if card == "client" else [],
        filter=filter_,
        audience_words=_words(tx, card, filter_),
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
