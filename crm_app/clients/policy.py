"""Who sees and changes clients. A guest never does: what is opened to guests is asked of the portal."""

from __future__ import annotations

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.cards.rights import by_reach
from crm_app.clients.models import Client, ClientImport, ClientWord, ImportCells, ImportChange, ImportHabit, ImportRow
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, employees, exists_visible, own, policy

grant("client.see", head="department", manager="department", marketer="all")
grant("client.create", head="all", manager="department")
grant("client.change", head="department", manager="own")
grant("client.delete", head="department", manager="own")
grant("client.export", head="department", manager="department", marketer="all")
grant("client.import", head="all", manager="department")

register(
    CardKind(
        "client",
        number=1,
        model=Client,
        href="/clients/{id}",
        title=Client.name,
        is_reached=True,
        has_fields=True, is_linked=True,
        parted_by=("type", "kind"),
        sources=("screen", "api", "import"),
        computed_of={
            "name": "text", "city": "text", "revenue": "money", "first_contact": "date", "birthday": "date",
            "created_at": "date",
        },
    )
)  # fmt: skip


_own_imports = own(ClientImport.employee_id)


def _import_rows(actor: Actor) -> Condition:
    return exists_visible(ClientImport, ImportRow.import_id, actor)


def _import_changes(actor: Actor) -> Condition:
    return exists_visible(ClientImport, ImportChange.import_id, actor)


def _import_cells(actor: Actor) -> Condition:
    return exists_visible(ClientImport, ImportCells.import_id, actor)


policy(Client, see=by_reach("client.see"), change=by_reach("client.change"))
policy(ClientWord, see=employees)
policy(ClientImport, see=_own_imports)
policy(ImportRow, see=_import_rows)
policy(ImportHabit, see=own(ImportHabit.employee_id))
policy(ImportChange, see=_import_changes)
policy(ImportCells, see=_import_cells)
