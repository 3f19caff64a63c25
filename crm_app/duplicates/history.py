"""The history of a card that goes: its facts are kept as they are, and shown on the card that stays by links."""

from __future__ import annotations

from sqlalchemy import delete, insert, literal, select

from crm_app.core.door import Tx
from crm_app.core.events import FactLink, FactRow

_AT_ONCE = 500


def link_facts(tx: Tx, card: str, kept_id: int, absorbed_id: int) -> list[int]:
    """Lead from the card that stays to each fact of the one that goes; gives the facts that were not linked before."""
    theirs = select(FactRow.id).where(FactRow.card == card, FactRow.card_id == absorbed_id)
    linked = select(FactLink.fact_id).where(FactLink.card == card, FactLink.card_id == kept_id)
    new = sorted(set(tx.all(theirs)) - set(tx.all(linked)))
    if new:
        wanted = theirs.where(FactRow.id.not_in(linked))
        wanted = wanted.add_columns(literal(card), literal(kept_id))
        tx.run(insert(FactLink).from_select(["fact_id", "card", "card_id"], wanted))
    return new


def unlink_facts(tx: Tx, card: str, kept_id: int, fact_ids: list[int]) -> None:
    """Take these links back."""
    for start in range(0, len(fact_ids), _AT_ONCE):
        some = FactLink.fact_id.in_(fact_ids[start : start + _AT_ONCE])
        gone = delete(FactLink).where(FactLink.card == card, FactLink.card_id == kept_id, some)
        tx.run(gone.execution_options(synchronize_session=False))
