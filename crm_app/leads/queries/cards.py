"""Lists of leads, one lead, and where it may go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select

from crm_app.cards.custom_fields import values_of
from crm_app.cards.filters import Filter
from crm_app.cards.queries.listed import Listed
from crm_app.cards.rights import is_reached
from crm_app.cards.stage_fields import lacks_by_stage
from crm_app.cards.ties import ties_of
from crm_app.clients.alike import Alike, alike
from crm_app.clients.matching import Likeness
from crm_app.core.door import Tx, query
from crm_app.core.errors import BadInput, Reason
from crm_app.core.keys import among
from crm_app.core.paging import Page
from crm_app.leads import rules
from crm_app.leads.fields import FILTERS, SORTS, sources_of
from crm_app.leads.models import Lead
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import Drop

LEADS = Listed(
    "lead", Lead, FILTERS, SORTS,
    columns=(
        Lead.id, Lead.name, Lead.person, Lead.organisation, Lead.source, Lead.channel, Lead.stage_id,
        Lead.responsible_id, Lead.touch_due_at, Lead.touched_at, Lead.created_at, Lead.updated_at, Lead.sort_name,
    ),
)  # fmt: skip
"""How leads are asked about."""


@dataclass
class LeadRow:
    """A lead in a list. touch: see rules.touch_state; "" for a closed one."""

    __card__: ClassVar[str] = "lead"

    id: int
    name: str
    person: str
    organisation: str
    source: str
    channel: str
    stage_id: int
    stage: str
    stage_kind: str
    colour: str
    touch: str
    touch_due_at: datetime | None
    touched_at: datetime | None
    responsible_id: int
    responsible: str
    phone: str
    email: str
    tags: list[str]
    is_starred: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class LeadCard:
    """All of one lead. phones: numbers as E.164, with their extensions; may_change, may_delete: by the one who asks.

    fields: the custom ones that are not empty, as they are stored, by key.
    """

    __card__: ClassVar[str] = "lead"

    id: int
    name: str
    person: str
    position: str
    organisation: str
    phones: list[str]
    emails: list[str]
    site: str
    city: str
    source: str
    channel: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    interest: str
    note: str
    responsible_id: int
    responsible: str
    pipeline_id: int
    stage_id: int
    stage: str
    stage_kind: str
    disqualified_reason: str
    entered_stage_at: datetime
    touch: str
    touch_due_at: datetime | None
    touched_at: datetime | None
    converted_at: datetime | None
    via: str
    version: int
    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    tags: list[str]
    is_starred: bool
    may_change: bool
    may_delete: bool


@dataclass(frozen=True)
class LeadMove:
    """What a drop on a stage would mean: "free", "needs" or "no", and why."""

    stage_id: int
    drop: Drop
    reasons: list[Reason]


@query("lead.see")
def list_leads(
    tx: Tx,
    where: Filter | None = None,
    q: str = "",
    sort: str = "-created_at",
    after: str = "",
    limit: int = 50,
) -> Page[LeadRow]:
    """A page of leads. where: see cards/filters.py; sort: a key of SORTS or "fields." with the key of
    a custom field, "-" before it for the other way round.

    after: `next` of the page before. Raises BadInput for a filter, an order or a cursor that is none.
    """
    rows, next_ = LEADS.page(tx, where, q, sort, after, limit)
    stages = stages_by_id(tx, {row.stage_id for row in rows})
    ties = ties_of(tx, "lead", rows)
    return Page([_line(row, stages[row.stage_id], ties.of(row), tx.now) for row in rows], next_)


@query("lead.see")
def count_leads(tx: Tx, where: Filter | None = None, q: str = "") -> int:
    """How many leads a filter leaves, exactly."""
    return LEADS.count(tx, where, q)


@query("lead.see")
def see_lead(tx: Tx, lead_id: int) -> LeadCard:
    """One lead with everything that its card shows. Raises NotFound."""
    lead = tx.need(Lead, lead_id)
    stage = stages_by_id(tx, {lead.stage_id})[lead.stage_id]
    told: dict[str, Any] = {"stage": stage.name, "stage_kind": stage.kind, "touch": _touch(lead, stage.kind, tx.now)}
    told["fields"] = values_of(tx, "lead", lead)
    return LeadCard(**{**LEADS.whole(tx, LeadCard, lead), **told})


@query("lead.see")
def list_moves(tx: Tx, lead_id: int) -> list[LeadMove]:
    """For every stage of the lead's pipeline, in order: whether the lead may be dropped there."""
    lead = tx.need(Lead, lead_id)
    pipeline, stages = tx.need(Pipeline, lead.pipeline_id), stages_of(tx, lead.pipeline_id)
    if not is_reached(tx.actor, "lead.change", lead):
        return [LeadMove(stage.id or 0, "no", [Reason("core.error.not_yours")]) for stage in stages]
    at, may_pass = standing(tx, lead), tx.actor.may("lead.pass")
    verdicts = [rules.check_entry(at, pipeline, stages, stage, may_pass=may_pass) for stage in stages]
    return [
        LeadMove(stage.id or 0, verdict.drop, list(verdict.reasons))
        for stage, verdict in zip(stages, verdicts, strict=True)
    ]


def standing(tx: Tx, lead: Lead) -> rules.Standing:
    """Where a stored lead stands."""
    lacks = lacks_by_stage(tx, "lead", lead.fields, lead.pipeline_id)
    return rules.Standing(lead.stage_id, lead.return_stage_id, lead.converted_at is not None, lacks)


@query("lead.see")
def list_sources(tx: Tx) -> list[str]:
    """Sources that leads have here: the built-in ones, then the company's own by name."""
    return sources_of(tx)


@query("lead.see")
def find_lead_duplicates(
    tx: Tx, phones: list[str] | None = None, emails: list[str] | None = None, except_id: int = 0
) -> list[Alike]:
    """Leads that the actor sees and that came by the same phone or address; what can't be read is left out."""
    cleaned: dict[str, Any] = {}
    for field, value in (("phones", phones or []), ("emails", emails or [])):
        try:
            cleaned |= rules.clean_values({field: value})  # type: ignore[misc]
        except BadInput:
            continue
    return alike_leads(tx, cleaned.get("phones", []), cleaned.get("emails", []), except_id)


def alike_leads(tx: Tx, phones: list[Any], emails: list[str], except_id: int = 0) -> list[Alike]:
    """Leads that came by the same phone or address: a name alone says too little of who has only just asked."""
    like = Likeness("", phones=frozenset(phone.number for phone in phones), emails=frozenset(emails))
    return alike(tx, "lead", like, except_id)


def stages_by_id(tx: Tx, ids: set[int]) -> dict[int, Any]:
    """Stages as rows of id, name, kind and colour."""
    return {row.id: row for row in tx.all(_STAGES, ids=ids)} if ids else {}


_STAGES = select(Stage.id, Stage.name, Stage.kind, Stage.colour).where(among(Stage.id, "ids"))


def _line(row: Any, stage: Any, tied: dict[str, Any], now: datetime) -> LeadRow:
    return LeadRow(
        id=row.id, name=row.name, person=row.person, organisation=row.organisation, source=row.source,
        channel=row.channel, stage_id=row.stage_id, stage=stage.name, stage_kind=stage.kind, colour=stage.colour,
        touch=_touch(row, stage.kind, now), touch_due_at=row.touch_due_at, touched_at=row.touched_at,
        created_at=row.created_at, updated_at=row.updated_at, **tied,
    )  # fmt: skip


def _touch(row: Any, kind: str, now: datetime) -> str:
    return "" if rules.is_closed(kind) else rules.touch_state(row.touch_due_at, row.touched_at, now)
