"""What programs do with imports of contacts; the rest is clients/imports_api.py."""

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

recognise_contacts = partial(recognise, card="contact")


@endpoints.post("/contacts/import", "contact.import", status=201, look=recognise_contacts, wait=wait_for_worker)
def import_contacts(
    tx: Tx,
    file: Upload,
    responsible_id: Id | None = None,
    duplicates: bool = False,
    mode: Mode = "create",
    key: Key = "",
    columns: Columns | None = None,
    defaults: Defaults | None = None,
    sheet: Sheet = "",
    dry_run: bool = False,
) -> ReportJson:
    """Import contacts from a spreadsheet (.xlsx, .xls, .ods, .csv, Google's export) or an address book (.vcf).

    responsible_id: of rows that name nobody; duplicates: add second copies all the same. mode: "create", "update"
    or "both": whether contacts that are there are changed; key: by what a row finds its contact, phones, emails or
    name, or, left out, as second copies are found. A contact is tied to the client that its row names by INN or
    name, where there is exactly one. sheet: of a workbook with several; left out, the first one that is not empty.
    With `dry_run=true` each row is checked, and no contact is added. The answer waits up to 20 s for the worker:
    while the state is checking or running, ask GET /imports/{id}.
    """
    options: Options = {"duplicates": duplicates, "mode": mode, "key": key}
    return bring(tx, file, "contact", with_defaults(options, defaults), responsible_id, columns, is_dry=dry_run)
