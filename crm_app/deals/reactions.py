"""What follows from what happened to deals: whoever is responsible is told of what others did."""

from __future__ import annotations

from dataclasses import replace

from crm_app.cards.actions.notifications import notify
from crm_app.cards.followed import News, of_change, of_move, of_removal
from crm_app.cards.reactions import tell_followers_of
from crm_app.core.door import Tx
from crm_app.core.events import reaction
from crm_app.deals.events import DealAdded, DealChanged, DealDeleted, DealMoved


@reaction(DealAdded, DealChanged)
def tell_of_assignment(tx: Tx, fact: DealAdded | DealChanged) -> None:
    """Tell an employee that a deal is theirs now."""
    if fact.responsible_id not in (None, fact.by_id):
        notify(tx, fact.responsible_id or 0, "deals.notice.assigned", "deal", fact.card_id, **_words(fact))


@reaction(DealMoved)
def tell_of_move(tx: Tx, fact: DealMoved) -> None:
    """Tell the responsible employee that somebody else moved their deal."""
    if fact.responsible_id != fact.by_id:
        words = {**_words(fact), "stage": fact.to_stage}
        notify(tx, fact.responsible_id, "deals.notice.moved", "deal", fact.card_id, **words)


def _of_change(fact: DealChanged) -> News | None:
    """Whoever is responsible now is told by another notice."""
    news = of_change(fact)
    return news and replace(news, others=frozenset({fact.responsible_id}))


tell_followers_of("deal", {DealChanged: _of_change, DealMoved: of_move, DealDeleted: of_removal})


def _words(fact: DealAdded | DealChanged | DealMoved) -> dict[str, str]:
    return {"who": fact.by_name, "title": fact.title}
