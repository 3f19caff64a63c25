"""/leads/import: leads from a file."""

from __future__ import annotations

from typing import ClassVar

import reflex as rx

from crm_app.access.screens.base import Screen
from crm_app.clients.screens.import_page import import_page
from crm_app.clients.screens.import_state import ImportScreen
from crm_app.leads.queries.importing import list_import_pipelines
from crm_app.ui.field import Option


class LeadImporting(ImportScreen, Screen):
    """An import of leads."""

    _card: ClassVar = "lead"

    async def _choose_from_pipelines(self) -> list[Option]:
        found = await self._ask(list_import_pipelines)
        return [{"id": str(number), "label": name, "hint": ""} for number, name in found]


def lead_import_page() -> rx.Component:
    return import_page(LeadImporting)
