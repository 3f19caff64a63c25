"""A whole file in, bad rows mended, two thousand cards retagged and taken back, and the import undone to the letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crm_app.cards.actions.bulk_changes import start_bulk, undo_bulk
from crm_app.cards.models import BulkChange
from crm_app.cards.queries.bulk_changes import choose_cards
from crm_app.clients.actions.cards import change_client
from crm_app.clients.actions.imports import start_import, undo_import
from crm_app.clients.actions.mending import mend_row
from crm_app.clients.queries import count_clients, list_clients
from crm_app.core import files
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from tests.clients.test_import_changes import JOURNAL, known, snapshot
from tests.clients.test_imports import SAMPLES, lines, run, upload
from tests.work import work_off

COMPANIES: dict[str, Any] = {"all": [{"field": "kind", "op": "eq", "value": "company"}]}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "folder", lambda: tmp_path / "files")


def stored() -> dict[str, list[Any]]:
    """The database without what tells of changes of many cards."""
    return {table: rows for table, rows in snapshot().items() if table not in JOURNAL and not table.startswith("bulk_")}


def mend_all(actor: Actor, import_id: int, headings: list[str]) -> int:
    """Write all bad rows anew, as few cells as it takes; how many went in."""
    mended = 0
    for line in lines(actor, import_id, "bad"):
        wrong = {problem.column for problem in line.problems if problem.level == "error"}
        cells = [*line.cells, *[""] * (len(headings) - len(line.cells))]
        right = {name: f"Исправленная строка {line.row}" if name == "Название" else "" for name in wrong}
        written = [right.get(name, cell) for name, cell in zip(headings, cells, strict=True)]
        mended += perform(actor, mend_row, import_id=import_id, row=line.row, cells=written) == "new"
    return mended


def test_after_the_undo_of_a_whole_file_the_database_is_as_it_was(adam: Actor) -> None:
    known(adam)
    before = stored()
    import_id = upload(adam, SAMPLES / "clients-4940.xlsx")
    done = run(adam, start_import, import_id)
    assert (done.counts["new"], done.counts["duplicate"], done.counts["bad"]) == (4710, 180, 50)
    assert mend_all(adam, import_id, [column["heading"] for column in done.preview["columns"]]) == 50
    assert perform(adam, count_clients) == 3 + 4710 + 50
    undone = run(adam, undo_import, import_id)
    assert (undone.state, undone.counts["taken"], undone.counts["left"]) == ("undone", 4760, 0)
    after = stored()
    assert [table for table in before if after[table] != before[table]] == []


def test_after_a_change_of_thousands_is_taken_back_the_database_is_as_it_was(adam: Actor) -> None:
    import_id = upload(adam, SAMPLES / "clients-4940.xlsx")
    run(adam, start_import, import_id)
    before = stored()
    parts = perform(adam, choose_cards, card="client", where=COMPANIES)
    asked = {"card": "client", "operation": "tag", "arguments": {"name": "ярмарка"}}
    change: BulkChange = perform(adam, start_bulk, **asked, parts=parts)
    work_off()
    tagged = {"field": "tags", "op": "has", "value": "ярмарка"}
    assert perform(adam, count_clients, where=tagged) == perform(adam, count_clients, where=COMPANIES) > 2_000
    perform(adam, undo_bulk, bulk_id=change.id)
    work_off()
    after = stored()
    changed = [table for table in before if after[table] != before[table]]
    assert changed == ["tag"]  # the new word stays among those that are offered
    assert len(after["tag"]) == len(before["tag"]) + 1
    undone = run(adam, undo_import, import_id)
    assert (undone.counts["taken"], undone.counts["left"]) == (4710, 0), "what was taken back is nobody's work"
    assert perform(adam, count_clients) == 0


def test_what_a_change_of_many_has_left_keeps_a_card(adam: Actor) -> None:
    import_id = upload(adam, SAMPLES / "clients-300-cp1251.csv")
    count = run(adam, start_import, import_id).counts["new"]
    ids = [row.id for row in perform(adam, list_clients, limit=8).rows]

    def bulk(operation: str, which: list[int], **arguments: Any) -> int:
        asked = {"card": "client", "operation": operation, "arguments": arguments}
        return perform(adam, start_bulk, **asked, ids=which).id or 0

    bulk("tag", ids[:1], name="ярмарка")
    bulk("set", ids[1:2], field="city", value="Тула")
    for operation, which, arguments in (
        ("set", ids[2:4], {"field": "city", "value": "Тула"}), ("tag", ids[2:4], {"name": "ярмарка"}),
        ("remove", ids[4:6], {}), ("group", ids[4:6], {"name": "Выставка"}),
    ):  # fmt: skip
        perform(adam, undo_bulk, bulk_id=bulk(operation, which, **arguments))
    perform(adam, change_client, client_id=ids[6], values={"city": "Тула"})
    undone = run(adam, undo_import, import_id)
    assert (undone.counts["taken"], undone.counts["left"]) == (count - 3, 3)
    assert {row.id for row in perform(adam, list_clients).rows} == {ids[0], ids[1], ids[6]}
