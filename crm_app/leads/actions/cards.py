"""One lead: added, changed, moved to the bin and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.cards.actions.bin import bin_card, unbin_card
from crm_app.cards.actions.changing import assign, check_given, check_responsible, oneself
from crm_app.cards.actions.field_values import first_values, set_values
from crm_app.cards.bins import BinKind, register_bin
from crm_app.cards.custom_fields import own_texts
from crm_app.cards.kinds import FIELD_WRITERS
from crm_app.cards.rights import is_reached
from crm_app.cards.sources import check_source
from crm_app.cards.ways import change_ways, emails_of, phones_of, put_emails, put_phones
from crm_app.clients.alike import refuse_alike
from crm_app.core import search
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden, RuleBroken
from crm_app.core.folding import fold
from crm_app.leads import rules
from crm_app.leads.actions.lateness import watch_for_touch
from crm_app.leads.events import LeadAdded, LeadChanged, LeadRemoved, LeadRestored
from crm_app.leads.models import TEXTS, Lead, LeadSource
from crm_app.leads.queries.cards import alike_leads
from crm_app.pipelines.models import LEAD, Pipeline, Stage
from crm_app.pipelines.places import Places
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import check_carries, in_order
from crm_app.worktime.queries import calendar_of

rank_in = Places(Lead).rank_in


@action("lead.create")
def add_lead(tx: Tx, values: rules.LeadValues, force: bool = False, pipeline_id: int | None = None) -> Lead:
    """Add a lead on top of the first stage of a pipeline: of the first one, where none is told.

    Without `force`, one that came by the same phone or address is proposed instead. The responsible employee is, unless
    named, who adds it. Raises BadInput with a reason for each wrong field, RuleBroken ("duplicate") with a reason for
    each lead that may be the same.
    """
    check_source(tx, "lead")
    cleaned = rules.clean_values({"responsible_id": oneself(tx), **values})
    check_responsible(tx, cleaned["responsible_id"])
    check_given(tx, "lead", cleaned)
    if "name" not in cleaned:
        cleaned["name"] = rules.title_of(cleaned)
    phones, emails = cleaned.pop("phones", []), cleaned.pop("emails", [])
    if not force:
        refuse_alike(alike_leads(tx, phones, emails), "leads.error.duplicate")
    lead = _new_lead(tx, need_pipeline(tx, pipeline_id), cleaned, values.get("fields", {}))
    put_phones(tx, "lead", lead.id or 0, phones)
    put_emails(tx, "lead", lead.id or 0, emails)
    learn_source(tx, lead.source)
    index_lead(tx, lead)
    tx.record(LeadAdded(card_id=lead.id or 0, name=lead.name, responsible_id=lead.responsible_id, **doer(tx)))
    tx.announce(f"stage:{lead.stage_id}")
    return lead


@action("lead.change")
def change_lead(tx: Tx, lead_id: int, values: rules.LeadValues, version: int | None = None) -> Lead:
    """Change fields of a lead. version: what one has seen; another's change since then is a conflict.

    Raises BadInput with a reason for each wrong field, RuleBroken for a conflict.
    """
    lead = tx.need(Lead, lead_id)
    if version is not None and version != lead.version:
        raise RuleBroken("core.error.conflict")
    cleaned = rules.clean_values(values)
    if cleaned.get("responsible_id", lead.responsible_id) != lead.responsible_id:
        check_responsible(tx, cleaned["responsible_id"])
    changes = change_ways(tx, "lead", lead_id, cleaned.pop("phones", None), cleaned.pop("emails", None))
    changes |= _assign(lead, cleaned) | set_values(tx, lead, values.get("fields", {}), lead.pipeline_id)
    if not changes:
        return lead
    lead.version += 1
    lead.updated_at = tx.now
    if "source" in changes:
        learn_source(tx, lead.source)
    index_lead(tx, lead)
    tx.record(LeadChanged(card_id=lead_id, changes=changes, **doer(tx)))
    tx.announce(f"stage:{lead.stage_id}")
    return lead


def _write_fields(tx: Tx, lead_id: int, fields: dict[str, Any], version: int | None) -> None:
    tx.do(change_lead, lead_id, {"fields": fields}, version=version)


FIELD_WRITERS["lead"] = _write_fields


@action("lead.delete")
def remove_lead(tx: Tx, lead_id: int) -> None:
    """Move a lead to the bin."""
    lead = tx.need(Lead, lead_id)
    bin_card(tx, "lead.delete", Lead, lead_id, LeadRemoved)
    tx.announce(f"stage:{lead.stage_id}")


@action("lead.delete")
def restore_lead(tx: Tx, lead_id: int) -> Lead:
    """Take a lead out of the bin, to where it was in its column."""
    lead = unbin_card(tx, "lead.delete", Lead, lead_id, LeadRestored, index_lead)
    watch_for_touch(tx, lead)
    tx.announce(f"stage:{lead.stage_id}")
    return lead


def index_lead(tx: Tx, lead: Lead) -> None:
    """Write a lead's text into the search index."""
    lead_id = lead.id or 0
    phones = [phone.number for phone in phones_of(tx, "lead", lead_id)]
    search.put(tx.session, "lead", lead_id, *search_parts(tx, lead, phones, emails_of(tx, "lead", lead_id)))


def search_parts(tx: Tx, lead: Lead, phones: list[str], emails: list[str]) -> tuple[str, ...]:
    """What a lead is found by."""
    return (lead.name, *(getattr(lead, name) for name in TEXTS), *phones, *emails, *own_texts(tx, lead))


def learn_source(tx: Tx, source: str) -> None:
    """Remember a source of the company's own, so that lists and dialogs offer it."""
    if source and source not in rules.SOURCES and tx.find(LeadSource, source) is None:
        tx.add(LeadSource(word=source))


def doer(tx: Tx) -> dict[str, Any]:
    """Who acts, for those who are told."""
    return {"by_id": oneself(tx) or 0, "by_name": tx.actor.name}


def need_pipeline(tx: Tx, pipeline_id: int | None) -> Pipeline:
    """The pipeline of that id, or the first one of leads. Raises RuleBroken where there is none."""
    if pipeline_id is not None:
        pipeline = tx.need(Pipeline, pipeline_id)
        check_carries(pipeline.card, LEAD)
        return pipeline
    first = tx.one(select(Pipeline).where(Pipeline.card == LEAD).order_by(Pipeline.position, Pipeline.id))
    if first is None:
        raise RuleBroken("leads.error.no_pipeline", field="pipeline_id")
    found: Pipeline = first
    return found


def _new_lead(tx: Tx, pipeline: Pipeline, cleaned: dict[str, Any], own: dict[str, Any]) -> Lead:
    first = in_order(stages_of(tx, pipeline.id or 0))[0]
    lead = Lead(
        name="", sort_name="", pipeline_id=pipeline.id or 0, stage_id=first.id or 0,
        rank=rank_in(tx, tx.need(Stage, first.id)), entered_stage_at=tx.now,
        touch_minutes=pipeline.touch_minutes or None,
        touch_due_at=rules.touch_due(calendar_of(tx), tx.now, pipeline.touch_minutes),
        via=tx.actor.via, created_by_id=oneself(tx), created_at=tx.now, updated_at=tx.now,
    )  # fmt: skip
    _assign(lead, cleaned)
    if not is_reached(tx.actor, "lead.create", lead):
        raise Forbidden("leads.error.for_others", field="responsible_id")
    lead.fields = first_values(tx, "lead", own, lead.pipeline_id, lead.stage_id)
    return tx.add(lead)


def _assign(lead: Lead, cleaned: dict[str, Any]) -> dict[str, list[Any]]:
    """Set fields, and what follows from the names; gives what has changed as [old, new]."""
    changes = assign(lead, cleaned)
    lead.sort_name, lead.match_name = fold(lead.name), rules.match_name(lead.person)
    return changes


register_bin("lead", BinKind(restore_lead, remove_lead, LeadRemoved))
