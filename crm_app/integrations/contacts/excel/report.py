"""The bad rows of an import, as a workbook to mend and import again: the reason first, then the row as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crm_app.clients.drafts import Problem
from crm_app.core.i18n import text
from crm_app.core.sheets import Target, Value, write_xlsx

Faulty = tuple[int, Sequence[str], Sequence[Problem]]
"""(row number, its cells, what is wrong with them)"""


def write_report(target: Target, headings: Sequence[str], rows: Iterable[Faulty], locale: str) -> None:
    """headings: of the file that was imported. Its columns follow under their own names, so that the mended report is
    itself a file to import."""
    own = [text(f"contacts.report.{name}", locale) for name in ("row", "reason", "level")]
    write_xlsx(
        target, [*own, *headings], _rows(rows, len(headings), locale), sheet=text("contacts.report.sheet", locale)
    )


def _rows(rows: Iterable[Faulty], width: int, locale: str) -> Iterator[list[Value]]:
    for row, cells, problems in rows:
        reasons = "\n".join(_reason(problem, locale) for problem in problems)
        is_out = any(problem.level == "error" for problem in problems)
        level = text(f"contacts.report.{'error' if is_out else 'warning'}", locale)
        yield [row, reasons, level, *list(cells)[:width], *[""] * (width - len(cells))]


def _reason(problem: Problem, locale: str) -> str:
    sentence = problem.text(locale)
    return f"{problem.column}: {sentence}" if problem.column else sentence
