"""Requests for approval as people see them: of a deal, of a pipeline, and those that wait for whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from crm_app.access.models import Employee
from crm_app.cards.filter_words import describe
from crm_app.clients.models import Client
from crm_app.core.door import Tx, query
from crm_app.core.errors import BadInput, NotFound
from crm_app.core.fields import unseen
from crm_app.core.policy import past_the_policies
from crm_app.deals.models import Deal, DealApproval, DealApprovalAsk, DealApprovalStep
from crm_app.deals.queries.due_approvals import waits_for
from crm_app.pipelines.approval_rules import APPROVED, REJECTED
from crm_app.pipelines.approvers import asked_by
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.touches import WAITING

MOST = 100


@dataclass(frozen=True)
class SaidRow:
    """What one approver has said. is_yes: that they approve."""

    who: str
    is_yes: bool
    word: str
    at: datetime | None


@dataclass(frozen=True)
class ApprovalRow:
    """A move that waits for approval, or did; see the model.

    amount: minor units, None while unknown, or hidden from the reader. why: what the rules ask for and what they tell
    approvers, in the reader's language, where they may read it. whom: who may decide now. due_at: the next deadline.
    may_decide: the reader is asked; may_withdraw: the reader has asked; sees_deal: the deal is there for them;
    stage_id: where it stands now.
    """

    __card__: ClassVar[str] = "deal"

    id: int
    deal_id: int
    title: str
    client_name: str
    amount: int | None
    currency: str
    from_stage_id: int
    from_stage: str
    to_stage_id: int
    to_stage: str
    asked_by_id: int
    asked_by: str
    reason: str
    asked_at: datetime
    round: int
    state: str
    why: list[str]
    whom: list[str]
    said: list[SaidRow]
    due_at: datetime | None
    may_decide: bool
    may_withdraw: bool
    sees_deal: bool
    stage_id: int = 0


@query("deal.see")
def list_deal_approvals(tx: Tx, deal_id: int) -> list[ApprovalRow]:
    """The requests of a deal that are under way, the oldest first. Raises NotFound."""
    tx.need(Deal, deal_id)
    row: Any = DealApproval
    return _rows(tx, select(row.id).where(row.deal_id == deal_id, row.open_key.is_not(None)).order_by(row.id))


@query("deal.approve")
def list_waiting(tx: Tx) -> list[ApprovalRow]:
    """What waits for whoever asks, the oldest first."""
    row, ask = _APPROVAL, _ASK
    mine = select(ask.approval_id).where(ask.employee_id == tx.actor.id, ask.is_open)
    return _rows(tx, select(row.id).where(row.id.in_(mine), row.state == "open").order_by(row.id).limit(MOST))


@query("deal.approve")
def see_approval(tx: Tx, approval_id: int) -> ApprovalRow:
    """One request, for who sees the deal or is or was asked. Raises NotFound."""
    row, ask = _APPROVAL, _ASK
    with past_the_policies(tx.session):
        mine = select(ask.id).where(ask.approval_id == approval_id, ask.employee_id == tx.actor.id)
        was_asked = tx.one(mine) is not None
    if not was_asked and tx.find(DealApproval, approval_id) is None:
        raise NotFound()
    return _rows(tx, select(row.id).where(row.id == approval_id))[0]


_APPROVAL: Any = DealApproval
_ASK: Any = DealApprovalAsk


def _rows(tx: Tx, chosen: Any) -> list[ApprovalRow]:
    """Requests by their ids: who asks may see each of them, though perhaps not what it is tied to."""
    here, there = aliased(Stage), aliased(Stage)
    wanted = (
        select(DealApproval, Deal, Client.name, here.name, there.name, Employee.name)
        .join(Deal, Deal.id == DealApproval.deal_id)
        .outerjoin(Client, Client.id == Deal.client_id)
        .outerjoin(here, here.id == DealApproval.from_stage_id)
        .outerjoin(there, there.id == DealApproval.to_stage_id)
        .outerjoin(Employee, Employee.id == DealApproval.asked_by_id)
    )
    with past_the_policies(tx.session), tx.with_bin():
        ids = tx.all(chosen)
        found = tx.all(wanted.where(_APPROVAL.id.in_(ids)).order_by(_APPROVAL.id)) if ids else []
        whom, said, due = waits_for(tx, ids), _said(tx, ids), _due(tx, ids)
        mine = set(tx.all(select(_ASK.approval_id).where(_ASK.employee_id == tx.actor.id, _ASK.is_open)))
    seen = set(tx.all(select(Deal.id).where(Deal.id.in_([row[1].id for row in found])))) if found else set()
    hidden = {row[1].id: unseen(tx.actor, "deal", row[1]) for row in found}
    return [
        ApprovalRow(
            id=approval.id, deal_id=deal.id, title=deal.name,
            client_name="" if "client_id" in hidden[deal.id] else client or "",
            amount=None if "amount" in hidden[deal.id] else deal.amount, currency=deal.currency,
            from_stage_id=approval.from_stage_id, from_stage=here_name or "", to_stage_id=approval.to_stage_id,
            to_stage=there_name or "", asked_by_id=approval.asked_by_id, asked_by=asker or "", reason=approval.reason,
            asked_at=approval.asked_at, round=approval.round, state=approval.state, why=_why(tx, approval.rules),
            whom=whom.get(approval.id, []), said=said.get((approval.id, approval.round), []),
            due_at=due.get((approval.id, approval.round)), may_decide=approval.id in mine and approval.state == "open",
            may_withdraw=approval.asked_by_id == tx.actor.id and approval.state in ("open", "granted"),
            sees_deal=deal.id in seen, stage_id=deal.stage_id,
        )
        for approval, deal, client, here_name, there_name, asker in found
    ]  # fmt: skip


def _said(tx: Tx, ids: Sequence[int]) -> dict[tuple[int, int], list[SaidRow]]:
    """By request and round."""
    step: Any = DealApprovalStep
    wanted = select(step, Employee.name).join(Employee, Employee.id == step.decided_by_id)
    wanted = wanted.where(step.approval_id.in_(ids), step.state.in_((APPROVED, REJECTED))).order_by(
        step.decided_at, step.id
    )
    found: dict[tuple[int, int], list[SaidRow]] = {}
    for row, name in tx.all(wanted) if ids else []:
        said = SaidRow(name, row.state == APPROVED, row.word, row.decided_at)
        rows = found.setdefault((row.approval_id, row.round), [])
        if said not in rows:  # who stands in two places has spoken once
            rows.append(said)
    return found


def _due(tx: Tx, ids: Sequence[int]) -> dict[tuple[int, int], datetime]:
    step: Any = DealApprovalStep
    wanted = select(step.approval_id, step.round, func.min(step.due_at)).where(
        step.approval_id.in_(ids), step.state == "asked", step.due_at.is_not(None)
    )
    return {(of, round_): at for of, round_, at in tx.all(wanted.group_by(step.approval_id, step.round))} if ids else {}


def _why(tx: Tx, rules: Sequence[Any]) -> list[str]:
    told: list[str] = []
    for rule in rules:
        if rule["conditions"]:
            with suppress(BadInput):  # it asks about what the reader may not see, or what is no more
                told.append(describe(tx, rule["conditions"], asked_by(tx, "deal", rule["conditions"]), "deal"))
        if rule["words"]:
            told.append(rule["words"])
    return told


_WAITING_DEALS = (
    select(DealApproval.deal_id, DealApproval.id)
    .where(DealApproval.deal_id.in_(bindparam("ids", expanding=True)), DealApproval.state == "open")
    .order_by(DealApproval.id)
)


def deals_waiting(tx: Tx, deal_ids: Sequence[int]) -> dict[int, str]:
    """By deal, whom it waits for: of deals that the reader sees."""
    if not deal_ids:
        return {}
    with past_the_policies(tx.session):
        found = tx.all(_WAITING_DEALS, ids=list(deal_ids))
    if not found:
        return {}
    whom = waits_for(tx, [row.id for row in found])
    named: dict[int, dict[str, None]] = {}
    for row in found:
        named.setdefault(row.deal_id, {}).update(dict.fromkeys(whom.get(row.id, [])))
    return {deal_id: ", ".join(names) for deal_id, names in named.items()}


def _count(tx: Tx, pipeline: Pipeline) -> int:
    with past_the_policies(tx.session):
        wanted = select(func.count()).where(_APPROVAL.pipeline_id == pipeline.id, _APPROVAL.open_key.is_not(None))
        return int(tx.scalar(wanted))


WAITING.append(_count)
