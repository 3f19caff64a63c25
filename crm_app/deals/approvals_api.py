"""What programs do with moves that wait for approval."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, MoneyJson, money, page, shaped
from crm_app.core.door import Tx
from crm_app.deals.actions.approvals import decide_approval, withdraw_approval
from crm_app.deals.queries.approvals import ApprovalRow, SaidRow, list_deal_approvals, list_waiting, see_approval

endpoints = Endpoints()


class ApprovalJson(TypedDict):
    """A move that waits for approval. state: "open", "granted" (it is being moved), "done", "rejected", "withdrawn" or
    "ended"; whom: who may decide now; round: grows when all are asked anew, since the deal has changed.
    """

    id: int
    deal_id: int
    title: str
    client_name: str
    amount: MoneyJson | None
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


class DecisionBody(Body):
    """approves: whether the move may be done; word: why not, or what else is to be said; round: as one has seen it."""

    approves: bool
    word: str = ""
    round: int | None = None


@endpoints.get("/deals/{deal_id}/approvals", "deal.see")
def list_approvals_of_deal(tx: Tx, deal_id: Id) -> Listing[ApprovalJson]:
    """Moves of a deal that wait for approval."""
    return page([_json(row) for row in seen(tx, list_deal_approvals, deal_id=deal_id)], "approvals", None)


@endpoints.get("/approvals", "deal.approve")
def list_approvals_waiting(tx: Tx) -> Listing[ApprovalJson]:
    """What waits for the key's employee to decide, the oldest first."""
    return page([_json(row) for row in seen(tx, list_waiting)], "approvals", None)


@endpoints.get("/approvals/{approval_id}", "deal.approve")
def see_one_approval(tx: Tx, approval_id: Id) -> ApprovalJson:
    """One request, also after its end."""
    return _json(seen(tx, see_approval, approval_id=approval_id))


@endpoints.post("/approvals/{approval_id}/decide", "deal.approve")
def decide_one_approval(tx: Tx, approval_id: Id, body: DecisionBody) -> ApprovalJson:
    """Approve or reject, as one of those who are asked. 409 where the deal has changed since, or it is over."""
    tx.do(decide_approval, approval_id, body.approves, body.word, body.round)
    tx.session.flush()
    return _json(seen(tx, see_approval, approval_id=approval_id))


@endpoints.post("/approvals/{approval_id}/withdraw", "deal.move")
def withdraw_one_approval(tx: Tx, approval_id: Id) -> None:
    """Take a request back, which only who asked may do."""
    tx.do(withdraw_approval, approval_id)


def _json(row: ApprovalRow) -> ApprovalJson:
    return shaped(ApprovalJson, row, amount=money(row.amount, row.currency))
