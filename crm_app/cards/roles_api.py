"""What programs do with roles: read them, make them, set what their holders may do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from crm_app.access.actions.roles import Scope, add_role, change_role, remove_role, rename_role, set_field_right
from crm_app.access.roles import permissions
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, page
from crm_app.cards.actions.rights import AS_ALL, set_exception
from crm_app.cards.queries.rights import RoleRights, RoleRow, list_guarded, list_role_rows, see_role
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, NotFound

endpoints = Endpoints()

Name = Annotated[str, Field(max_length=200)]
Word = Annotated[str, Field(max_length=120)]
Level = Literal["hidden", "read"]


class RoleJson(TypedDict):
    """A role. key: what programs know it by; people: how many have it, those who left among them."""

    id: int
    key: str
    name: str
    people: int
    is_built_in: bool


class RightsJson(RoleJson):
    """A role with what its holders may do, as PUT /roles/{id}/rights takes it."""

    permissions: dict[str, str]
    exceptions: dict[str, dict[str, str]]
    fields: dict[str, dict[str, str]]


class NewRole(Body):
    """A role of the company's own: one that may do nothing, or what another one may (copied_from)."""

    name: Name
    copied_from: Id | None = None


class RoleChanges(Body):
    """Another name; the key stays."""

    name: Name


class RightsBody(Body):
    """All that a role may do; what is not named it may not, and a field that is not named is free to change.

    permissions: name → own, department or all. exceptions: permission → {"type:supplier": scope}, for cards of a type.
    fields: kind of card → {field: hidden or read}.
    """

    permissions: dict[Word, Scope] = {}
    exceptions: dict[Word, dict[Word, Scope]] = {}
    fields: dict[Word, dict[Word, Level]] = {}


@endpoints.get("/roles", "role.manage")
def list_roles(tx: Tx) -> Listing[RoleJson]:
    """Every role, those of every installation first."""
    return page([_role(row) for row in seen(tx, list_role_rows)], "roles", None)


@endpoints.post("/roles", "role.manage", status=201)
def create_role(tx: Tx, body: NewRole) -> RightsJson:
    """Add a role."""
    return _rights(tx, tx.do(add_role, body.name, copied_from=body.copied_from or 0).id or 0)


@endpoints.get("/roles/{role_id}", "role.manage")
def see_one_role(tx: Tx, role_id: Id) -> RightsJson:
    """One role with its rights."""
    return _rights(tx, role_id)


@endpoints.patch("/roles/{role_id}", "role.manage")
def update_role(tx: Tx, role_id: Id, body: RoleChanges) -> RightsJson:
    """Call a role something else."""
    tx.do(rename_role, role_id, body.name)
    return _rights(tx, role_id)


@endpoints.put("/roles/{role_id}/rights", "role.manage")
def put_rights(tx: Tx, role_id: Id, body: RightsBody) -> RightsJson:
    """Set all that a role may do. The administrator's role holds everything for good: 409."""
    now: RoleRights = seen(tx, see_role, role_id=role_id)
    _put_permissions(tx, now, body)
    _put_exceptions(tx, now, body)
    _put_fields(tx, now, body)
    return _rights(tx, role_id)


@endpoints.delete("/roles/{role_id}", "role.manage")
def delete_role(tx: Tx, role_id: Id) -> None:
    """Remove a role of the company's own that nobody has."""
    tx.do(remove_role, role_id)


def _put_permissions(tx: Tx, now: RoleRights, body: RightsBody) -> None:
    for name in sorted({*permissions(), *body.permissions}):
        scope = body.permissions.get(name, "")
        if now.permissions.get(name, "") != scope or name not in permissions():
            tx.do(change_role, now.id, name, scope)


def _put_exceptions(tx: Tx, now: RoleRights, body: RightsBody) -> None:
    for name in sorted({*now.exceptions, *body.exceptions}):
        held, wanted = now.exceptions.get(name, {}), body.exceptions.get(name, {})
        for each in sorted({*held, *wanted}):
            part, _, value = each.partition(":")
            if wanted.get(each, AS_ALL) != held.get(each, AS_ALL):
                tx.do(set_exception, now.id, name, part, value, wanted.get(each, AS_ALL))


def _put_fields(tx: Tx, now: RoleRights, body: RightsBody) -> None:
    known = {(card, each.field) for card, fields in seen(tx, list_guarded).items() for each in fields}
    wanted = {(card, name): level for card, fields in body.fields.items() for name, level in fields.items()}
    for card, name in sorted({*now.levels, *wanted}):
        level = wanted.get((card, name), "write")
        if (card, name) not in known and level != "write":
            raise BadInput("core.error.bad_arguments", fields=f"{card}.{name}"[:60])
        if now.levels.get((card, name), "write") != level:
            tx.do(set_field_right, now.id, card, name, level)


def _role(row: RoleRow) -> RoleJson:
    return {"id": row.id, "key": row.key, "name": row.name, "people": row.people, "is_built_in": row.is_built_in}


def _rights(tx: Tx, role_id: int) -> RightsJson:
    tx.session.flush()
    role = next((row for row in seen(tx, list_role_rows) if row.id == role_id), None)
    if role is None:
        raise NotFound()
    rights: RoleRights = seen(tx, see_role, role_id=role_id)
    fields: dict[str, dict[str, str]] = {}
    for (card, name), level in sorted(rights.levels.items()):
        fields.setdefault(card, {})[name] = level
    return {
        **_role(role),
        "permissions": {name: scope for name, scope in sorted(rights.permissions.items()) if scope},
        "exceptions": {name: dict(told) for name, told in sorted(rights.exceptions.items()) if told},
        "fields": fields,
    }
