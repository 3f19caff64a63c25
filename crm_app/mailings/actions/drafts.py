"""Writing a mailing: made, changed, copied and removed until it is started."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, select

from crm_app.cards.bins import BinKind, register_bin
from crm_app.cards.hanging import lets_go, outlives
from crm_app.core import search
from crm_app.core.door import Tx, action
from crm_app.core.emails import parse_email
from crm_app.core.errors import BadInput, Forbidden
from crm_app.core.i18n import LOCALES
from crm_app.core.settings import settings
from crm_app.mailings import audience as audiences
from crm_app.mailings import rules
from crm_app.mailings.events import MailingChanged, MailingCreated, MailingRemoved
from crm_app.mailings.models import Delivery, Mailing, SenderIdentity, Suppression
from crm_app.mailings.recipients import RECIPIENTS


@action("mailing.change")
def create_mailing(
    tx: Tx,
    name: str,
    card_ids: list[int] | None = None,
    filter_: dict[str, Any] | None = None,
    card: rules.Card | None = None,
) -> Mailing:
    """Start writing a mailing, to nobody yet or to the cards ticked and the filter given, all of one kind: clients,
    where none is named.

    Raises Forbidden for a kind of card that the actor does not see, BadInput for a broken filter.
    """
    chosen = _clean_audience(tx, card or "client", card_ids, filter_)
    mailing = tx.add(
        Mailing(
            name=rules.clean_name(name),
            state=rules.DRAFT,
            sender_id=_only_sender(tx),
            locale=tx.actor.locale or settings().locale,
            audience=chosen,
            responsible_id=tx.actor.id if tx.actor.is_employee else None,
            created_by_id=tx.actor.id if tx.actor.is_employee else None,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    tx.record(MailingCreated(card_id=mailing.id or 0, name=mailing.name))
    _index(tx, mailing)
    return mailing


@action("mailing.change")
def change_mailing(
    tx: Tx,
    mailing_id: int,
    name: str | None = None,
    sender_id: int | None = None,
    reply_to: str | None = None,
    title: str | None = None,
    body: str | None = None,
    locale: str | None = None,
) -> Mailing:
    """Change what a mailing says and in whose name; what is left out stays. Refused once it has been started."""
    mailing = tx.need(Mailing, mailing_id)
    rules.check_editable(mailing.state)
    told = {
        "name": None if name is None else rules.clean_name(name),
        "sender_id": None if sender_id is None else tx.need(SenderIdentity, sender_id).id,
        "reply_to": None if reply_to is None else (parse_email(reply_to) if reply_to.strip() else ""),
        "title": None if title is None else " ".join(title.split()),
        "body": None if body is None else _clean_body(body),
        "locale": None if locale is None else _clean_locale(locale),
    }
    changes = {
        field: [getattr(mailing, field), value]
        for field, value in told.items()
        if value is not None and getattr(mailing, field) != value
    }
    if changes:
        for field, (_, value) in changes.items():
            setattr(mailing, field, value)
        _note(tx, mailing, {field: ["", ""] if field == "body" else both for field, both in changes.items()})
        _index(tx, mailing)
    return mailing


@action("mailing.change")
def set_audience(
    tx: Tx,
    mailing_id: int,
    card_ids: list[int] | None = None,
    filter_: dict[str, Any] | None = None,
    card: rules.Card | None = None,
) -> Mailing:
    """Choose the recipients: those ticked, and those of a filter ({} means every card of the kind). Replaces what was
    chosen; the kind stays where none is named. Raises what create_mailing raises.
    """
    mailing = tx.need(Mailing, mailing_id)
    rules.check_editable(mailing.state)
    chosen = _clean_audience(tx, card or rules.card_of(mailing.audience), card_ids, filter_)
    if chosen != mailing.audience:
        mailing.audience = chosen
        _note(tx, mailing, {"audience": ["", ""]})
    return mailing


@action("mailing.change")
def copy_mailing(tx: Tx, mailing_id: int) -> Mailing:
    """A new draft with the text, sender and recipients of another mailing."""
    source = tx.need(Mailing, mailing_id)
    whom = source.audience
    copy = create_mailing(tx, source.name, whom.get("ids"), whom.get("filter"), rules.card_of(whom))
    for field in ("sender_id", "reply_to", "title", "body", "locale"):
        setattr(copy, field, getattr(source, field))
    _index(tx, copy)
    return copy


@action("mailing.change")
def remove_mailing(tx: Tx, mailing_id: int) -> None:
    """Move a mailing to the bin; one that is sending has to be stopped first."""
    mailing = tx.need(Mailing, mailing_id)
    rules.check_move(mailing.state, rules.DRAFT, rules.SCHEDULED, rules.PAUSED, rules.FINISHED, rules.STOPPED)
    mailing.deleted_at = tx.now
    search.drop(tx.session, "mailing", [mailing_id])
    tx.record(MailingRemoved(card_id=mailing_id))


@action("mailing.change")
def restore_mailing(tx: Tx, mailing_id: int) -> Mailing:
    """Take a mailing back out of the bin."""
    with tx.with_bin():
        mailing = tx.need(Mailing, mailing_id)
        mailing.deleted_at = None
        tx.session.flush()
    _note(tx, mailing, {})
    _index(tx, mailing)
    return mailing


def _clean_audience(tx: Tx, card: rules.Card, ids: list[int] | None, filter_: dict[str, Any] | None) -> dict[str, Any]:
    if not tx.actor.may(f"{card}.see"):
        raise Forbidden()
    chosen = rules.clean_audience(card, ids or [], filter_)
    audiences.condition(tx, chosen)
    return chosen


def _only_sender(tx: Tx) -> int | None:
    """The sender, where there is just one to choose."""
    ids = tx.all(select(SenderIdentity.id).order_by(SenderIdentity.id).limit(2))
    return ids[0] if len(ids) == 1 else None


def _clean_body(body: str) -> str:
    if len(body) > rules.LONGEST_BODY:
        raise BadInput("mailings.error.long_body", field="body")
    return body


def _clean_locale(locale: str) -> str:
    if locale not in LOCALES:
        raise BadInput("mailings.error.locale", field="locale")
    return locale


def _note(tx: Tx, mailing: Mailing, changes: dict[str, list[Any]]) -> None:
    mailing.updated_at = tx.now
    tx.record(MailingChanged(card_id=mailing.id or 0, changes=changes))


def _index(tx: Tx, mailing: Mailing) -> None:
    search.put(tx.session, "mailing", mailing.id or 0, mailing.name, mailing.title)


def has_not_gone_out() -> ColumnElement[bool]:
    """A mailing with letters on their way or read stays in the bin: links to unsubscribe name them."""
    return ~exists().where(Delivery.mailing_id == Mailing.id)


register_bin(
    "mailing",
    BinKind(restore_mailing, remove_mailing, MailingRemoved, right="change", may_go=has_not_gone_out),
)
for _card, _kind in RECIPIENTS.items():
    lets_go(Delivery, _kind.delivery.key, _card)
outlives(Delivery, "mailing_id", "a mailing that has gone out is not removed: see has_not_gone_out")
outlives(Suppression, "mailing_id", "the same")
