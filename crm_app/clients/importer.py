"""What every source of cards has in common, and how an import goes from file to report.

    ready → checking → checked → running → done → undoing → undone        failed: with a reason, from any of them
    stopping → stopped: by the person; what is in stays, and the import can go on or be taken back

A source is a plug-in: a package in `integrations/contacts` with a `PLUGIN`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol

from typing_extensions import TypedDict

from crm_app.clients.drafts import ClientDraft, Problem
from crm_app.core.plugins import discover

if TYPE_CHECKING:
    from crm_app.clients.intake import Batch, Terms

READY, CHECKING, CHECKED, RUNNING, DONE = "ready", "checking", "checked", "running", "done"
UNDOING, UNDONE, FAILED = "undoing", "undone", "failed"
STOPPING, STOPPED = "stopping", "stopped"
AT_WORK = (CHECKING, RUNNING, UNDOING, STOPPING)
"""States in which the worker has the import."""

NEW, DUPLICATE, BAD, REMARK = "new", "duplicate", "bad", "remark"
CHANGED, SAME, ABSENT = "changed", "same", "absent"
"""Outcomes of a row: a new card; a second copy, not added; kept out by an error; a new card in spite of a flaw.
Where known cards are changed: one that becomes other, one that says the same already, one that is not there."""
TAKEN, LEFT, STUCK = "taken", "left", "stuck"
"""After an undo: taken back; left, since it was changed after the import; one that could not be taken back."""
COUNTED = (NEW, CHANGED, SAME, DUPLICATE, ABSENT, BAD)
"""Outcomes of which each row has exactly one."""

Mode = Literal["create", "update", "both"]
CREATE, UPDATE, BOTH = MODES = ("create", "update", "both")
Key = Literal["", "inn", "phones", "emails", "name"]
"""By what a row finds its card; "" is the judgement that second copies are found by."""
CLIENT = "client"
KEYS = ("inn", "phones", "emails", "name")
"""By what cards are found, the surest first; each kind has some of them."""

OWN = "fields."
"""Before the key of a custom field that a column feeds."""
NOT_IMPORTED = frozenset({"client", "file", "formula"})
"""Kinds of custom fields that no spreadsheet can tell."""

Drafted = tuple[int, ClientDraft, list[Problem]]


class Column(TypedDict):
    """heading: as in the file; field: of ClientDraft, or "" for a column that is left out."""

    heading: str
    field: str


class Preview(TypedDict):
    """What was recognised. rows: the first ones, as texts, the number first; last_row: 0 where it is not known."""

    columns: list[Column]
    rows: list[list[str]]
    last_row: int
    sheet: str
    sheets: list[str]


class Options(TypedDict, total=False):
    """How the person wants it. responsible_id: of rows that name nobody, None for leads that are given
    out by rule; type, status: of rows that have none.

    duplicates: whether second copies are added all the same; only of an import that changes nobody. mode, key: whether
    known cards are changed, and by what a row finds its own. defaults: field → what new cards get whose row has
    none, custom fields among them. pipeline_id: through which new cards go, None for the first of
    their kind. remembered: it is all as the person had it for the last file of this kind.
    """

    sheet: str
    responsible_id: int | None
    type: str
    status: str
    duplicates: bool
    mode: Mode
    key: Key
    defaults: dict[str, str]
    pipeline_id: int | None
    remembered: bool


@dataclass(frozen=True)
class SourceField:
    """A field that a column can feed. label: a key of the dictionaries."""

    name: str
    label: str


class ContactSource(Protocol):
    """Reads cards from a kind of file. A file is a stranger's: what is wrong with it is a BadInput, never a crash."""

    key: str
    largest_file: int
    endings: tuple[str, ...]

    def fields(self, card: str = CLIENT) -> Sequence[SourceField]:
        """What columns can feed."""

    def preview(self, path: Path, sheet: str = "", card: str = CLIENT) -> Preview:
        """Recognise the columns."""

    def batches(
        self, path: Path, mapping: Sequence[str], terms: Terms, sheet: str = "", card: str = CLIENT
    ) -> Iterator[Batch]:
        """The rows as an Intake sorts them, a thousand or fewer at a time. Closing the iterator ends the reading."""

    def take(
        self, rows: Iterable[tuple[int, list[str]]], headings: Sequence[str], mapping: Sequence[str], terms: Terms
    ) -> Batch:
        """Rows that a person has written: sorted as those of a file are."""

    def write_report(
        self,
        target: Path | BinaryIO,
        path: Path,
        faulty: Mapping[int, Sequence[Problem]],
        sheet: str,
        locale: str,
        card: str = CLIENT,
    ) -> None:
        """The faulty rows with their reasons, as a file that can be mended and imported again."""

    def template(self, locale: str, words: Mapping[str, Sequence[str]], card: str = CLIENT) -> bytes:
        """A file to fill. words: to choose from, by field."""


@cache
def sources() -> dict[str, ContactSource]:
    """The sources that are installed, by key."""
    return discover("crm_app.integrations.contacts")
