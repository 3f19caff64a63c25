"""Moves that wait for approval as the browser holds them, and what is done with them on whatever page shows them."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.core.clock import iso
from crm_app.core.errors import CrmError
from crm_app.deals.actions.approvals import decide_approval, withdraw_approval
from crm_app.deals.queries.approvals import ApprovalRow


class SaidLine(TypedDict):
    """What one approver has said."""

    who: str
    is_yes: bool
    word: str


class ApprovalLine(TypedDict):
    """A request. amount: minor units; href: of the deal, "" where the reader does not see it; times: ISO.

    due_at: "" for none.
    """

    id: int
    round: int
    title: str
    href: str
    client: str
    amount: int
    has_amount: bool
    currency: str
    here: str
    there: str
    there_id: int
    asked_by: str
    asked_at: str
    due_at: str
    reason: str
    why: list[str]
    whom: str
    said: list[SaidLine]
    is_open: bool
    may_decide: bool
    may_withdraw: bool


def approval_line(row: ApprovalRow) -> ApprovalLine:
    """A row of a query as the browser gets it."""
    return {
        "id": row.id, "round": row.round, "title": row.title, "href": f"/deals/{row.deal_id}" if row.sees_deal else "",
        "client": row.client_name, "amount": row.amount or 0, "has_amount": row.amount is not None,
        "currency": row.currency, "here": row.from_stage, "there": row.to_stage, "there_id": row.to_stage_id,
        "asked_by": row.asked_by, "asked_at": row.asked_at.isoformat(), "due_at": iso(row.due_at),
        "reason": row.reason, "why": row.why, "whom": ", ".join(row.whom),
        "said": [{"who": each.who, "is_yes": each.is_yes, "word": each.word} for each in row.said],
        "is_open": row.state == "open", "may_decide": row.may_decide, "may_withdraw": row.may_withdraw,
    }  # fmt: skip


class Decides(Screen, mixin=True):
    """What the pages share on which requests are decided. errors: by "why-" and the id of a request."""

    requests: list[ApprovalLine] = []
    errors: dict[str, str] = {}

    @handler("deal.approve")
    async def approved(self, fields: dict[str, str]) -> None:
        """Approve what is on the screen. fields: approval, round, word."""
        await self._decide(fields, True)

    @handler("deal.approve")
    async def rejected(self, fields: dict[str, str]) -> None:
        """Reject it, and say why."""
        await self._decide(fields, False)

    @handler("deal.move")
    async def withdrawn(self, approval_id: int) -> None:
        """Take one's own request back."""
        await self._act(withdraw_approval, approval_id=approval_id)
        await self._toast("deals.approvals.withdrawn")
        await self._load_requests()

    async def _decide(self, fields: dict[str, str], approves: bool) -> None:
        self.errors = {}
        number = number_in(fields.get("approval", ""))
        told = {"approves": approves, "word": fields.get("word", ""), "round": number_in(fields.get("round", ""))}
        try:
            await self._act(decide_approval, approval_id=number, **told)
        except CrmError as refused:
            by_field = self._by_field(refused)
            self.errors = {f"why-{number}": by_field["word"]} if "word" in by_field else {}
            await self._load_requests()
            if not self.errors:
                raise
            return
        await self._toast("deals.approvals.decided_yes" if approves else "deals.approvals.decided_no")
        await self._load_requests()

    async def _load_requests(self) -> None:
        raise NotImplementedError
