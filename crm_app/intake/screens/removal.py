"""A line of a settings page is asked about before it goes: the same for forms and for rules.

class LeadForms(Removing, Screen):
    _remove, _removed_by = remove_form, "form_id"
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import reflex as rx

from crm_app.access.screens.base import Screen, handler
from crm_app.ui.button import button
from crm_app.ui.dialog import removal
from crm_app.ui.i18n import t


class Removing(Screen, mixin=True):
    """The line that is asked about; its State keeps the `_rows`, each with id and name, and fills them by `_load`."""

    _removal: ClassVar[tuple[Callable[..., Any], str]]
    """The action, and the name of its argument."""

    leaving_id: int = 0
    leaving_name: str = ""

    @handler("intake.change")
    async def removal_wanted(self, row_id: int) -> None:
        """Ask before a line goes."""
        row = next((row for row in self._rows if row.id == row_id), None)
        if row is not None:
            self.leaving_name, self.leaving_id = row.name, row.id

    @handler("intake.change")
    async def removal_dropped(self) -> None:
        """It stays."""
        self.leaving_id = 0

    @handler("intake.change")
    async def removal_confirmed(self) -> None:
        """It goes."""
        number, self.leaving_id = self.leaving_id, 0
        action, argument = self._removal
        await self._act(action, **{argument: number})
        await self._load()


def removal_dialog(state: type[Removing], name: str, question: str, what: str) -> rx.Component:
    """question: the key of a text that names the line; what: of one that says what follows."""
    yes = button(t("ui.delete"), kind="danger", on_click=state.removal_confirmed)
    return removal(name, state, question, what, yes=yes)
