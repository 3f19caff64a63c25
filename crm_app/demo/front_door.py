"""How enquiries come to the company by themselves: a form on its site, and who gets what it brings."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_app.core.door import Tx
from crm_app.demo.scene import Cast
from crm_app.demo.words import Words
from crm_app.intake.actions.distribution import add_rule
from crm_app.intake.actions.forms import add_form
from crm_app.intake.drafts import LeadFormDraft, LeadRuleDraft
from crm_app.intake.models import LeadForm

KEY = "demo-front-door"
"""The form's public address is the same in every demo; that of a real form can't be guessed."""


def open_front_door(tx: Tx, words: Words, cast: Cast) -> None:
    """A form and a rule that gives out what it brings to the sellers in turn, once."""
    if tx.scalar(select(func.count()).select_from(LeadForm)):
        return
    told = words["front_door"]
    add_form(tx, LeadFormDraft(**told["form"])).key = KEY
    add_rule(tx, LeadRuleDraft(name=told["rule"], way="round", employee_ids=sorted({one.id for one in cast.sellers})))
