"""What follows from what happened to deals: whoever is responsible is told of what others did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from crm_app.access.events import EmployeeChanged
from crm_app.cards.actions.notifications import notify
from crm_app.cards.followed import News, of_change, of_move, of_removal
from crm_app.cards.reactions import tell_followers_of
from crm_app.core.door import Tx
from crm_app.core.events import Fact, reaction
from crm_app.core.policy import past_the_policies
from crm_app.deals.actions.approvals import settle_approval
from crm_app.deals.events import (
    DealAdded,
    DealCarriedOver,
    DealChanged,
    DealDeleted,
    DealFact,
    DealItemAdded,
    DealItemChanged,
    DealItemRemoved,
    DealMoved,
)
from crm_app.deals.models import DealApproval, DealApprovalAsk
from crm_app.deals.queries.due_approvals import under_way
from crm_app.pipelines.events import PipelineChanged, StageRemoved


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


def _under_way(tx: Tx, facts: Mapping[int, Fact]) -> set[int]:
    """The places of facts about deals with a request for approval. One question for all."""
    ids = {fact.card_id for fact in facts.values()}
    with past_the_policies(tx.session):
        wanted = select(DealApproval.deal_id).where(DealApproval.deal_id.in_(ids), DealApproval.open_key.is_not(None))
        found = set(tx.all(wanted))
    return {place for place, fact in facts.items() if fact.card_id in found}


@reaction(DealChanged, DealCarriedOver, DealDeleted, DealItemAdded, DealItemChanged, DealItemRemoved, among=_under_way)
def look_at_approvals(tx: Tx, fact: DealFact) -> None:
    """What is to be approved may be another thing now, or none any more."""
    for approval in under_way(tx, fact.card_id):
        tx.do(settle_approval, approval.id or 0)


@reaction(PipelineChanged, StageRemoved)
def look_at_rules(tx: Tx, fact: PipelineChanged | StageRemoved) -> None:
    """The rules of approval may be others now."""
    row: Any = DealApproval
    for approval_id in tx.all(select(row.id).where(row.pipeline_id == fact.card_id, row.open_key.is_not(None))):
        tx.do(settle_approval, approval_id)


@reaction(EmployeeChanged)
def look_at_people(tx: Tx, fact: EmployeeChanged) -> None:
    """Somebody who asked, or who was asked, may not be there any more."""
    row, ask = _APPROVAL, _ASK
    mine = select(ask.approval_id).where(ask.employee_id == fact.card_id, ask.is_open)
    wanted = select(row.id).where(row.open_key.is_not(None), (row.asked_by_id == fact.card_id) | row.id.in_(mine))
    for approval_id in tx.all(wanted):
        tx.do(settle_approval, approval_id)


_APPROVAL: Any = DealApproval
_ASK: Any = DealApprovalAsk


def _of_change(fact: DealChanged) -> News | None:
    """Whoever is responsible now is told by another notice."""
    news = of_change(fact)
    return news and replace(news, others=frozenset({fact.responsible_id}))


tell_followers_of("deal", {DealChanged: _of_change, DealMoved: of_move, DealDeleted: of_removal})


def _words(fact: DealAdded | DealChanged | DealMoved) -> dict[str, str]:
    return {"who": fact.by_name, "title": fact.title}
