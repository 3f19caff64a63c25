"""Which cards can be followed, and what followers are told: each feature tells of its own facts in its reactions.

    tell_followers_of("deal", {DealMoved: of_move, DealDeleted: of_removal})    # crm_app/cards/reactions.py

Followers are told of a fact once, of comments beside these, and never of their own doings or of what they may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select

from crm_app.access.models import Employee
from crm_app.access.queries import actor_of_employee
from crm_app.cards.kinds import KINDS, need_card
from crm_app.cards.models import Follower
from crm_app.core.actor import Actor
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound
from crm_app.core.events import Fact
from crm_app.core.keys import among
from crm_app.core.policy import past_the_policies, visible


@dataclass(frozen=True)
class News:
    """What followers are told of one fact. key, words: the sentence, beside `title`.

    field: who may not see it on such cards is told nothing. others: employees who are told by another notice.
    """

    key: str
    words: Mapping[str, str] = field(default_factory=dict)
    field: str = ""
    others: frozenset[int | None] = frozenset()


Teller = Callable[[Any], News | None]
TELLERS: dict[type[Fact], Teller] = {}
"""What followers are told of a fact, None for nothing."""
FOLLOWED: set[str] = set()
"""The kinds of card that can be followed."""


def of_removal(_fact: Fact) -> News:
    """The card went to the bin."""
    return News("cards.notice.removed")


def of_change(fact: Fact) -> News | None:
    """Somebody else is responsible, or the status is another: of both, the former alone."""
    changes = fact.changes or {}
    for name, key in (("responsible_id", "cards.notice.responsible"), ("status", "cards.notice.status")):
        if name in changes:
            return News(key, field=name)
    return None


def of_move(fact: Any) -> News:
    """The card stands in another stage; whoever is responsible is told by another notice."""
    return News("cards.notice.moved", {"stage": fact.to_stage}, "stage_id", frozenset({fact.responsible_id}))


def need_followed(tx: Tx, card: str, card_id: int) -> Any:
    """The row of a card that can be followed. Raises NotFound, also for one that the actor may not see."""
    if card not in FOLLOWED:
        raise NotFound()
    return need_card(tx, card, card_id)


def followers_of(tx: Tx, card: str, card_id: int) -> set[int]:
    """Ids of the employees who follow a card."""
    row: Any = Follower
    return set(tx.all(select(row.employee_id).where(row.card == card, row.card_id == card_id)))


def that_are_followed(tx: Tx, facts: Mapping[int, Fact]) -> set[int]:
    """Of facts by their places, the places of those whose card somebody follows. One question for each kind of card."""
    wanted: dict[str, dict[int, set[int]]] = {}
    for place, fact in facts.items():
        if TELLERS[type(fact)](fact) is not None:
            wanted.setdefault(fact.card, {}).setdefault(fact.card_id, set()).add(place)
    found: set[int] = set()
    with past_the_policies(tx.session):  # of a deleted card, too
        for card, places in wanted.items():
            for card_id in tx.all(_FOLLOWED, card=card, ids=places):
                found |= places[card_id]
    return found


_ROW: Any = Follower
_FOLLOWED = select(_ROW.card_id).where(_ROW.card == bindparam("card"), among(_ROW.card_id, "ids")).distinct()


def sees(tx: Tx, employee_id: int, card: str, card_id: int, field_: str = "") -> bool:
    """Whether somebody who works here sees a card, in the bin too, and a field of such cards."""
    if tx.find(Employee, employee_id) is None:
        return False
    actor = actor_of_employee(tx, employee_id)
    return reaches(tx, actor, card, card_id) and not (field_ and field_ in _hidden_from(tx, actor, card, card_id))


def _hidden_from(tx: Tx, actor: Actor, card: str, card_id: int) -> frozenset[str]:
    """What is hidden from somebody where a card stands."""
    if card not in actor.hidden_at:
        return actor.hidden.get(card, frozenset())
    model: Any = KINDS[card].model
    with tx.with_bin():
        place = tx.one(select(KINDS[card].placed_by).where(model.id == card_id))
    return actor.hidden_in(card, place)


def reaches(tx: Tx, actor: Actor, card: str, card_id: int) -> bool:
    """Whether a card, in the bin too, is there for somebody."""
    model: Any = KINDS[card].model
    with tx.with_bin():
        seen = select(model.id).where(model.id == card_id, visible(model, actor, with_bin=True))
        return tx.scalar(seen) is not None
