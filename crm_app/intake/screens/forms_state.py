"""The State of /settings/forms: the forms by which leads come, and one of them being arranged."""

from __future__ import annotations

from typing import Any, ClassVar, TypedDict

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.cards.field_rules import Definition
from crm_app.core.clock import iso
from crm_app.core.errors import CrmError
from crm_app.core.settings import settings
from crm_app.intake.actions.forms import ASKED_AT_FIRST, add_form, change_form, remove_form
from crm_app.intake.drafts import LeadFormDraft
from crm_app.intake.form_page import frame_html, own_html
from crm_app.intake.queries.forms import LeadFormRow, list_askable, list_forms
from crm_app.intake.rules import FIELDS
from crm_app.intake.screens.removal import Removing
from crm_app.leads.queries.cards import list_sources
from crm_app.leads.rules import source_label
from crm_app.pipelines.models import LEAD
from crm_app.pipelines.queries import list_pipelines
from crm_app.ui.field import Option

TEXTS = ("name", "heading", "intro", "consent", "consent_url", "thanks", "thanks_url", "source", "channel")


class FormLine(TypedDict):
    """A form in the list. url: of its public page; taken_at: ISO, "" for never."""

    id: int
    name: str
    url: str
    is_open: bool
    taken: int
    taken_at: str


class Edited(TypedDict):
    """What the dialog begins with. id: 0 for a new form; asks: field → level; source: as people call it."""

    id: int
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
    pipeline: str
    frame_origins: str
    takes_at_once: bool


class OwnAsk(TypedDict):
    """A field of the company's own that may be asked for. name: full; level: what the form says of it."""

    name: str
    label: str
    level: str


class Codes(TypedDict):
    """What is taken along to one's own site."""

    name: str
    url: str
    frame: str
    html: str


NO_CODES: Codes = {"name": "", "url": "", "frame": "", "html": ""}
NEW: Edited = {
    "id": 0, "name": "", "heading": "", "intro": "", "asks": dict.fromkeys(FIELDS, "no") | ASKED_AT_FIRST,
    "consent": "", "consent_url": "", "thanks": "", "thanks_url": "", "source": "", "channel": "form", "pipeline": "",
    "frame_origins": "", "takes_at_once": False,
}  # fmt: skip


class LeadForms(Removing, Screen):
    """The forms, the one that is edited, and the one whose HTML is taken along."""

    _removal: ClassVar = (remove_form, "form_id")

    lines: list[FormLine] = []
    is_ready: bool = False
    form: Edited = NEW
    edits: bool = False
    opens: int = 0
    errors: dict[str, str] = {}
    codes: Codes = NO_CODES
    own: list[OwnAsk] = []
    pipelines: list[Option] = []
    sources: list[Option] = []

    _rows: list[LeadFormRow] = []
    _askable: list[Definition] = []

    @handler("intake.change")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        ways = await self._ask(list_pipelines, card=LEAD)
        self.pipelines = [{"id": str(way.id), "label": way.name, "hint": ""} for way in ways]
        await self._watch({"lead_forms", "fields:lead"}, LeadForms.changed)
        await self._load()

    @handler("intake.change")
    async def changed(self) -> None:
        """Somebody has changed a form, or sent one."""
        await self._load()

    @handler("intake.change")
    async def adding_opened(self) -> None:
        """A new form."""
        self._open({**NEW, "source": source_label("site", self._locale)})

    @handler("intake.change")
    async def editing_opened(self, form_id: int) -> None:
        """Change a form."""
        row = self._row(form_id)
        if row is not None:
            self._open(_edited(row, self._locale))

    @handler("intake.change")
    async def editing_closed(self) -> None:
        """The dialog was closed."""
        self.edits, self.errors = False, {}

    @handler("intake.change")
    async def form_saved(self, fields: dict[str, str]) -> None:
        """Add the form, or change it."""
        self.errors = {}
        values = _draft(fields, [field.full for field in self._askable])
        if self.form["id"]:
            await self._act(change_form, form_id=self.form["id"], values=values)
        else:
            await self._act(add_form, values=values)
        self.edits = False
        await self._load()

    @handler("intake.change")
    async def form_closed(self, form_id: int) -> None:
        """Nothing comes by it any more."""
        await self._act(change_form, form_id=form_id, values=LeadFormDraft(is_open=False))
        await self._load()

    @handler("intake.change")
    async def form_opened(self, form_id: int) -> None:
        """Leads come by it again."""
        await self._act(change_form, form_id=form_id, values=LeadFormDraft(is_open=True))
        await self._load()

    @handler("intake.change")
    async def codes_opened(self, form_id: int) -> None:
        """Show what is taken along to one's own site."""
        row = self._row(form_id)
        if row is not None:
            self.codes = _codes(row, self._locale)

    @handler("intake.change")
    async def codes_closed(self) -> None:
        """It was taken."""
        self.codes = NO_CODES

    def _row(self, form_id: int) -> LeadFormRow | None:
        return next((row for row in self._rows if row.id == form_id), None)

    def _open(self, form: Edited) -> None:
        self.form, self.errors, self.edits = form, {}, True
        levels = [(field, form["asks"].get(field.full, "no")) for field in self._askable]
        self.own = [{"name": f.full, "label": f.name(self._locale), "level": level} for f, level in levels]
        self.opens += 1

    async def _load(self) -> None:
        self._rows = await self._ask(list_forms)
        self._askable = await self._ask(list_askable)
        self.lines = [_line(row) for row in self._rows]
        sources = [source_label(each, self._locale) for each in await self._ask(list_sources)]
        self.sources = [{"id": each, "label": each, "hint": ""} for each in sources]
        self.is_ready = True

    async def _refused(self, error: CrmError) -> Any:
        self.errors = self._by_field(error) if self.edits else {}
        if not self.errors:
            await super()._refused(error)


def _url(row: LeadFormRow) -> str:
    return f"{settings().origin}/forms/{row.key}"


def _line(row: LeadFormRow) -> FormLine:
    return {
        "id": row.id, "name": row.name, "url": _url(row), "is_open": row.is_open, "taken": row.taken,
        "taken_at": iso(row.taken_at),
    }  # fmt: skip


def _codes(row: LeadFormRow, locale: str) -> Codes:
    origin = settings().origin
    html = own_html(row, origin, locale or settings().locale)
    return {"name": row.name, "url": _url(row), "frame": frame_html(row, origin), "html": html}


def _edited(row: LeadFormRow, locale: str) -> Edited:
    return {
        "id": row.id, "name": row.name, "heading": row.heading, "intro": row.intro,
        "asks": dict.fromkeys(FIELDS, "no") | row.asks, "consent": row.consent,
        "consent_url": row.consent_url, "thanks": row.thanks, "thanks_url": row.thanks_url,
        "source": source_label(row.source, locale), "channel": row.channel, "pipeline": str(row.pipeline_id or ""),
        "frame_origins": "\n".join(row.frame_origins), "takes_at_once": row.takes_at_once,
    }  # fmt: skip


def _draft(fields: dict[str, str], own: list[str]) -> LeadFormDraft:
    """What the dialog says, as the actions take it. own: full names of the company's own fields."""
    return LeadFormDraft(
        **{name: fields.get(name, "") for name in TEXTS},
        asks={name: fields.get(f"ask-{name}", "no") for name in (*FIELDS, *own)},
        pipeline_id=number_in(fields.get("pipeline")),
        frame_origins=fields.get("frame_origins", "").split(),
        takes_at_once=fields.get("takes_at_once") == "true",
    )
