"""What goes along when a lead is converted, and comes back when that is taken back.

What belongs to one card alone, comments and files, moves to where the work goes on: the deal, else the client, else the
contact. What ties a card to something else, a tag or a task, stays on the lead too and is on each of the cards. The
history stays where it is, and each of the cards is linked with it. Rows go along whoever may see them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, delete, insert, literal, select, update

from crm_app.cards.models import Favourite, GroupMember, Share
from crm_app.core.door import Tx
from crm_app.core.events import FactLink, FactRow
from crm_app.core.policy import past_the_policies
from crm_app.duplicates.history import unlink_facts
from crm_app.duplicates.ties import Tie, ties_of
from crm_app.pipelines.models import LEAD

_STAY = (Favourite, FactLink, GroupMember, Share)
"""One's own star, groups of leads: they say something of the lead itself. Links of facts: see `_link_facts`."""
_AT_ONCE = 500

Brought = dict[str, Any]
"""What was brought over: "moved", by tie the keys of its rows; "copied" and "facts", the same by kind of card."""


def carry(tx: Tx, lead_id: int, cards: dict[str, int], home: str) -> Brought:
    """Bring all that belongs to a lead to the cards that it becomes. home: the kind of the one where work goes on."""
    brought: Brought = {"home": home, "moved": {}, "copied": {}, "facts": {}}
    with tx.with_bin(), past_the_policies(tx.session):
        for tie in _along():
            keys = _keys(tx, tie, LEAD, lead_id)
            if not keys:
                continue
            if tie.is_in_key:
                brought["copied"][tie.name] = {
                    kind: _copy(tx, tie, lead_id, kind, card_id, keys) for kind, card_id in cards.items()
                }
            else:
                _move(tx, tie, (LEAD, lead_id), (home, cards[home]), keys)
                brought["moved"][tie.name] = keys
            _tell(tx, tie, keys)
        brought["facts"] = {kind: _link_facts(tx, lead_id, kind, card_id) for kind, card_id in cards.items()}
    return brought


def carry_back(tx: Tx, lead_id: int, cards: dict[str, int], brought: Brought) -> None:
    """Give the lead back what was brought over and is still there; what was added since stays where it is.

    cards: those that were not removed for good meanwhile.
    """
    home = brought["home"]
    with tx.with_bin(), past_the_policies(tx.session):
        for tie in _along():
            keys = brought["moved"].get(tie.name, [])
            if keys and home in cards:
                _move(tx, tie, (home, cards[home]), (LEAD, lead_id), keys)
                _tell(tx, tie, keys)
            for kind, copies in brought["copied"].get(tie.name, {}).items():
                if kind in cards:
                    _remove(tx, tie, kind, cards[kind], copies)
                    _tell(tx, tie, copies)
        for kind in brought["facts"].keys() & cards.keys():
            unlink_facts(tx, kind, cards[kind], brought["facts"][kind])


def _along() -> list[Tie]:
    """Rows of cards of every kind; those that belong to leads alone stay with the lead."""
    return [tie for tie in ties_of(LEAD) if not tie.card and tie.model not in _STAY]


def _keys(tx: Tx, tie: Tie, card: str, card_id: int) -> list[int]:
    return tx.all(select(tie.key).where(tie.of(card, card_id)).order_by(tie.key))


def _move(tx: Tx, tie: Tie, old: tuple[str, int], new: tuple[str, int], keys: list[int]) -> None:
    for some in _in_parts(tie, keys):
        given = update(tie.model).where(tie.of(*old), some).values({tie.told_in: new[0], tie.column: new[1]})
        tx.run(given.execution_options(synchronize_session=False))


def _copy(tx: Tx, tie: Tie, lead_id: int, card: str, card_id: int, keys: list[int]) -> list[int]:
    """Tie another card to the same things; gives those to which it was not tied before."""
    known = set(_keys(tx, tie, card, card_id))
    new = [key for key in keys if key not in known]
    for row in tx.all(select(tie.model).where(tie.of(LEAD, lead_id))):
        if getattr(row, tie.key.key) not in known:
            values = {name: getattr(row, name) for name in tie.model.model_fields}
            tx.add(tie.model(**{**values, "card": card, tie.column: card_id}))
    return new


def _remove(tx: Tx, tie: Tie, card: str, card_id: int, keys: list[int]) -> None:
    for some in _in_parts(tie, keys):
        gone = delete(tie.model).where(tie.of(card, card_id), some)
        tx.run(gone.execution_options(synchronize_session=False))


def _tell(tx: Tx, tie: Tie, keys: list[int]) -> None:
    if tie.moved is not None and keys:
        tie.moved(tx, keys)


def _link_facts(tx: Tx, lead_id: int, card: str, card_id: int) -> list[int]:
    """Lead from a card to the facts on the timeline of the lead; gives those that were not linked before."""
    own = select(FactRow.id).where(FactRow.card == LEAD, FactRow.card_id == lead_id)
    theirs = select(FactLink.fact_id).where(FactLink.card == LEAD, FactLink.card_id == lead_id)
    linked = select(FactLink.fact_id).where(FactLink.card == card, FactLink.card_id == card_id)
    new = sorted({*tx.all(own), *tx.all(theirs)} - set(tx.all(linked)))
    for start in range(0, len(new), _AT_ONCE):
        some = FactRow.id.in_(new[start : start + _AT_ONCE])
        links = select(FactRow.id).where(some).add_columns(literal(card), literal(card_id))
        tx.run(insert(FactLink).from_select(["fact_id", "card", "card_id"], links))
    return new


def _in_parts(tie: Tie, keys: list[int]) -> list[ColumnElement[bool]]:
    return [tie.key.in_(keys[start : start + _AT_ONCE]) for start in range(0, len(keys), _AT_ONCE)]
