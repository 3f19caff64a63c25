"""Spreadsheets: read, drafted, compared and written, and what the reading costs. `python -m bench.sheets [ROWS]`

Each line: name value unit budget. A figure that ends in -processor is by the time of processors: what others who share
the machine do leaves it as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from bench.measure import calibrate, figure
from crm_app.clients.intake import Terms
from crm_app.clients.match_index import MatchIndex
from crm_app.clients.matching import likeness
from crm_app.core.sheets import Value, write_csv, write_xlsx
from crm_app.integrations.contacts.excel.rows import Drafter
from crm_app.integrations.contacts.excel.table import Preview, open_table, preview, read_batches

SAMPLE = Path(__file__).resolve().parents[1] / "tests" / "samples" / "clients-4940.xlsx"
PHONE, EMAIL = 4, 5


def stretched(count: int) -> tuple[list[str], Iterator[list[Value]]]:
    """Headings and rows of the sample, repeated with phones and addresses of their own."""
    with open_table(SAMPLE) as table:
        rows = [cells for _, cells in table.rows()]
        headings = table.headings
    return headings, (_own(rows[number % len(rows)], number) for number in range(count))


def _own(cells: list[Value], number: int) -> list[Value]:
    digits = f"9{number * 7919 % 10**9:09d}"
    own = list(cells)
    own[PHONE] = f"+7 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}" if number % 2 else f"8{digits}"
    own[EMAIL] = f"n{number}.{own[EMAIL]}" if own[EMAIL] else ""
    return own


def rate(name: str, count: int, work: Callable[[], object], budget: str) -> None:
    """Two lines: rows a second by the clock, and by the processors that this process and its parsers have used."""
    start, used = perf_counter(), process_time() + of_children()
    work()
    figure(name, count / (perf_counter() - start), "rows/s", budget)
    figure(f"{name}-processor", count / (process_time() + of_children() - used), "rows/s", budget)


def read(path: Path) -> int:
    with open_table(path) as table:
        return sum(len(chunk) for chunk in table.chunks())


def take(path: Path, seen: Preview) -> int:
    return sum(len(batch.prepared) for batch in read_batches(path, seen.fields, Terms({"duplicates": True})))


def match(path: Path, seen: Preview, count: int) -> float:
    """Rows a second of one core that are compared with all before them, reading left out."""
    index, seconds = MatchIndex(), 0.0
    with open_table(path) as table:
        drafter = Drafter(table.headings, seen.fields)
        for number, cells in table.rows():
            draft, _ = drafter.draft(number, cells)
            start = process_time()
            index.add(number, likeness(draft))
            seconds += process_time() - start
    return count / seconds


def draft(seen: Preview) -> float:
    """Rows a second that one core drafts when the cells are there already."""
    drafter = Drafter([column.heading for column in seen.columns], seen.fields)
    start = process_time()
    for _ in range(20):
        for number, cells in seen.rows:
            drafter.draft(number, cells)
    return 20 * len(seen.rows) / (process_time() - start)


def of_children() -> float:
    """Seconds of the processor that ended children have used: what load by others does not change."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(count: int) -> None:
    """count: rows of the spreadsheet."""
    figure("calibration-before", calibrate(), "ms")
    with TemporaryDirectory() as folder:
        path, text = Path(folder) / "rows.xlsx", Path(folder) / "rows.csv"
        rate("sheet-write-xlsx", count, lambda: write_xlsx(path, *stretched(count)), ">=10000")
        with text.open("wb") as target:
            rate("sheet-write-csv", count, lambda: write_csv(target, *stretched(count)), ">=10000")
        start = perf_counter()
        seen = preview(path)
        figure("sheet-preview", (perf_counter() - start) * 1000, "ms", "<=1000")
        before = getrusage(RUSAGE_SELF).ru_maxrss
        rate("sheet-read-xlsx", count, lambda: read(path), ">=20000")
        rate("sheet-read-csv", count, lambda: read(text), ">=20000")
        own, parser = process_time(), of_children()
        rate("sheet-take-xlsx", count, lambda: take(path, seen), ">=8000")
        figure("sheet-take-server-processor", (process_time() - own) / count * 1e6, "us/row", "<=30")
        figure("sheet-take-parser-processor", (of_children() - parser) / count * 1e6, "us/row", "<=125")
        figure("sheet-draft-one-core", draft(seen), "rows/s", ">=12000")
        figure("sheet-memory-server", (getrusage(RUSAGE_SELF).ru_maxrss - before) / 1024, "MB", "<=30")
        figure("sheet-memory-parser", getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024, "MB", "<=120")
        figure("sheet-match", match(path, seen, count), "rows/s", ">=20000")
    figure("calibration-after", calibrate(), "ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
