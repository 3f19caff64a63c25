"""The pages of deals: the board and the card."""

from crm_app.access.screens.base import Page
from crm_app.cards.screens.custom_state import CustomFields
from crm_app.cards.screens.history import shape_fields
from crm_app.cards.screens.panels_state import CardPanels
from crm_app.deals.screens.board_page import board_page
from crm_app.deals.screens.board_state import Board
from crm_app.deals.screens.client_panel import client_deals_panel
from crm_app.deals.screens.deal_page import deal_page
from crm_app.deals.screens.deal_state import OneDeal
from crm_app.deals.screens.items_state import DealItems
from crm_app.deals.screens.plans_state import DealPlans
from crm_app.ui.menu import Creation, MenuEntry, add_creation, add_entry
from crm_app.ui.panels import add_panel

PAGES = [
    Page("/deals", board_page, Board.opened, "deals.title"),
    Page(
        "/deals/[deal_id]",
        deal_page,
        [OneDeal.opened, CustomFields.opened, DealItems.opened, DealPlans.opened, CardPanels.opened],
        "deals.title",
    ),
]

shape_fields("deal", amount="money")
add_entry(MenuEntry("deals.title", "kanban", "/deals", "deal.see"))
add_creation(Creation("deals.new", "kanban", "/deals?new=1", "deal.create"))
add_panel("client", client_deals_panel)
