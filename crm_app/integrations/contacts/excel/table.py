"""The door to spreadsheets: a table of plain rows for a preview, or drafts of clients for an import.

Both stream: a thousand rows are in memory at a time, however long the file is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from crm_app.clients.drafts import ClientDraft, Problem
from crm_app.core.money import DEFAULT_CURRENCY
from crm_app.integrations.contacts.excel.cells import Cell
from crm_app.integrations.contacts.excel.guard import LIMITS, Limits
from crm_app.integrations.contacts.excel.mapping import Column, guess_mapping
from crm_app.integrations.contacts.excel.parser_process import ParserProcess

Row = tuple[int, list[Cell]]

SAMPLE_ROWS = 200


class Drafted(NamedTuple):
    """One row of an import. cells: its texts as they were read, only where there are problems: for the report."""

    row: int
    draft: ClientDraft
    problems: list[Problem]
    cells: list[str]


@dataclass
class Table:
    """A table in a file: a context manager, since a process stands behind it.

    headings: texts, maybe "" or repeated; heading_row: as the spreadsheet numbers it; last_row: the same, None if
    not known (.csv); sheet: its name; sheets: names of all visible ones. Blank rows are left out.
    """

    headings: list[str]
    heading_row: int
    last_row: int | None
    sheet: str
    sheets: list[str]
    _process: ParserProcess = field(repr=False)
    _messages: Iterator[dict[str, list[Row]]] = field(repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the parser."""
        self._process.close()

    def chunks(self) -> Iterator[list[Row]]:
        """At most a thousand rows each: (number, cells). Once only. Raises BadInput where the file breaks off."""
        for message in self._messages:
            yield [(number, cells) for number, cells in message["rows"]]

    def rows(self) -> Iterator[Row]:
        """The same one by one."""
        for chunk in self.chunks():
            yield from chunk


def open_table(path: Path, *, sheet: str = "", limits: Limits = LIMITS) -> Table:
    """Open a spreadsheet of whatever kind. Raises BadInput or TooBig with the reason in a person's words."""
    process = ParserProcess(path, fields=None, sheet=sheet, limits=limits)
    messages = process.messages()
    try:
        about = next(messages)["table"]
    except BaseException:
        process.close()
        raise
    return Table(**about, _process=process, _messages=messages)


@dataclass(frozen=True)
class Preview:
    """What a person is shown before an import: the columns with what they would feed, and the first rows."""

    columns: list[Column]
    rows: list[Row]
    heading_row: int
    last_row: int | None
    sheet: str
    sheets: list[str]

    @property
    def fields(self) -> list[str]:
        """What each column feeds: the form that read_drafts takes."""
        return [column.field for column in self.columns]


def preview(path: Path, *, sheet: str = "", rows: int = SAMPLE_ROWS, limits: Limits = LIMITS) -> Preview:
    """Recognise the columns of a file. rows: how many of the first ones to look at."""
    with open_table(path, sheet=sheet, limits=limits) as table:
        sample = list(islice(table.rows(), rows))
        columns = guess_mapping(table.headings, [cells for _, cells in sample])
        return Preview(columns, sample, table.heading_row, table.last_row, table.sheet, table.sheets)


def read_drafts(
    path: Path,
    fields: Sequence[str],
    *,
    sheet: str = "",
    currency: str = DEFAULT_CURRENCY,
    limits: Limits = LIMITS,
) -> Iterator[list[Drafted]]:
    """Drafts of clients in chunks of at most a thousand.

    fields: what each column feeds (Preview.fields, or what the person made of it). Parsing and checking both happen in
    the child process; here the values are only unpacked. Closing the generator ends the process.
    """
    with ParserProcess(path, fields=list(fields), sheet=sheet, currency=currency, limits=limits) as process:
        for message in process.messages():
            if "drafts" in message:
                yield [
                    Drafted(row, ClientDraft.from_wire(wire), [Problem(row, *problem) for problem in problems], cells)
                    for row, wire, problems, cells in message["drafts"]
                ]
