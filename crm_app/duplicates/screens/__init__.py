"""The pages of duplicates, and the panel on cards that were merged."""

from crm_app.access.screens.base import Page
from crm_app.duplicates.screens.merge_page import merge_page
from crm_app.duplicates.screens.merge_state import Merging
from crm_app.duplicates.screens.merges_panel import merges_panel
from crm_app.duplicates.screens.pairs_page import pairs_page
from crm_app.duplicates.screens.pairs_state import Pairs
from crm_app.ui.menu import MenuEntry, add_entry
from crm_app.ui.panels import add_panel

PAGES = [
    Page("/duplicates", pairs_page, Pairs.opened, "duplicates.title"),
    Page("/duplicates/merge", merge_page, Merging.opened, "duplicates.merge_title"),
]

add_entry(MenuEntry("duplicates.title", "users", "/duplicates", "client.change", is_main=False))
for card in ("client", "contact"):
    add_panel(card, merges_panel)
