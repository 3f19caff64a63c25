"""Forms, for who arranges them and for who fills them in."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime

from sqlalchemy import select

from crm_app.cards.field_rules import Definition
from crm_app.cards.sources import check_source
from crm_app.core.door import Tx, query
from crm_app.core.errors import NotFound, RuleBroken
from crm_app.intake.models import LeadForm
from crm_app.intake.own_fields import askable, asked_of
from crm_app.intake.rules import FIELDS


@dataclass(frozen=True)
class LeadFormRow:
    """A form; see the model. asks: without fields that are gone; own: the company's own among them, by full name."""

    id: int
    key: str
    name: str
    heading: str
    intro: str
    asks: dict[str, str]
    consent: str
    consent_url: str
    thanks: str
    thanks_url: str
    source: str
    channel: str
    pipeline_id: int | None
    frame_origins: list[str]
    takes_at_once: bool
    is_open: bool
    taken: int
    taken_at: datetime | None
    created_at: datetime
    updated_at: datetime
    own: dict[str, Definition] = field(default_factory=dict)


@query("intake.change")
def list_askable(tx: Tx) -> list[Definition]:
    """Fields of leads of the company's own that forms may ask for."""
    return list(askable(tx).values())


@query("intake.change")
def list_forms(tx: Tx) -> list[LeadFormRow]:
    """All forms by name."""
    return [_row(tx, form) for form in tx.all(select(LeadForm).order_by(LeadForm.name, LeadForm.id))]


@query("intake.change")
def see_form(tx: Tx, form_id: int) -> LeadFormRow:
    """One form. Raises NotFound."""
    return _row(tx, tx.need(LeadForm, form_id))


@query("lead.intake")
def find_open_form(tx: Tx, form_key: str) -> LeadFormRow:
    """The form of a public address. Raises NotFound for none, and for one that is closed."""
    return _row(tx, need_open_form(tx, form_key))


def need_open_form(tx: Tx, form_key: str) -> LeadForm:
    """The row of an open form. Raises NotFound, also where leads may come by no form at all."""
    form: LeadForm | None = tx.one(select(LeadForm).where(LeadForm.key == form_key, LeadForm.is_open))
    try:
        check_source(tx, "lead", "form")
    except RuleBroken:
        form = None
    if form is None:
        raise NotFound("intake.error.no_form")
    return form


def _row(tx: Tx, form: LeadForm) -> LeadFormRow:
    own = asked_of(tx, form.asks, form.pipeline_id)
    told = {each.name: getattr(form, each.name) for each in fields(LeadFormRow) if each.name != "own"}
    asks = {name: level for name, level in form.asks.items() if name in FIELDS or name in own}
    return LeadFormRow(**{**told, "asks": asks}, own=own)
