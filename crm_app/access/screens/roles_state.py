"""What each role may do: a table of permissions and the scope in which each is held."""

from __future__ import annotations

from typing import Literal, TypedDict

from crm_app.access.actions.roles import change_role
from crm_app.access.queries import list_roles
from crm_app.access.roles import ADMINISTRATOR, permissions
from crm_app.access.screens.base import Screen, handler


class RoleCell(TypedDict):
    role_id: int
    role_name: str
    scope: str
    is_fixed: bool


class PermissionLine(TypedDict):
    permission: str
    key: str
    cells: list[RoleCell]


class Roles(Screen):
    """The page /settings/roles."""

    names: list[str] = []
    lines: list[PermissionLine] = []

    @handler("role.manage")
    async def opened(self) -> None:
        """Fill the table, and follow what others change."""
        await self._watch({"roles"}, Roles.changed)
        await self._load()

    @handler("role.manage")
    async def changed(self) -> None:
        """Somebody has changed a role."""
        await self._load()

    @handler("role.manage")
    async def scope_chosen(self, role_id: int, permission: str, scope: Literal["", "own", "department", "all"]) -> None:
        """Give a permission to a role in a scope."""
        await self._act(change_role, role_id=role_id, permission=permission, scope=scope)
        await self._load()

    async def _load(self) -> None:
        roles = await self._ask(list_roles)
        self.names = [name for _, _, name, _ in roles]
        self.lines = [
            {
                "permission": permission,
                "key": f"permission.{permission}",
                "cells": [
                    {
                        "role_id": role_id,
                        "role_name": name,
                        "scope": "all" if key == ADMINISTRATOR else held.get(permission, ""),
                        "is_fixed": key == ADMINISTRATOR,
                    }
                    for role_id, key, name, held in roles
                ],
            }
            for permission in permissions()
        ]
