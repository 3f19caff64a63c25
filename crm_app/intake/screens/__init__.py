"""The pages on which it is arranged how leads come in."""

from crm_app.access.screens.base import Page
from crm_app.intake.screens.distribution_page import distribution_page
from crm_app.intake.screens.distribution_state import Distribution
from crm_app.intake.screens.forms_page import forms_page
from crm_app.intake.screens.forms_state import LeadForms
from crm_app.intake.screens.pool_page import pool_page
from crm_app.intake.screens.pool_state import Pool
from crm_app.intake.screens.whose_panel import whose_panel
from crm_app.ui.menu import MenuEntry, add_entry, add_setting
from crm_app.ui.panels import add_panel

PAGES = [
    Page("/settings/forms", forms_page, LeadForms.opened, "intake.forms.title"),
    Page("/settings/distribution", distribution_page, Distribution.opened, "intake.rules.title"),
    Page("/leads/pool", pool_page, Pool.opened, "intake.pool.title"),
]

add_setting("intake.forms.title", "text-cursor-input", "/settings/forms", "intake.change", about="intake.forms.about")
add_setting("intake.rules.title", "split", "/settings/distribution", "intake.change", about="intake.rules.about")
add_entry(MenuEntry("intake.pool.title", "hand", "/leads/pool", "lead.take", is_main=False))
add_panel("lead", whose_panel)
