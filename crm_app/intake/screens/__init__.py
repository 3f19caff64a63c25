"""The pages on which it is arranged how leads come in."""

from crm_app.access.screens.base import Page
from crm_app.intake.screens.forms_page import forms_page
from crm_app.intake.screens.forms_state import LeadForms
from crm_app.ui.menu import MenuEntry, add_entry

PAGES = [Page("/settings/forms", forms_page, LeadForms.opened, "intake.forms.title")]

add_entry(
    MenuEntry(
        "intake.forms.title", "text-cursor-input", "/settings/forms", "intake.change", is_main=False, is_setting=True
    )
)
