"""The pages of mailings."""

from crm_app.access.screens.base import Page
from crm_app.cards.screens.card_list_parts import add_bulk_tool
from crm_app.mailings.screens.bulk import bulk_mailing
from crm_app.mailings.screens.letters_state import Letters
from crm_app.mailings.screens.list_page import mailings_page
from crm_app.mailings.screens.list_state import Mailings
from crm_app.mailings.screens.mailing_page import mailing_page
from crm_app.mailings.screens.mailing_state import OneMailing
from crm_app.mailings.screens.new_page import new_mailing_page
from crm_app.mailings.screens.suppressions_page import suppressions_page
from crm_app.mailings.screens.suppressions_state import Suppressions
from crm_app.ui.menu import Creation, MenuEntry, add_creation, add_entry

PAGES = [
    Page("/mailings", mailings_page, Mailings.opened, "mailings.title"),
    Page("/mailings/new", new_mailing_page, Mailings.opened, "mailings.new"),
    Page("/mailings/suppressions", suppressions_page, Suppressions.opened, "mailings.suppressions.title"),
    Page("/mailings/[mailing_id]", mailing_page, [OneMailing.opened, Letters.opened], "mailings.title"),
]

add_bulk_tool(bulk_mailing)
add_entry(MenuEntry("mailings.title", "send", "/mailings", "mailing.see"))
add_creation(Creation("mailings.new", "send", "/mailings/new", "mailing.change"))
