"""What programs do with forms, rules of distribution and the pool. Leads themselves come by POST /leads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, page, shaped
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound
from crm_app.core.settings import settings
from crm_app.intake.actions.distribution import add_rule, change_rule, move_rule, remove_rule
from crm_app.intake.actions.forms import add_form, change_form, remove_form
from crm_app.intake.actions.pool import take_lead
from crm_app.intake.drafts import LeadFormDraft, LeadRuleDraft
from crm_app.intake.queries.distribution import LeadRuleRow, PoolRow, WhyWhose, list_pool, list_rules, why_whose
from crm_app.intake.queries.forms import LeadFormRow, list_forms, see_form
from crm_app.intake.rules import Level
from crm_app.intake.turns import Way, Worktime

endpoints = Endpoints()


class LeadFormChanges(Body):
    """What is said of a form. asks: field of a lead → "asked" or "required"; consent: what has to be ticked;

    thanks_url: where to go on to, else `thanks` is said; pipeline_id: 0 for the first pipeline of leads; frame_origins:
    sites that may show it in a frame; takes_at_once: whether what comes from HTML on another site is taken without
    asking once more.
    """

    name: str | None = None
    heading: str | None = None
    intro: str | None = None
    asks: dict[str, Level] | None = None
    consent: str | None = None
    consent_url: str | None = None
    thanks: str | None = None
    thanks_url: str | None = None
    source: str | None = None
    channel: str | None = None
    pipeline_id: int | None = None
    frame_origins: list[str] | None = None
    takes_at_once: bool | None = None
    is_open: bool | None = None

    def draft(self) -> LeadFormDraft:
        """What was sent, as the action takes it."""
        return LeadFormDraft.model_validate(self.told())


class LeadFormBody(LeadFormChanges):
    """A form to be added."""

    name: str


class LeadFormJson(TypedDict):
    """A form. url: of its public page; taken: how many leads it has brought."""

    id: int
    url: str
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


@endpoints.get("/lead_forms", "intake.change")
def list_all_forms(tx: Tx) -> Listing[LeadFormJson]:
    """The forms by which leads come, by name."""
    return page([_told(row) for row in seen(tx, list_forms)], "forms", None)


@endpoints.post("/lead_forms", "intake.change", status=201)
def create_form(tx: Tx, body: LeadFormBody) -> LeadFormJson:
    """Add a form; it has a public page at once."""
    return _form(tx, tx.do(add_form, body.draft()).id or 0)


@endpoints.get("/lead_forms/{form_id}", "intake.change")
def see_one_form(tx: Tx, form_id: Id) -> LeadFormJson:
    """One form."""
    return _form(tx, form_id)


@endpoints.patch("/lead_forms/{form_id}", "intake.change")
def update_form(tx: Tx, form_id: Id, body: LeadFormChanges) -> LeadFormJson:
    """Change a form, or close it (is_open)."""
    tx.do(change_form, form_id, body.draft())
    return _form(tx, form_id)


@endpoints.delete("/lead_forms/{form_id}", "intake.change")
def delete_form(tx: Tx, form_id: Id) -> None:
    """Take a form away for good; the leads that came by it stay."""
    tx.do(remove_form, form_id)


def _form(tx: Tx, form_id: int) -> LeadFormJson:
    return _told(seen(tx, see_form, form_id=form_id))


def _told(row: LeadFormRow) -> LeadFormJson:
    return shaped(LeadFormJson, row, url=f"{settings().origin}/forms/{row.key}")


class LeadRuleChanges(Body):
    """What is said of a rule. conditions: a filter of leads; days: of the week, 1 being Monday; from_hour, to_hour: of
    the company's day, equal for the whole of it; worktime: "in" for what comes while the company works, "out" for what
    comes when it does not; way: "employee", "round" or "load"; place: among the rules, from 0.
    """

    name: str | None = None
    is_on: bool | None = None
    conditions: dict[str, Any] | None = None
    days: list[int] | None = None
    from_hour: int | None = None
    to_hour: int | None = None
    worktime: Worktime | None = None
    way: Way | None = None
    employee_ids: list[int] | None = None
    place: int | None = None

    def draft(self) -> LeadRuleDraft:
        """What was sent, as the action takes it."""
        return LeadRuleDraft.model_validate({name: value for name, value in self.told().items() if name != "place"})


class LeadRuleBody(LeadRuleChanges):
    """A rule to be added behind the others."""

    name: str
    employee_ids: list[int]


@endpoints.get("/lead_rules", "intake.change")
def list_all_rules(tx: Tx) -> Listing[LeadRuleRow]:
    """Rules of distribution in the order in which they are asked."""
    return page(seen(tx, list_rules), "rules", None)


@endpoints.post("/lead_rules", "intake.change", status=201)
def create_rule(tx: Tx, body: LeadRuleBody) -> LeadRuleRow:
    """Add a rule."""
    made = tx.do(add_rule, body.draft())
    return _rule(tx, made.id or 0, body.place)


@endpoints.patch("/lead_rules/{rule_id}", "intake.change")
def update_rule(tx: Tx, rule_id: Id, body: LeadRuleChanges) -> LeadRuleRow:
    """Change a rule, put it elsewhere, or turn it off."""
    tx.do(change_rule, rule_id, body.draft())
    return _rule(tx, rule_id, body.place)


@endpoints.delete("/lead_rules/{rule_id}", "intake.change")
def delete_rule(tx: Tx, rule_id: Id) -> None:
    """Take a rule away."""
    tx.do(remove_rule, rule_id)


@endpoints.get("/lead_pool", "lead.take")
def list_all_of_the_pool(tx: Tx) -> Listing[PoolRow]:
    """Open leads that are nobody's, the oldest first."""
    return page(seen(tx, list_pool), "pool", None)


@endpoints.post("/lead_pool/{lead_id}/take", "lead.take", status=204)
def take_one_lead(tx: Tx, lead_id: Id) -> None:
    """Make a lead of nobody's one's own; 409 where somebody was faster."""
    tx.do(take_lead, lead_id)


@endpoints.get("/leads/{lead_id}/why", "lead.see")
def see_why(tx: Tx, lead_id: Id) -> WhyWhose:
    """By which rule a lead went to whom; 404 for one that no rule gave out."""
    why = seen(tx, why_whose, lead_id=lead_id)
    if why is None:
        raise NotFound()
    return why


def _rule(tx: Tx, rule_id: int, place: int | None) -> LeadRuleRow:
    if place is not None:
        tx.do(move_rule, rule_id, place)
    tx.session.flush()
    return next(row for row in seen(tx, list_rules) if row.id == rule_id)
