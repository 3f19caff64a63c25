"""What the States of all imports share: one import from file to report, or the list of earlier ones.

class ClientImporting(ImportScreen, Screen):
    _card: ClassVar = "client"
"""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.access.screens.base import handler, number_in
from crm_app.cards.field_queries import list_own_fields
from crm_app.clients.actions.imports import (
    check_import,
    set_up_import,
    start_import,
    stop_import,
    undo_import,
)
from crm_app.clients.import_kinds import ImportKind, kind_of
from crm_app.clients.import_queries import (
    ImportState,
    list_imports,
    see_import,
)
from crm_app.clients.importer import (
    AT_WORK,
    BAD,
    CREATE,
    MODES,
    NOT_IMPORTED,
    sources,
)
from crm_app.clients.screens.import_report import THE_KINDS_OWN, ColumnLine, ImportReport
from crm_app.core.i18n import text
from crm_app.ui.field import Option

SHOWN_COLUMNS, SHOWN_ROWS = 40, 8


class EarlierLine(TypedDict):
    id: int
    name: str
    state: str
    at: str
    href: str


class ImportScreen(ImportReport, mixin=True):
    """One import as its owner sets it up; what becomes of its rows is told by ImportReport."""

    name: str = ""
    is_at_work: bool = False
    done_rows: int = 0
    all_rows: int = 0
    fields: list[Option] = []
    employees: list[Option] = []
    responsible: str = ""
    pipelines: list[Option] = []
    pipeline: str = ""
    adds_duplicates: bool = False
    mode: str = CREATE
    defaults: dict[str, str] = {}
    is_remembered: bool = False
    key: str = ""
    error: str = ""
    earlier: list[EarlierLine] = []

    def __init_subclass__(cls, **options: Any) -> None:
        """Mark the handlers below, which each kind gets a copy of, with the permission of the kind."""
        super().__init_subclass__(**options)
        for event in cls.event_handlers.values():
            if getattr(event.fn, "__crm_permission__", "") == THE_KINDS_OWN:
                event.fn.__crm_permission__ = f"{cls._card}.import"

    @property
    def _kind(self) -> ImportKind:
        return kind_of(self._card)

    @property
    def _address(self) -> str:
        return f"/{self._card}s/import"

    @handler(THE_KINDS_OWN)
    async def opened(self) -> None:
        """Show the import that the address names, or where to drop a file."""
        self.import_id = number_in(self.router.url.query_parameters.get("id"))
        self.state, self.columns, self.lines, self.remarks, self.counts, self.error = "", [], [], [], {}, ""
        self.outcome = BAD
        fields = sources()["excel"].fields(self._card)
        self.fields = [{"id": field.name, "label": text(field.label, self._locale), "hint": ""} for field in fields]
        for each in await self._ask(list_own_fields, card=self._card):
            if each.is_written and each.field.kind not in NOT_IMPORTED:
                self.fields.append({"id": each.field.full, "label": each.field.name(self._locale), "hint": ""})
        self.employees = await self._choose_from_employees()
        if self._kind.nobodys:
            self.employees = [
                {"id": "", "label": text("clients.import.by_rule", self._locale), "hint": ""},
                *self.employees,
            ]
        self.pipelines = await self._choose_from_pipelines()
        if self.import_id:
            await self._watch({f"import:{self.import_id}"}, type(self).changed)
            await self._load()
        else:
            self.earlier = [self._earlier(row) for row in await self._ask(list_imports, limit=10, card=self._card)]

    @handler(THE_KINDS_OWN)
    async def changed(self) -> None:
        """The worker has got on."""
        await self._load()

    @handler(THE_KINDS_OWN)
    async def file_uploaded(self, import_id: str, name: str) -> rx.event.EventSpec:
        """The file has arrived and its columns were recognised."""
        return rx.redirect(f"{self._address}?id={import_id}" if number_in(import_id) else self._address)

    @handler(THE_KINDS_OWN)
    async def column_fed(self, index: int, field: str) -> None:
        """A column feeds another field."""
        mapping = [column["field"] for column in self.columns]
        if 0 <= index < len(mapping):
            mapping[index] = field
            await self._act(set_up_import, import_id=self.import_id, mapping=mapping)
            await self._load()

    @handler(THE_KINDS_OWN)
    async def responsible_chosen(self, employee_id: str) -> None:
        """Who is responsible for rows that name nobody."""
        number = number_in(employee_id) or None
        if number or self._kind.nobodys:
            await self._act(set_up_import, import_id=self.import_id, options={"responsible_id": number})
            await self._load()

    @handler(THE_KINDS_OWN)
    async def pipeline_chosen(self, pipeline_id: str) -> None:
        """Through which pipeline new cards go; the first one of their kind where none is chosen."""
        number = number_in(pipeline_id) or None
        try:
            await self._act(set_up_import, import_id=self.import_id, options={"pipeline_id": number})
        finally:
            await self._load()

    @handler(THE_KINDS_OWN)
    async def duplicates_chosen(self, adds: bool) -> None:
        """Whether second copies are added all the same."""
        await self._act(set_up_import, import_id=self.import_id, options={"duplicates": adds})
        await self._load()

    @handler(THE_KINDS_OWN)
    async def mode_chosen(self, mode: str) -> None:
        """Whether known clients are changed."""
        if mode in MODES:
            await self._act(set_up_import, import_id=self.import_id, options={"mode": mode})
        await self._load()

    @handler(THE_KINDS_OWN)
    async def key_chosen(self, key: str) -> None:
        """By what a row finds its client."""
        if key in ("", *self._kind.keys):
            await self._act(set_up_import, import_id=self.import_id, options={"key": key})
        await self._load()

    @handler(THE_KINDS_OWN)
    async def default_given(self, name: str, said: str) -> None:
        """What new clients get in a field where their row has nothing. Custom fields keep theirs."""
        said = said.strip()
        if self.defaults.get(name, said) != said:
            given = {field: kept for field, kept in {**self.defaults, name: said}.items() if kept}
            await self._act(set_up_import, import_id=self.import_id, options={"defaults": given})
            await self._load()

    @handler(THE_KINDS_OWN)
    async def stop_clicked(self) -> None:
        """Stop after the rows in hand."""
        await self._act(stop_import, import_id=self.import_id)
        await self._load()

    @handler(THE_KINDS_OWN)
    async def check_clicked(self) -> None:
        """Count what would become of each row."""
        await self._act(check_import, import_id=self.import_id)
        await self._load()

    @handler(THE_KINDS_OWN)
    async def start_clicked(self) -> None:
        """Add the clients."""
        await self._act(start_import, import_id=self.import_id)
        await self._load()

    @handler(THE_KINDS_OWN)
    async def undo_clicked(self) -> None:
        """Take the import back."""
        await self._act(undo_import, import_id=self.import_id)
        await self._load()

    async def _choose_from_pipelines(self) -> list[Option]:
        """Pipelines that new cards may go through, of a kind that goes through any."""
        return []

    async def _load(self) -> None:
        seen: ImportState = await self._ask(see_import, import_id=self.import_id)
        self.name, self.state, self.counts = seen.name, seen.state, seen.counts
        self.is_at_work = seen.state in AT_WORK
        self.done_rows, self.all_rows = min(max(seen.cursor - 1, 0), max(seen.rows, 1)), max(seen.rows, 1)
        self.error = text(seen.error, self._locale, **seen.error_params) if seen.error else ""
        self.responsible = str(seen.options.get("responsible_id") or "")
        self.pipeline = str(seen.options.get("pipeline_id") or "")
        self.adds_duplicates = bool(seen.options.get("duplicates"))
        locked = self._actor.locked(self._card)
        self.defaults = {name: "" for name in self._kind.defaults if name not in locked} | seen.options.get(
            "defaults", {}
        )
        self.is_remembered = bool(seen.options.get("remembered"))
        self.mode, self.key = seen.options.get("mode", CREATE), seen.options.get("key", "")
        self._list_outcomes()
        self.columns = _columns(seen)
        await self._load_lines(0)

    def _earlier(self, row: ImportState) -> EarlierLine:
        return {
            "id": row.id,
            "name": row.name,
            "state": text(f"clients.import.state.{row.state}", self._locale),
            "at": row.created_at.isoformat(),
            "href": f"{self._address}?id={row.id}",
        }


def _columns(seen: ImportState) -> list[ColumnLine]:
    rows: list[list[Any]] = seen.preview["rows"][:SHOWN_ROWS]
    return [
        {
            "index": index,
            "heading": column["heading"],
            "field": seen.mapping[index],
            "samples": " · ".join(str(row[index + 1]) for row in rows if index + 1 < len(row) and row[index + 1])[:160],
        }
        for index, column in enumerate(seen.preview["columns"][:SHOWN_COLUMNS])
    ]
