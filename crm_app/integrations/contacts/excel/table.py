"""The door to spreadsheets: a table of plain rows for a preview, or batches of clients for an import.

Both stream: a thousand rows are in memory at a time, however long the file is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crm_app.clients.importer import CLIENT
from crm_app.clients.intake import Batch, Terms
from crm_app.core.money import DEFAULT_CURRENCY
from crm_app.integrations.contacts.excel.cells import Cell, from_json
from crm_app.integrations.contacts.excel.guard import LIMITS, Limits
from crm_app.integrations.contacts.excel.mapping import Column, guess_mapping
from crm_app.integrations.contacts.excel.parser_process import ParserProcess

Row = tuple[int, list[Cell]]

SAMPLE_ROWS = 200


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
    _messages: Iterator[dict[str, Any]] = field(repr=False)

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
            yield [(number, list(map(from_json, cells))) for number, cells in message["rows"]]

    def rows(self) -> Iterator[Row]:
        """The same one by one."""
        for chunk in self.chunks():
            yield from chunk


def open_table(path: Path, *, sheet: str = "", limits: Limits = LIMITS, card: str = CLIENT) -> Table:
    """Open a file of whatever kind. card: what its rows are, by which headings are known.

    Raises BadInput or TooBig with the reason in a person's words.
    """
    process = ParserProcess(path, sheet=sheet, limits=limits, card=card)
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
        """What each column feeds: the form that read_batches takes."""
        return [column.field for column in self.columns]


def preview(
    path: Path, *, sheet: str = "", rows: int = SAMPLE_ROWS, limits: Limits = LIMITS, card: str = CLIENT
) -> Preview:
    """Recognise the columns of a file. rows: how many of the first ones to look at."""
    with open_table(path, sheet=sheet, limits=limits, card=card) as table:
        sample = list(islice(table.rows(), rows))
        columns = guess_mapping(table.headings, [cells for _, cells in sample], card)
        return Preview(columns, sample, table.heading_row, table.last_row, table.sheet, table.sheets)


def read_batches(
    path: Path,
    fields: Sequence[str],
    terms: Terms,
    *,
    sheet: str = "",
    currency: str = DEFAULT_CURRENCY,
    limits: Limits = LIMITS,
    card: str = CLIENT,
) -> Iterator[Batch]:
    """Cards sorted by the terms of an import, at most a thousand rows at a time.

    fields: what each column feeds (Preview.fields, or what the person made of it). Parsing, checking and sorting all
    happen in the child process, beside the saving here. Closing the generator ends the process.
    Raises BadInput where the file breaks off, and where a batch gives away more than the terms allow.
    """
    wanted = {"fields": list(fields), "currency": currency, "terms": terms.to_wire()}
    with ParserProcess(path, wanted, sheet=sheet, limits=limits, card=card) as process:
        for message in process.messages():
            if "batch" in message:
                yield Batch.from_wire(message["batch"], terms)
