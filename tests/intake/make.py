"""Makes forms and rules, each in one line."""

from __future__ import annotations

from typing import Any

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.intake.actions.distribution import add_rule
from crm_app.intake.actions.forms import add_form
from crm_app.intake.drafts import LeadFormDraft, LeadRuleDraft
from crm_app.intake.models import LeadForm, LeadRule


def form(owner: Actor, name: str = "Заявка на насосы", **values: Any) -> LeadForm:
    """A form that asks for a name, which is required, a phone, an e-mail and what it is about."""
    return perform(owner, add_form, values=LeadFormDraft(name=name, **values))


def rule(owner: Actor, name: str, employees: list[Actor], **values: Any) -> LeadRule:
    """A rule that gives all leads to some employees in turn."""
    draft = LeadRuleDraft(name=name, employee_ids=[each.id for each in employees], **values)
    return perform(owner, add_rule, values=draft)
