"""What programs do with forms. Leads themselves come by POST /leads."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, page, shaped
from crm_app.core.door import Tx
from crm_app.core.settings import settings
from crm_app.intake.actions.forms import add_form, change_form, remove_form
from crm_app.intake.drafts import LeadFormDraft
from crm_app.intake.queries.forms import LeadFormRow, list_forms, see_form
from crm_app.intake.rules import Level

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
