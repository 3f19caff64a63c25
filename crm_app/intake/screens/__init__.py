"""The pages on which it is arranged how leads come in."""

from crm_app.access.screens.base import Page
from crm_app.intake.screens.distribution_page import distribution_page
from crm_app.intake.screens.distribution_state import Distribution
from crm_app.intake.screens.forms_page import forms_page
from crm_app.intake.screens.forms_state import LeadForms
from crm_app.intake.screens.pool_page import pool_page
from crm_app.intake.screens.pool_state import Pool
from crm_app.intake.screens.whose_panel import whose_panel
from crm_app.ui.menu import MenuEntry, add_entry
from crm_app.ui.panels import add_panel

PAGES = [
    Page("/settings/forms", forms_page, LeadForms.opened, "intake.forms.title"),
    Page("/settings/distribution", distribution_page, Distribution.opened, "intake.rules.title"),
    Page("/leads/pool", pool_page, Pool.opened, "intake.pool.title"),
]

FORMS, RULES, MAY = "intake.forms.title", "intake.rules.title", "intake.change"
add_entry(MenuEntry(FORMS, "text-cursor-input", "/settings/forms", MAY, False, about="intake.forms.about"))
add_entry(MenuEntry(RULES, "split", "/settings/distribution", MAY, False, about="intake.rules.about"))
add_entry(MenuEntry("intake.pool.title", "hand", "/leads/pool", "lead.take", is_main=False))
add_panel("lead", whose_panel)
