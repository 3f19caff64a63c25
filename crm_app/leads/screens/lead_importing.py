"""/leads/import: leads from a file."""

from __future__ import annotations

from typing import ClassVar

import reflex as rx

from crm_app.access.screens.base import Screen
from crm_app.clients.screens.import_page import import_page
from crm_app.clients.screens.import_state import ImportScreen


class LeadImporting(ImportScreen, Screen):
    """An import of leads."""

    _card: ClassVar = "lead"


def lead_import_page() -> rx.Component:
    return import_page(LeadImporting)
