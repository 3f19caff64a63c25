"""Leads: those who answered, or may answer, to marketing; each one enquiry from one source."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from crm_app.core.blanks import blank_index
from crm_app.core.db import Json, Moment, Sorted, bin_index

CODES = ("utm_medium", "utm_term", "utm_content")
"""Fields that are asked for as they are, or by how they begin."""
TEXTS = ("person", "position", "organisation", "site", "city", "interest", "note")
"""Fields that are asked for by what they contain: the search index has them."""


class Lead(SQLModel, table=True):
    """Somebody who may become a client.

    name: what people call the lead; sort_name: the same folded; match_name: of the person, see core/names.person_key.
    source: a key of rules.SOURCES or one's own word; channel: a key of rules.CHANNELS. via: by what door the card came.
    touch_minutes: within how much working time somebody has to get in touch, by the limit of the pipeline as it was
    when the lead came, None where it may wait; touch_due_at: until when that is; touched_at: when somebody first did.
    return_stage_id: the open stage it came from, once it is closed. converted_at: since when it is a contact, a client
    or a deal, None while it is none. version: grows with each change.
    """

    __tablename__ = "lead"
    __card__: ClassVar[str] = "lead"
    __table_args__ = (
        bin_index("lead"),
        Index("ix_lead_name", "sort_name", "id", "responsible_id", "deleted_at"),
        Index("ix_lead_responsible", "responsible_id", "created_at", "id"),
        Index("ix_lead_column", "stage_id", "rank", "id"),
        Index("ix_lead_counts", "pipeline_id", "stage_id", "deleted_at", "responsible_id"),
        Index("ix_lead_source", "source", "created_at", "id"),
        Index("ix_lead_channel", "channel", "created_at", "id"),
        Index("ix_lead_utm_source", "utm_source", "created_at", "id"),
        Index("ix_lead_campaign", "utm_campaign", "created_at", "id"),
        *(Index(f"ix_lead_{name}", name, "id") for name in CODES),
        *(blank_index("lead", name) for name in TEXTS),
        Index("ix_lead_reason", "disqualified_reason", "id"),
        Index("ix_lead_in_stage_since", "entered_stage_at", "id"),
        Index("ix_lead_via", "via", "id"),
        Index("ix_lead_created_by", "created_by_id", "id"),
        Index("ix_lead_touch", "touched_at", "touch_due_at", "id"),
        Index("ix_lead_due", "touch_due_at", "id"),
        Index("ix_lead_converted", "converted_at", "id"),
        Index("ix_lead_created", "created_at", "id"),
        Index("ix_lead_updated", "updated_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    sort_name: str = Field(sa_type=Sorted)
    person: str = ""
    match_name: str = Field(default="", index=True, sa_type=Sorted)
    position: str = ""
    organisation: str = ""
    site: str = ""
    city: str = ""
    source: str = Field(default="", sa_type=Sorted)
    channel: str = ""
    utm_source: str = Field(default="", sa_type=Sorted)
    utm_medium: str = Field(default="", sa_type=Sorted)
    utm_campaign: str = Field(default="", sa_type=Sorted)
    utm_term: str = Field(default="", sa_type=Sorted)
    utm_content: str = Field(default="", sa_type=Sorted)
    interest: str = ""
    note: str = ""
    responsible_id: int | None = Field(default=None, foreign_key="employee.id")
    pipeline_id: int = Field(foreign_key="pipeline.id")
    stage_id: int = Field(foreign_key="stage.id")
    rank: str = Field(sa_type=Sorted)
    entered_stage_at: datetime = Field(sa_type=Moment)
    return_stage_id: int | None = None
    disqualified_reason: str = Field(default="", sa_type=Sorted)
    touch_minutes: int | None = None
    touch_due_at: datetime | None = Field(default=None, sa_type=Moment)
    touched_at: datetime | None = Field(default=None, sa_type=Moment)
    converted_at: datetime | None = Field(default=None, sa_type=Moment)
    via: str = ""
    import_id: int | None = Field(default=None, foreign_key="client_import.id", index=True)
    import_row: int | None = None
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    version: int = 1
    created_by_id: int | None = None
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class LeadSource(SQLModel, table=True):
    """A source of the company's own: what somebody has called one, so that it is offered again."""

    __tablename__ = "lead_source"

    word: str = Field(primary_key=True)


class LeadConversion(SQLModel, table=True):
    """A lead that has become a contact, a client, a deal, or several of these.

    name … interest: of the lead, as they were then: where the cards come from, also for who does not see the lead.
    undone_at: since when it is taken back. snapshot: what was made, changed and brought over.
    """

    __tablename__ = "lead_conversion"
    __table_args__ = (
        Index("ix_lead_conversion_lead", "lead_id", "undone_at"),
        Index("ix_lead_conversion_contact", "contact_id"),
        Index("ix_lead_conversion_client", "client_id"),
        Index("ix_lead_conversion_deal", "deal_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    lead_id: int  # no foreign key: cards go on telling where they come from when the lead is removed for good
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    client_id: int | None = Field(default=None, foreign_key="client.id")
    deal_id: int | None = Field(default=None, foreign_key="deal.id")
    name: str = ""
    source: str = ""
    channel: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    interest: str = ""
    converted_by_id: int | None = None
    converted_at: datetime = Field(sa_type=Moment)
    undone_at: datetime | None = Field(default=None, sa_type=Moment)
    snapshot: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
