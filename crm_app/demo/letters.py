"""Mailings: one that has been sent, with its journal and its failures, and one that is being written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crm_app.demo.chronicle import Birth, Chronicle
from crm_app.demo.scene import KnownClient, Notice, Scene
from crm_app.demo.words import Chance, Words
from crm_app.mailings.events import AddressSuppressed, MailingCreated, MailingFinished, MailingStarted
from crm_app.mailings.models import Attempt, Delivery, Mailing, SenderIdentity, Suppression
from crm_app.mailings.rules import (
    ACCEPTED,
    BOUNCED,
    DEFERRED,
    DRAFT,
    FAILED,
    FINISHED,
    REFUSED,
    SENT,
    UNSUBSCRIBED,
)

_MOST_RECIPIENTS = 240
_WRITTEN, _SENT = 11.0, 9.0
_DRAFTED = 1.5
"""Days before today."""
_UNKNOWN = (550, "5.1.1", "No such user here")
_BUSY = (451, "4.7.1", "Greylisted, try again in 5 minutes")
_TAKEN = (250, "2.0.0", "Ok: queued")


def mailings(scene: Scene) -> Iterator[Birth]:
    """Both, where the story has a sender of its own."""
    if scene.sender:
        chance = scene.chance("mailings")
        yield Birth(scene.days.before(_WRITTEN), partial(_send, scene, chance))
        yield Birth(scene.days.before(_DRAFTED), partial(_draft, scene))


def _send(scene: Scene, chance: Chance, chronicle: Chronicle) -> None:
    recipients = [client for client in scene.clients if client.address][:_MOST_RECIPIENTS]
    outcomes = [_outcome(number, chance) for number in range(len(recipients))]
    failed = outcomes.count(FAILED)
    started_at = scene.days.before(_SENT)
    finished_at = started_at + timedelta(minutes=6)
    mailing_id = _add_mailing(
        scene, chronicle, scene.words["mailings"][0], FINISHED, scene.days.before(_WRITTEN), finished_at,
        audience={"ids": [client.id for client in recipients], "filter": None}, started_at=started_at,
        started_by_id=scene.cast.marketer.id, finished_at=finished_at, total=len(recipients),
        sent=len(recipients) - failed, failed=failed, left_out={"without_address": 0, "duplicates": 0, "suppressed": 0},
    )  # fmt: skip
    marketer = scene.cast.marketer
    chronicle.will_happen(started_at, marketer, MailingStarted(card_id=mailing_id, n=len(recipients)))
    for number, (client, outcome) in enumerate(zip(recipients, outcomes, strict=True)):
        _deliver(scene, chronicle, mailing_id, client, outcome, started_at + timedelta(seconds=number))
    finished = MailingFinished(card_id=mailing_id, sent=len(recipients) - failed, failed=failed)
    chronicle.will_happen(finished_at, marketer, finished)
    words = {"title": scene.words["mailings"][0]["name"], "n": failed, "sent": len(recipients) - failed}
    key = "mailings.notice.finished_with_failures" if failed else "mailings.notice.finished"
    scene.notify(Notice(finished_at, marketer, key, "mailing", mailing_id, words))


def _outcome(number: int, chance: Chance) -> str:
    """How a letter ends: a few are refused, a few only put off at first, a few readers have had enough."""
    if number == 4:  # even the smallest mailing has a failure to look at
        return FAILED
    drawn = chance.random()
    return FAILED if drawn < 0.04 else DEFERRED if drawn < 0.08 else UNSUBSCRIBED if drawn < 0.1 else SENT


def _deliver(
    scene: Scene, chronicle: Chronicle, mailing_id: int, client: KnownClient, outcome: str, at: datetime
) -> None:
    tries: list[tuple[datetime, str, tuple[int, str, str]]] = {
        FAILED: [(at, REFUSED, _UNKNOWN)],
        DEFERRED: [(at, DEFERRED, _BUSY), (at + timedelta(minutes=2), ACCEPTED, _TAKEN)],
    }.get(outcome, [(at, ACCEPTED, _TAKEN)])
    closed_at = tries[-1][0]
    delivery_id = chronicle.add(
        Delivery, mailing_id=mailing_id, client_id=client.id, address=client.address,
        state=FAILED if outcome == FAILED else SENT, attempts=len(tries), tries=len(tries), next_at=closed_at,
        closed_at=closed_at,
    )  # fmt: skip
    for n, (moment, result, (code, status, answer)) in enumerate(tries, 1):
        chronicle.add(
            Attempt, delivery_id=delivery_id, n=n, at=moment, outcome=result, code=code, status=status, answer=answer
        )
    if outcome in (FAILED, UNSUBSCRIBED):
        reason, moment = (BOUNCED, closed_at) if outcome == FAILED else (UNSUBSCRIBED, scene.days.before(_SENT - 1))
        chronicle.add(Suppression, address=client.address, reason=reason, mailing_id=mailing_id, at=moment)
        suppressed = AddressSuppressed(card_id=mailing_id, address=client.address, reason=reason, client_id=client.id)
        chronicle.will_happen(moment, scene.cast.marketer, suppressed)


def _draft(scene: Scene, chronicle: Chronicle) -> None:
    audience = {"ids": [], "filter": {"all": [{"field": "status", "op": "eq", "value": "potential"}]}}
    at = scene.days.before(_DRAFTED)
    _add_mailing(scene, chronicle, scene.words["mailings"][1], DRAFT, at, at, audience=audience)


def _add_mailing(
    scene: Scene, chronicle: Chronicle, text: Words, state: str, at: datetime, updated_at: datetime, **values: Any
) -> int:
    marketer = scene.cast.marketer
    if scene.sender_id == 0:
        name = scene.recipe.tag or scene.words["company"]
        scene.sender_id = chronicle.add(SenderIdentity, address=scene.sender, name=name, created_at=at)
    mailing_id = chronicle.add(
        Mailing, **text, state=state, sender_id=scene.sender_id, locale=scene.recipe.locale,
        responsible_id=marketer.id, created_by_id=marketer.id, created_at=at, updated_at=updated_at, **values,
    )  # fmt: skip
    chronicle.make_findable("mailing", mailing_id, text["name"], text["title"])
    chronicle.will_happen(at, marketer, MailingCreated(card_id=mailing_id, name=text["name"]))
    return mailing_id
