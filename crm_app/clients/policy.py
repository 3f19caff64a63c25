"""Who sees and changes clients. A guest never does: what is opened to guests is asked of the portal."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.clients.models import Client, ClientEmail, ClientImport, ClientPhone, ClientWord, ImportRow
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, Rule, by_scope, employees, own, policy, visible

grant("client.see", head="department", manager="department", marketer="all")
grant("client.create", head="all", manager="all")
grant("client.change", head="department", manager="own")
grant("client.delete", head="department", manager="own")
grant("client.export", head="department", manager="department", marketer="all")
grant("client.import", head="department", manager="own")

register(CardKind("client", number=1, model=Client, href="/clients/{id}", title=lambda client: client.name))


def _of_clients(column: object, rule: Rule | None) -> Rule:
    """Rows that belong to a client: of those seen, or, with a rule, of those that the rule leaves."""

    def condition(actor: Actor) -> Condition:
        if not actor.is_employee:
            return actor.is_system
        left = visible(Client, actor, with_bin=True)
        if rule is not None:
            left = left & rule(actor)
        return column.in_(select(Client.id).where(left))  # type: ignore[attr-defined]

    return condition


_changed = by_scope(Client.responsible_id, "client.change")
_own_imports = own(ClientImport.employee_id)


def _import_rows(actor: Actor) -> Condition:
    return ImportRow.import_id.in_(select(ClientImport.id).where(_own_imports(actor)))  # type: ignore[attr-defined]


policy(Client, see=by_scope(Client.responsible_id, "client.see"), change=_changed)
policy(ClientPhone, see=_of_clients(ClientPhone.client_id, None), change=_of_clients(ClientPhone.client_id, _changed))
policy(ClientEmail, see=_of_clients(ClientEmail.client_id, None), change=_of_clients(ClientEmail.client_id, _changed))
policy(ClientWord, see=employees)
policy(ClientImport, see=_own_imports)
policy(ImportRow, see=_import_rows)
