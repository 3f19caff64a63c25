"""What becomes of the rows of an import, as its screen tells it: by outcome, with bad ones to be mended in place."""

from __future__ import annotations

from typing import ClassVar, TypedDict

from crm_app.access.screens.base import Screen, handler
from crm_app.clients.actions.mending import mend_row
from crm_app.clients.import_queries import ImportLine, list_import_rows, sum_up_remarks
from crm_app.clients.importer import ABSENT, BAD, CHANGED, CHECKED, DONE, DUPLICATE, LEFT, REMARK, STUCK, TAKEN
from crm_app.core.i18n import text
from crm_app.ui.tabs import Tab

THE_KINDS_OWN = "the kind's own"
"""Stands for the permission that each kind names; nobody holds this one."""
ALWAYS_LISTED, LISTED_WHERE_ANY = (BAD, DUPLICATE, REMARK), (CHANGED, ABSENT, TAKEN, LEFT, STUCK)
SHOWN_LINES = 50


class ColumnLine(TypedDict):
    """A column of the file. samples: what its first rows hold."""

    index: int
    heading: str
    field: str
    samples: str


class RowLine(TypedDict):
    """A row that a person should look at. is_mendable: it can be written anew."""

    row: int
    name: str
    reason: str
    href: str
    card: str
    is_mendable: bool


class CellLine(TypedDict):
    """A cell of the row that is being mended. name: of its field in the form; reason: what is wrong with it."""

    name: str
    heading: str
    text: str
    reason: str


class RemarkLine(TypedDict):
    """What was remarked alike of so many rows."""

    reason: str
    rows: int
    first_row: int


class ImportReport(Screen, mixin=True):
    """The rows of one import. state: see clients/importer.py, "" while there is no file yet."""

    _card: ClassVar[str]

    import_id: int = 0
    state: str = ""
    columns: list[ColumnLine] = []
    counts: dict[str, int] = {}
    outcome: str = BAD
    lists: list[Tab] = []
    lines: list[RowLine] = []
    more_lines: bool = False
    mended_row: int = 0
    cells: list[CellLine] = []
    remarks: list[RemarkLine] = []

    @handler(THE_KINDS_OWN)
    async def outcome_chosen(self, outcome: str) -> None:
        """Look at other rows: bad ones, duplicates, remarks, changed ones, those taken back and those not."""
        self.outcome = outcome
        await self._load_lines(0)

    @handler(THE_KINDS_OWN)
    async def mend_clicked(self, row: int) -> None:
        """Show what a bad row says, to be written anew."""
        asked = {"import_id": self.import_id, "outcome": BAD, "after": row - 1, "limit": 1}
        for found in await self._ask(list_import_rows, **asked):
            self.mended_row, self.cells = found.row, self._cells(found)

    @handler(THE_KINDS_OWN)
    async def mend_closed(self) -> None:
        """Nothing is to be mended."""
        self.mended_row = 0

    @handler(THE_KINDS_OWN)
    async def mended(self, fields: dict[str, str]) -> None:
        """Check the row anew; one that is still bad stays open with what is wrong."""
        row, cells = self.mended_row, [fields.get(cell["name"], cell["text"]) for cell in self.cells]
        outcome = await self._act(mend_row, import_id=self.import_id, row=row, cells=cells)
        await self._load()
        if outcome == BAD:
            await self.mend_clicked(row)
            return
        self.mended_row = 0
        await self._toast("clients.import.mended")

    @handler(THE_KINDS_OWN)
    async def more_lines_wanted(self) -> None:
        """The next rows."""
        await self._load_lines(self.lines[-1]["row"] if self.lines else 0)

    async def _load(self) -> None:
        """Show the import as it is now."""
        raise NotImplementedError

    def _list_outcomes(self) -> None:
        listed = [*ALWAYS_LISTED, *(name for name in LISTED_WHERE_ANY if self.counts.get(name))]
        self.lists = [{"id": name, "label": text(f"clients.import.count.{name}", self._locale)} for name in listed]

    async def _load_lines(self, after: int) -> None:
        asked = {"import_id": self.import_id, "outcome": self.outcome, "after": after, "limit": SHOWN_LINES}
        found = [self._line(row) for row in await self._ask(list_import_rows, **asked)]
        self.lines = found
        self.more_lines = len(found) == SHOWN_LINES
        kinds = await self._ask(sum_up_remarks, import_id=self.import_id) if self.outcome == REMARK else []
        self.remarks = [
            {"reason": kind.problem.text(self._locale), "rows": kind.rows, "first_row": kind.problem.row}
            for kind in kinds[:SHOWN_LINES]
        ]

    def _line(self, row: ImportLine) -> RowLine:
        reasons = [problem.text(self._locale) for problem in row.problems]
        if row.first_row:
            reasons.append(text("clients.import.copy_of_row", self._locale, row=row.first_row))
        return {
            "row": row.row,
            "name": row.name,
            "reason": ". ".join(reasons),
            "href": f"/{self._card}s/{row.card_id}" if row.card_id else "",
            "card": row.card_name,
            "is_mendable": bool(row.cells) and self.state in (CHECKED, DONE),
        }

    def _cells(self, line: ImportLine) -> list[CellLine]:
        """Each column of the file that feeds a field, or says something."""
        reasons = {problem.column: problem.text(self._locale) for problem in line.problems}
        texts = [*line.cells, *[""] * (len(self.columns) - len(line.cells))]
        return [
            {"name": f"cell-{n}", "heading": c["heading"], "text": said, "reason": reasons.get(c["heading"], "")}
            for n, (c, said) in enumerate(zip(self.columns, texts, strict=False))
        ]
