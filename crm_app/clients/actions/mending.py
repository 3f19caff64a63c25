"""A bad row of an import, mended by a person: checked again at once, and put in where the others are in."""

from __future__ import annotations

from dataclasses import replace

from crm_app.cards.sources import check_source
from crm_app.clients.actions.intaking import plan_of, put_rows, settle
from crm_app.clients.import_rights import need_import
from crm_app.clients.importer import BAD, CHECKED, DONE, NEW, REMARK, SAME, sources
from crm_app.clients.intake import Batch
from crm_app.clients.models import ImportCells, ImportRow
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, RuleBroken

LONGEST_CELL = 32_767


@action(LOGGED_IN)
def mend_row(tx: Tx, import_id: int, row: int, cells: list[str]) -> str:
    """Write a bad row anew; gives what has become of it, "new" or another outcome of clients/importer.py.

    Of an import that was only checked it is what would become of it, and the row goes in with the others.
    """
    imported, kind = need_import(tx, import_id)
    if imported.state not in (CHECKED, DONE):
        raise RuleBroken("clients.import.not_now")
    if imported.state == DONE:
        check_source(tx, kind.card, "import")
    line, said = tx.find(ImportRow, (import_id, row)), tx.find(ImportCells, (import_id, row))
    if line is None or said is None or line.outcome != BAD:
        raise RuleBroken("clients.import.not_bad")
    if len(cells) > len(imported.mapping) or any(len(cell) > LONGEST_CELL for cell in cells):
        raise BadInput("clients.import.bad_cells", field="cells")
    said.cells, said.is_mended = cells, True
    tx.remove(line)
    imported.counts = {**imported.counts, BAD: imported.counts[BAD] - 1}
    plan = plan_of(tx, imported)
    headings = [column["heading"] for column in imported.preview["columns"]]
    terms = replace(plan.terms, cursor=0, mended={})
    batch = sources()[imported.source].take([(row, cells)], headings, plan.mapping, terms)
    batch.restore_days(kind.intake.days)
    settle(tx.do, plan, batch)
    kind.look_over(tx, batch, imported.options)
    put_rows(tx, imported, batch, is_dry=imported.state == CHECKED)
    tx.announce(f"import:{import_id}", f"{kind.card}s")
    return _outcome(batch)


def _outcome(batch: Batch) -> str:
    """What has become of the only row of a batch."""
    told = [each.outcome for each in batch.told if each.outcome != REMARK]
    if told:
        return told[0]
    return NEW if batch.prepared else SAME
