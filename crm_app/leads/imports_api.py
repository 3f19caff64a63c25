"""What programs do with imports of leads; the rest is clients/imports_api.py."""

from __future__ import annotations

from functools import partial

from crm_app.api.endpoints import Endpoints, Upload
from crm_app.api.forms import Id
from crm_app.clients.importer import Key, Mode, Options
from crm_app.clients.imports_api import (
    Columns,
    Defaults,
    ReportJson,
    Sheet,
    bring,
    recognise,
    wait_for_worker,
    with_defaults,
)
from crm_app.core.door import Tx

endpoints = Endpoints()

recognise_leads = partial(recognise, card="lead")


@endpoints.post("/leads/import", "lead.import", status=201, look=recognise_leads, wait=wait_for_worker)
def import_leads(
    tx: Tx,
    file: Upload,
    responsible_id: Id | None = None,
    by_rule: bool = False,
    pipeline_id: Id | None = None,
    duplicates: bool = False,
    mode: Mode = "create",
    key: Key = "",
    columns: Columns | None = None,
    defaults: Defaults | None = None,
    sheet: Sheet = "",
    dry_run: bool = False,
) -> ReportJson:
    """Import leads from a spreadsheet (.xlsx, .xls, .ods, .csv) or an address book (.vcf).

    responsible_id: of rows that name nobody; by_rule: these are given out by the rules of distribution instead.
    pipeline_id: through which the leads go, one where the caller may add leads; left out, the first. duplicates:
    add second copies all the same. mode: "create", "update" or "both": whether leads that are there are changed;
    key: by what a row finds its lead, phones or emails, or, left out, as second copies are found. sheet: of a
    workbook with several; left out, the first one that is not empty. With `dry_run=true` each row is checked, and
    no lead is added. The answer waits up to 20 s for the worker: while the state is checking or running, ask GET
    /imports/{id}.
    """
    options: Options = {"duplicates": duplicates, "mode": mode, "key": key}
    if pipeline_id is not None:
        options["pipeline_id"] = pipeline_id
    if by_rule:
        options["responsible_id"] = None
    return bring(tx, file, "lead", with_defaults(options, defaults), responsible_id, columns, is_dry=dry_run)
