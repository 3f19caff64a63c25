"""/contacts/import: contacts from a file."""

from __future__ import annotations

from typing import ClassVar

import reflex as rx

from crm_app.access.screens.base import Screen
from crm_app.clients.screens.import_page import import_page
from crm_app.clients.screens.import_state import ImportScreen


class ContactImporting(ImportScreen, Screen):
    """An import of contacts."""

    _card: ClassVar = "contact"


def contact_import_page() -> rx.Component:
    return import_page(ContactImporting)
