"""Who sees and changes clients. A guest never does: what is opened to guests is asked of the portal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.clients.models import Client, ClientEmail, ClientImport, ClientPhone, ClientWord, ImportRow
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, Rule, by_scope, employees, exists_visible, own, policy

grant("client.see", head="department", manager="department", marketer="all")
grant("client.create", head="all", manager="department")
grant("client.change", head="department", manager="own")
grant("client.delete", head="department", manager="own")
grant("client.export", head="department", manager="department", marketer="all")
grant("client.import", head="all", manager="department")

register(CardKind("client", number=1, model=Client, href="/clients/{id}", title=Client.name))


def reaches(actor: Actor, permission: str, responsible_id: int | None) -> bool:
    """Whether the actor's permission speaks of a card with that responsible employee."""
    scope = actor.scope(permission)
    if scope in ("own", "department"):
        return responsible_id in ((actor.id,) if scope == "own" else actor.colleagues)
    return scope == "all"


def _of_clients(client_id: Any) -> Rule:
    """Rows that belong to a client that is seen."""

    def rule(actor: Actor) -> Condition:
        return exists_visible(Client, client_id, actor, with_bin=True) if actor.is_employee else False

    return rule


def _of_own_clients(client_id: Any) -> Rule:
    """Rows that belong to a client that the actor may change."""

    def rule(actor: Actor) -> Condition:
        return exists().where(Client.id == client_id, _changed(actor)).correlate_except(Client)

    return rule


_changed = by_scope(Client.responsible_id, "client.change")
_own_imports = own(ClientImport.employee_id)


def _import_rows(actor: Actor) -> Condition:
    return exists_visible(ClientImport, ImportRow.import_id, actor)


policy(Client, see=by_scope(Client.responsible_id, "client.see"), change=_changed)
policy(ClientPhone, see=_of_clients(ClientPhone.client_id), change=_of_own_clients(ClientPhone.client_id))
policy(ClientEmail, see=_of_clients(ClientEmail.client_id), change=_of_own_clients(ClientEmail.client_id))
policy(ClientWord, see=employees)
policy(ClientImport, see=_own_imports)
policy(ImportRow, see=_import_rows)
