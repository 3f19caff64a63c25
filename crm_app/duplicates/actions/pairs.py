"""Pairs of cards that may be one: looked for by the worker, judged by people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, tuple_

from crm_app.cards.kinds import KINDS, need_card
from crm_app.core import installation, jobs
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden
from crm_app.core.jobs import Run
from crm_app.duplicates.kinds import FoundPair, Mergeable, need_mergeable
from crm_app.duplicates.models import CardPair

FIND = "duplicates.find"
"""The job that looks for pairs among the cards that have changed since it last did."""
AT_ONCE = 300
_LATE = timedelta(minutes=5)
"""A change may be committed that much later than it was made."""


@action(LOGGED_IN)
def look_for_pairs(tx: Tx, card: str) -> None:
    """Have the worker look for pairs among cards that were added or changed since it last looked."""
    kind = need_mergeable(card)
    if not tx.actor.may(f"{kind.card}.see"):
        raise Forbidden()
    jobs.enqueue(tx, FIND, key=f"{FIND}:{card}", card=card)


@action("pair.find")
def find_some_pairs(tx: Tx, run: Run) -> bool:
    """Look at some of the changed cards; whether there are more. The job is closed with the last of them."""
    kind = need_mergeable(run.arguments["card"])
    model: Any = KINDS[kind.card].model
    key = f"pairs.{kind.card}"
    at, last = installation.get(tx, key) or ["1970-01-01T00:00:00+00:00", 0]
    since = (datetime.fromisoformat(at), last)
    changed = select(model.updated_at, model.id).where(tuple_(model.updated_at, model.id) > tuple_(*since))
    rows = tx.all(changed.order_by(model.updated_at, model.id).limit(AT_ONCE))
    if rows:
        installation.put(tx, key, [rows[-1].updated_at.isoformat(), rows[-1].id])
        if _keep(tx, kind, kind.find(tx, [row.id for row in rows])):
            tx.announce(f"pairs:{kind.card}")
    if len(rows) == AT_ONCE:
        run.hold(tx, {})
        return True
    if rows:
        installation.put(tx, key, [(rows[-1].updated_at - _LATE).isoformat(), 0])
    run.finish(tx)
    return False


@action(LOGGED_IN)
def judge_pair(tx: Tx, pair_id: int, is_different: bool = True) -> CardPair:
    """Say that two cards are not one, which is remembered; or take that back.

    Asks for the right to change one of them.
    """
    pair = tx.need(CardPair, pair_id)
    both = [need_card(tx, pair.card, card_id) for card_id in (pair.one_id, pair.other_id)]
    if not any(tx.may_change(row) for row in both):
        raise Forbidden("core.error.not_yours")
    pair.judged_at, pair.judged_by_id = (tx.now, tx.actor.id) if is_different else (None, None)
    tx.announce(f"pairs:{pair.card}")
    return pair


def tell_apart(tx: Tx, card: str, one_id: int, other_id: int) -> None:
    """Two cards that were split again are not proposed as one."""
    one_id, other_id = sorted((one_id, other_id))
    pair = tx.one(
        select(CardPair).where(CardPair.card == card, CardPair.one_id == one_id, CardPair.other_id == other_id)
    )
    if pair is None:
        pair = tx.add(_pair(tx, card, FoundPair(one_id, other_id, "name")))
    pair.judged_at, pair.judged_by_id = tx.now, tx.actor.id


def _keep(tx: Tx, kind: Mergeable, found: list[FoundPair]) -> int:
    """Remember those pairs that are not known yet, judged or not; gives how many."""
    ids = {pair.one_id for pair in found}
    of_them = select(CardPair.one_id, CardPair.other_id).where(CardPair.card == kind.card, CardPair.one_id.in_(ids))
    known = {(row[0], row[1]) for row in tx.all(of_them)} if ids else set()
    new = [pair for pair in found if (pair.one_id, pair.other_id) not in known]
    for pair in new:
        tx.add(_pair(tx, kind.card, pair))
    return len(new)


def _pair(tx: Tx, card: str, found: FoundPair) -> CardPair:
    return CardPair(
        card=card, one_id=found.one_id, other_id=found.other_id, by=found.by, sureness=found.sureness, found_at=tx.now
    )
