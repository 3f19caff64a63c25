"""The pages of leads."""

from crm_app.access.screens.base import Page
from crm_app.cards.screens.bulk_state import BulkAtWork
from crm_app.cards.screens.custom_state import CustomFields
from crm_app.cards.screens.filter_state import ListFilter
from crm_app.cards.screens.followers_state import CardFollowers
from crm_app.cards.screens.groups import CardGroups
from crm_app.cards.screens.history import shape_fields
from crm_app.cards.screens.links_state import CardLinks
from crm_app.cards.screens.panels_state import CardPanels
from crm_app.cards.screens.shelf_state import ListShelf
from crm_app.cards.screens.values import phones_label
from crm_app.leads import rules
from crm_app.leads.screens.adding_state import AddingLead
from crm_app.leads.screens.board_page import leads_board_page
from crm_app.leads.screens.board_state import LeadsBoard
from crm_app.leads.screens.card_page import lead_page
from crm_app.leads.screens.card_state import OneLead
from crm_app.leads.screens.converting_state import Converting
from crm_app.leads.screens.lead_importing import LeadImporting, lead_import_page
from crm_app.leads.screens.list_page import leads_page
from crm_app.leads.screens.list_state import Leads
from crm_app.leads.screens.origin_panel import origin_panel
from crm_app.ui.menu import Creation, MenuEntry, add_creation, add_entry
from crm_app.ui.panels import add_panel

PAGES = [
    Page(
        "/leads",
        leads_page,
        [Leads.opened, ListFilter.opened, ListShelf.opened, BulkAtWork.opened, AddingLead.opened],
        "leads.title",
    ),
    Page(
        "/leads/board",
        leads_board_page,
        [LeadsBoard.opened, ListFilter.opened, ListShelf.opened, AddingLead.opened, Converting.opened],
        "leads.title",
    ),
    Page("/leads/import", lead_import_page, LeadImporting.opened, "leads.import.title"),
    Page(
        "/leads/[lead_id]",
        lead_page,
        [
            OneLead.opened,
            CustomFields.opened,
            CardPanels.opened,
            CardGroups.opened,
            CardFollowers.opened,
            CardLinks.opened,
            Converting.opened,
        ],
        "leads.title",
    ),
]

shape_fields(
    "lead", phones=phones_label, responsible_id="employee", source=rules.source_label, channel=rules.channel_label
)
add_entry(MenuEntry("leads.title", "funnel", "/leads", "lead.see"))
add_entry(MenuEntry("leads.import.title", "upload", "/leads/import", "lead.import", is_main=False))
add_creation(Creation("leads.new", "funnel", "/leads?new=1", "lead.create"))
for card in ("contact", "client", "deal"):
    add_panel(card, origin_panel)
