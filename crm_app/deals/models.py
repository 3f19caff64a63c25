"""What is stored of deals."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from crm_app.core.db import Json, Moment, Sorted, bin_index


class Deal(SQLModel, table=True):
    """One sale.

    amount: minor units of the currency, None while nobody knows. rank: its place in its column. return_stage_id: the
    open stage that a deal on hold or closed came from. entered_stage_at: since when it is where it is. version: grows
    with each change.
    """

    __tablename__ = "deal"
    __card__: ClassVar[str] = "deal"
    __table_args__ = (
        bin_index("deal"),
        Index("ix_deal_column", "stage_id", "rank", "id"),
        Index("ix_deal_own_column", "stage_id", "responsible_id", "rank", "id"),
        Index("ix_deal_sums", "pipeline_id", "stage_id", "currency", "deleted_at", "responsible_id", "amount"),
        Index("ix_deal_client", "client_id", "id"),
        Index("ix_deal_updated", "updated_at", "id"),
        Index("ix_deal_created", "created_at", "client_id"),
        Index("ix_deal_entered", "stage_id", "entered_stage_at", "client_id"),
        Index("ix_deal_added", "created_at", "id"),
        Index("ix_deal_in_stage_since", "entered_stage_at", "id"),
        Index("ix_deal_amount", "amount", "id"),
        *(Index(f"ix_deal_{name}", name, "id") for name in ("payment_method", "delivery", "lost_reason", "currency")),
        Index("ix_deal_by_items", "amount_by_items", "id"),
        Index("ix_deal_created_by", "created_by_id", "id"),
        Index("ix_deal_responsible", "responsible_id", "updated_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(default="", index=True)
    name: str
    client_id: int | None = Field(default=None, foreign_key="client.id")
    pipeline_id: int = Field(foreign_key="pipeline.id")
    stage_id: int = Field(foreign_key="stage.id")
    rank: str = Field(sa_type=Sorted)
    responsible_id: int = Field(foreign_key="employee.id")
    amount: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = "RUB"
    amount_by_items: bool = False
    return_stage_id: int | None = None
    lost_reason: str = Field(default="", sa_type=Sorted)
    payment_method: str = Field(default="", sa_type=Sorted)
    delivery: str = Field(default="", sa_type=Sorted)
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    version: int = 1
    entered_stage_at: datetime = Field(sa_type=Moment)
    created_by_id: int | None = None
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class DealItem(SQLModel, table=True):
    """What is sold in a deal.

    quantity_thousandths: 1500 is one and a half; price: of one, in minor units of the deal's currency, VAT included;
    discount_basis_points: 1250 is 12.5 %; vat_percent: None without VAT.
    """

    __tablename__ = "deal_item"
    __table_args__ = (Index("ix_deal_item_deal", "deal_id", "position", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deal.id", ondelete="CASCADE")
    position: int
    name: str
    quantity_thousandths: int = Field(sa_type=BigInteger)
    price: int = Field(sa_type=BigInteger)
    discount_basis_points: int = 0
    vat_percent: int | None = None


class DealPlan(SQLModel, table=True):
    """A planned action: what is to be done next, and when. kind: "call", "meeting" or "document"."""

    __tablename__ = "deal_plan"
    __table_args__ = (Index("ix_deal_plan_deal", "deal_id", "done_at", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deal.id", ondelete="CASCADE")
    kind: str
    what: str
    at: datetime = Field(sa_type=Moment)
    created_by_id: int
    done_at: datetime | None = Field(default=None, sa_type=Moment)


class DealApproval(SQLModel, table=True):
    """A move that waits until others have approved it: one of a deal to a stage at a time.

    rules: those of the pipeline that asked for it, as they were; stamp: tells whether they, or what they ask about,
    have changed since; round: grows each time when all are asked anew. state: "open", "granted" (it is being moved),
    "done", "rejected", "withdrawn" or "ended", with the reason as a key and its params in `outcome`. open_key: unique
    while it is under way. reason: what was said of the move.
    """

    __tablename__ = "deal_approval"
    __table_args__ = (
        Index("ix_deal_approval_deal", "deal_id", "state"),
        Index("ix_deal_approval_pipeline", "pipeline_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deal.id", ondelete="CASCADE")
    pipeline_id: int
    from_stage_id: int
    to_stage_id: int
    asked_by_id: int
    reason: str = ""
    rules: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    stamp: str
    round: int = 1
    state: str = "open"
    open_key: str | None = Field(default=None, unique=True)
    outcome: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    asked_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class DealApprovalStep(SQLModel, table=True):
    """What one approver of a rule is asked in one round; see pipelines/approval_rules.py for its states.

    rule: the rule's key; who: as the plan names them; due_at: when the substitute is asked; is_late: that has been.
    """

    __tablename__ = "deal_approval_step"
    __table_args__ = (Index("ix_deal_approval_step_approval", "approval_id", "round", "place"),)

    id: int | None = Field(default=None, primary_key=True)
    approval_id: int = Field(foreign_key="deal_approval.id", ondelete="CASCADE")
    round: int
    rule: int
    place: int
    who: str
    state: str
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    is_late: bool = False
    decided_by_id: int | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    word: str = ""


class DealApprovalAsk(SQLModel, table=True):
    """Somebody who may decide a step. is_open: they still may. token_hash: of the link in their letter, works once.

    The rest of a link's life is the ask's: what is closed can't be decided by any link.
    """

    __tablename__ = "deal_approval_ask"
    __table_args__ = (
        Index("ix_deal_approval_ask_employee", "employee_id", "is_open"),
        Index("ix_deal_approval_ask_approval", "approval_id", "is_open"),
    )

    id: int | None = Field(default=None, primary_key=True)
    approval_id: int = Field(foreign_key="deal_approval.id", ondelete="CASCADE")
    step_id: int = Field(foreign_key="deal_approval_step.id", ondelete="CASCADE")
    employee_id: int
    is_open: bool = True
    asked_at: datetime = Field(sa_type=Moment)
    token_hash: str | None = Field(default=None, unique=True)
    token_expires_at: datetime | None = Field(default=None, sa_type=Moment)


class StageSpan(SQLModel, table=True):
    """One stay of a deal in a stage. left_at: None while it is there; entered_by_id: who brought it there, None where
    nobody did, or where the history does not tell.
    """

    __tablename__ = "stage_span"
    __table_args__ = (
        Index("ix_stage_span_deal", "deal_id", "left_at"),
        Index("ix_stage_span_stage", "stage_id", "left_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deal.id", ondelete="CASCADE")
    stage_id: int = Field(foreign_key="stage.id")
    entered_at: datetime = Field(sa_type=Moment)
    entered_by_id: int | None = None
    left_at: datetime | None = Field(default=None, sa_type=Moment)
