"""Makes forms, each in one line."""

from __future__ import annotations

from typing import Any

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.intake.actions.forms import add_form
from crm_app.intake.drafts import LeadFormDraft
from crm_app.intake.models import LeadForm


def form(owner: Actor, name: str = "Заявка на насосы", **values: Any) -> LeadForm:
    """A form that asks for a name, which is required, a phone, an e-mail and what it is about."""
    return perform(owner, add_form, values=LeadFormDraft(name=name, **values))
