"""What follows from a mailing's end: whoever is responsible for it is told, with the failures."""

from __future__ import annotations

from crm_app.cards.actions.notifications import notify
from crm_app.core.door import Tx
from crm_app.core.events import reaction
from crm_app.mailings.events import MailingFinished, MailingPaused, MailingUnscheduled
from crm_app.mailings.models import Mailing


@reaction(MailingFinished)
def tell_of_end(tx: Tx, fact: MailingFinished) -> None:
    key = "mailings.notice.finished_with_failures" if fact.failed else "mailings.notice.finished"
    _tell(tx, fact.card_id, key, n=fact.failed, sent=fact.sent)


@reaction(MailingPaused)
def tell_of_pause(tx: Tx, fact: MailingPaused) -> None:
    """Only where it paused by itself."""
    if fact.reason:
        _tell(tx, fact.card_id, "mailings.notice.paused")


@reaction(MailingUnscheduled)
def tell_of_no_start(tx: Tx, fact: MailingUnscheduled) -> None:
    """Only where it could not start."""
    if fact.reason:
        _tell(tx, fact.card_id, "mailings.notice.not_started")


def _tell(tx: Tx, mailing_id: int, key: str, **params: object) -> None:
    mailing = tx.find(Mailing, mailing_id)
    if mailing is not None and mailing.responsible_id:
        notify(tx, mailing.responsible_id, key, "mailing", mailing_id, title=mailing.name, **params)
