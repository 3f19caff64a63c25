"""The page of custom fields. What every card shows is in panels.py and custom_panel.py."""

from crm_app.access.screens.base import Page
from crm_app.cards.screens.fields_page import fields_page
from crm_app.cards.screens.fields_state import CustomFieldEditor
from crm_app.ui.menu import MenuEntry, add_entry

PAGES = [Page("/settings/fields", fields_page, CustomFieldEditor.opened, "cards.custom.title")]

add_entry(
    MenuEntry("cards.custom.title", "list-plus", "/settings/fields", "field.define", is_main=False, is_setting=True)
)
