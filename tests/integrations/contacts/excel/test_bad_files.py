"""A bad file never harms the server, and the person is told what is wrong in their language."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from crm_app.clients.intake import Terms
from crm_app.core.errors import BadInput, TooBig
from crm_app.integrations.contacts.excel.guard import Limits
from crm_app.integrations.contacts.excel.table import open_table, preview, read_batches
from tests.core.outcome import outcome
from tests.integrations.contacts.excel import files


def _read_all(path: Path, limits: Limits | None = None) -> list:
    with open_table(path, limits=limits or Limits()) as table:
        return list(table.rows())


@pytest.mark.parametrize("name", files.BAD_FILES)
def test_a_bad_file_is_refused_by_its_reason_in_both_languages(name, tmp_path):
    make, code = files.BAD_FILES[name]
    with pytest.raises(BadInput) as refusal:
        _read_all(make(tmp_path / "upload"))
    assert refusal.value.key == f"contacts.error.{code}"
    russian, english = refusal.value.text("ru"), refusal.value.text("en")
    assert russian.split() != english.split() and len(russian.split()) >= 3 and len(english.split()) >= 3
    assert "{" not in russian + english and "contacts." not in russian + english


@pytest.mark.parametrize("name", ["sparse sheet", "zip bomb"])
def test_a_bomb_costs_the_server_neither_time_nor_memory(name, tmp_path):
    path = files.BAD_FILES[name][0](tmp_path / "bomb.xlsx")
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(TooBig):
        preview(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("make", [files.entity_bomb, files.lying_zip_bomb])
def test_a_bomb_behind_an_honest_face_is_defused(make, tmp_path):
    """Refused, or read as the little that it is: either way the process lives and nothing has swollen."""
    path = make(tmp_path / "bomb.xlsx")
    rows, refusal = outcome(_read_all, path)
    if refusal:
        assert refusal.key in ("contacts.error.broken_file", "contacts.error.empty_table", "contacts.error.no_headings")
    else:
        assert sum(len(str(cell)) for _, cells in rows for cell in cells) < 1_000


def test_a_sheet_can_not_read_other_files_of_the_server(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY")
    path = files.external_entity(tmp_path / "xxe.xlsx", secret)
    rows, refusal = outcome(_read_all, path)
    assert "CANARY" not in (refusal.text("ru") if refusal else str(rows))


def test_a_file_over_the_size_limit_is_refused_unopened(tmp_path):
    path = files.csv_file(tmp_path / "big.csv", [files.HEADINGS, *[files.ROW] * 100])
    with pytest.raises(TooBig, match="больше 0 МБ"):
        _read_all(path, Limits(file_bytes=1_000))


def test_a_table_with_too_many_rows_is_refused_before_its_rows(tmp_path):
    path = files.xlsx(tmp_path / "long.xlsx", [files.HEADINGS, *[files.ROW] * 20])
    with pytest.raises(TooBig) as refusal:
        _read_all(path, Limits(rows=10))
    assert refusal.value.key == "contacts.error.too_many_rows"


def test_a_parser_that_takes_too_long_is_ended(tmp_path):
    path = files.csv_file(tmp_path / "a.csv", [files.HEADINGS, files.ROW])
    with pytest.raises(TooBig) as refusal:
        _read_all(path, Limits(wait_seconds=0.001))
    assert refusal.value.key == "contacts.error.too_slow"


def test_a_parser_that_burns_the_processor_is_ended(tmp_path):
    path = files.csv_file(tmp_path / "a.csv", [files.HEADINGS, *[files.ROW] * 1_000_000])  # seconds of parsing
    with pytest.raises(TooBig) as refusal:
        _read_all(path, Limits(cpu_seconds=1, file_bytes=1 << 30))
    assert refusal.value.key == "contacts.error.too_slow"


def test_leaving_early_ends_the_parser(tmp_path):
    path = files.csv_file(tmp_path / "a.csv", [files.HEADINGS, *[files.ROW] * 50_000])
    before = _children()
    batches = read_batches(path, ["name", "phones", "emails"], Terms({}))
    next(batches)
    batches.close()
    with open_table(path) as table:
        next(table.rows())
    assert _children() == before


def _children() -> list[str]:
    """Processes that this one has started, running or dead and not waited for."""
    return sorted(each.read_text() for each in Path("/proc/self/task").glob("*/children"))


def test_a_sheet_that_is_not_there_is_named(tmp_path):
    path = files.xlsx(tmp_path / "a.xlsx", [files.HEADINGS, files.ROW])
    with pytest.raises(BadInput, match="нет листа «Клиенты»"), open_table(path, sheet="Клиенты"):
        pass
