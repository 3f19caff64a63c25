"""A card that may be the same as one that is described, but that the actor may not see: only whom to ask is told.

Neither its id nor its name, nor what the two have in common, nor how many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select, union_all

from crm_app.access.models import Employee
from crm_app.cards.kinds import KINDS
from crm_app.clients.alike import Alike, known_to, likenesses, ways_to
from crm_app.clients.matching import Likeness, is_same
from crm_app.core.door import Tx
from crm_app.core.policy import past_the_policies

UNSEEN = 0
"""The id of whatever must not be told of."""
_MOST_ASKED = 3


def with_unseen(tx: Tx, card: str, like: Likeness, found: list[Alike], except_id: int = 0) -> list[Alike]:
    """What was found, and for each colleague who runs another card of that kind, a line that names them alone.

    responsible: "" where nobody who works here runs it.
    """
    if tx.actor.reaches_all(f"{card}.see") or tx.actor.is_guest:
        return found
    like = known_to(tx, card, like)
    known = {each.id for each in found} | {except_id}
    with past_the_policies(tx.session):
        others = [card_id for card_id in _candidates(tx, card, like) if card_id not in known]
        same = [card_id for card_id, other in likenesses(tx, card, others).items() if is_same(like, other)]
    unseen = set(same) - seen_of(tx, card, same)
    return found + [Alike(UNSEEN, "", name, "") for name in sorted({*who_run(tx, card, unseen).values()})[:_MOST_ASKED]]


def _candidates(tx: Tx, card: str, like: Likeness) -> list[int]:
    """Ids of cards that share a key with the one described, by one statement."""
    ways = [select(way.subquery().c[0]) for way in ways_to(card, like).values()]
    return sorted(set(tx.all(union_all(*ways)))) if ways else []


def seen_of(tx: Tx, card: str, ids: Iterable[int]) -> set[int]:
    """Those that the actor sees: left out of what was found, since there were too many of them."""
    model = KINDS[card].model
    return set(tx.all(select(model.id).where(model.id.in_(ids)))) if ids else set()


def who_run(tx: Tx, card: str, ids: Collection[int]) -> dict[int, str]:
    """By id, who runs cards that the actor may not see; "" for nobody who works here, and where that is hidden."""
    if not ids or "responsible_id" in tx.actor.hidden.get(card, frozenset()):
        return dict.fromkeys(ids, "")
    model = KINDS[card].model
    working = (Employee.id == model.responsible_id) & Employee.disabled_at.is_(None)
    statement = select(model.id, Employee.name).outerjoin(Employee, working).where(model.id.in_(ids))
    with past_the_policies(tx.session):
        return {card_id: name or "" for card_id, name in tx.all(statement)}
