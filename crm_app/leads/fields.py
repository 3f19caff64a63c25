"""What lists of leads can be filtered and sorted by."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, exists, select

from crm_app.cards.columns import Columns, register_columns
from crm_app.cards.filter_fields import (
    door_field,
    employee_field,
    fields_of_every_card,
    group_field,
    in_index,
    sorted_fields,
    text_fields,
)
from crm_app.cards.filter_values import read_id
from crm_app.cards.filters import ME, Filter, FilterField
from crm_app.cards.lists import CardList, ReadyFilter, register_list
from crm_app.cards.ways import email_field, phone_field
from crm_app.core.door import Tx
from crm_app.leads import rules
from crm_app.leads.models import TEXTS, Lead, LeadSource
from crm_app.pipelines.choices import pipelines_of, stages_of_all
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.rules import LOST, OPEN, WON

SORTS: dict[str, tuple[Any, ...]] = {
    "name": (Lead.sort_name,),
    "source": (Lead.source, Lead.created_at),
    "touch_due_at": (Lead.touch_due_at,),
    "created_at": (Lead.created_at,),
    "updated_at": (Lead.updated_at,),
}


_KINDS = {OPEN: "open", WON: "qualified", LOST: "disqualified"}


def _in_stages(kind: str) -> FilterField:
    """Whether a lead is in a stage of some kind."""

    def holds(_tx: Tx, _value: Any) -> ColumnElement[bool]:
        return Lead.stage_id.in_(select(Stage.id).where(Stage.kind == kind))

    return FilterField("flag", f"leads.filter.{_KINDS[kind]}", holds=holds)


def _overdue(tx: Tx, _value: Any) -> ColumnElement[bool]:
    """Nobody has been in touch in time, and the lead is still open."""
    still_open = exists().where(Stage.id == Lead.stage_id, Stage.kind == OPEN)
    return and_(Lead.touched_at.is_(None), Lead.touch_due_at < tx.now, still_open)


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Before any lead: asked for later ones, SQLite takes the index, which it does not for ones that are there at all."""


def _converted(_tx: Tx, _value: Any) -> ColumnElement[bool]:
    """It is a contact, a client or a deal by now."""
    converted: Any = Lead.converted_at
    return cast("ColumnElement[bool]", converted > _LONG_AGO)


def _stage_name(tx: Tx, value: Any) -> str:
    name = tx.scalar(select(Stage.name).where(Stage.id == read_id(value)))
    return name or str(value)


def _pipeline_name(tx: Tx, value: Any) -> str:
    name = tx.scalar(select(Pipeline.name).where(Pipeline.id == read_id(value)))
    return name or str(value)


def sources_of(tx: Tx) -> list[str]:
    """Sources that leads have here: the built-in ones, then the company's own by name."""
    return [*rules.SOURCES, *tx.all(select(LeadSource.word).order_by(LeadSource.word))]


def _sources(tx: Tx) -> list[tuple[str, str]]:
    return [(source, _source_name(tx, source)) for source in sources_of(tx)]


def _channels(tx: Tx) -> list[tuple[str, str]]:
    return [(channel, _channel_name(tx, channel)) for channel in rules.CHANNELS]


def _source_name(tx: Tx, value: Any) -> str:
    return rules.source_label(str(value), tx.actor.locale)


def _channel_name(tx: Tx, value: Any) -> str:
    return rules.channel_label(str(value), tx.actor.locale)


FILTERS: dict[str, FilterField] = {
    "name": FilterField("text", "field.lead.name", Lead.sort_name, is_folded=True, search=in_index("lead", Lead.id)),
    "pipeline_id": FilterField(
        "card",
        "field.lead.pipeline_id",
        Lead.pipeline_id,
        name_of=_pipeline_name,
        options=partial(pipelines_of, card="lead"),
    ),
    "stage_id": FilterField(
        "card", "field.lead.stage_id", Lead.stage_id, name_of=_stage_name, options=partial(stages_of_all, card="lead")
    ),
    "open": _in_stages(OPEN),
    "qualified": _in_stages(WON),
    "disqualified": _in_stages(LOST),
    "converted": FilterField("flag", "leads.filter.converted", holds=_converted),
    "converted_at": FilterField("moment", "field.lead.converted_at", Lead.converted_at),
    "overdue": FilterField("flag", "leads.filter.overdue", holds=_overdue),
    "touched_at": FilterField("moment", "field.lead.touched_at", Lead.touched_at),
    "touch_due_at": FilterField("moment", "field.lead.touch_due_at", Lead.touch_due_at),
    "responsible_id": employee_field(Lead.responsible_id),
    "source": FilterField("choice", "field.lead.source", Lead.source, name_of=_source_name, options=_sources),
    "channel": FilterField("choice", "field.lead.channel", Lead.channel, name_of=_channel_name, options=_channels),
    **text_fields("lead", Lead, TEXTS, long=("interest", "note")),
    **sorted_fields("lead", Lead, rules.UTM),
    **sorted_fields("lead", Lead, ("disqualified_reason",), "text"),
    "phones": phone_field("lead", Lead.id),
    "emails": email_field("lead", Lead.id),
    "entered_stage_at": FilterField("moment", "field.lead.entered_stage_at", Lead.entered_stage_at),
    "via": door_field("lead", Lead.via, "field.lead.via"),
    "import_id": FilterField("number", "field.lead.import_id", Lead.import_id, is_offered=False),
    "created_by_id": employee_field(Lead.created_by_id, "field.lead.created_by_id"),
    "created_at": FilterField("moment", "field.lead.created_at", Lead.created_at),
    "updated_at": FilterField("moment", "field.lead.updated_at", Lead.updated_at),
    "group": group_field("lead", Lead.id),
    **fields_of_every_card("lead", Lead.id),
}
"""Each is served by an index: a test asks the database how it would go about it."""


def _only(field: str, op: str, value: Any) -> Filter:
    return {"all": [{"field": field, "op": op, "value": value}]}


_SYSTEM = (
    ReadyFilter("all", "leads.filter.all", {}),
    ReadyFilter("star", "leads.filter.star", _only("star", "eq", True)),
    ReadyFilter("mine", "leads.filter.mine", _only("responsible_id", "eq", ME)),
)
_PRESETS = [
    ReadyFilter("overdue", "leads.filter.overdue", _only("overdue", "eq", True)),
    ReadyFilter("new", "leads.filter.new", _only("created_at", "in", "last_7_days")),
    ReadyFilter("converted", "leads.filter.converted", _only("converted", "eq", True)),
    ReadyFilter("disqualified", "leads.filter.disqualified", _only("disqualified", "eq", True)),
]

register_list(CardList("lead", "/leads", "lead.see", FILTERS, _SYSTEM, _PRESETS, board="/leads/board"))

_FACES = {
    "star": "cards.field.star", "name": "field.lead.name", "about": "field.lead.person", "stage": "field.lead.stage_id",
    "touch_due_at": "field.lead.touched_at", "source": "field.lead.source", "phone": "field.lead.phones",
    "email": "field.lead.emails", "responsible": "field.lead.responsible_id", "created_at": "field.lead.created_at",
}  # fmt: skip
_MORE = (
    "organisation", "position", "city", "site", "interest", "channel", "utm_source", "utm_medium", "utm_campaign",
    "note", "entered_stage_at", "disqualified_reason", "updated_at",
)  # fmt: skip
register_columns("lead", Columns(_FACES, _MORE, SORTS, spare=("email",), words={"channel": "leads.channel."}))
